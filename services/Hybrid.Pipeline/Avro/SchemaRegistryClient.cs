using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Http;

namespace Hybrid.Pipeline.Avro;

/// <summary>The few calls of Confluent's Schema Registry REST API that the pipeline needs.</summary>
public sealed class SchemaRegistryClient : IDisposable
{
    private const string MediaType = "application/vnd.schemaregistry.v1+json";
    private const int Attempts = 6;

    private readonly HttpClient _http;
    private readonly AvroOptions _options;

    /// <summary>Makes a client.</summary>
    /// <param name="options">The registry's address.</param>
    public SchemaRegistryClient(AvroOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        if (!Uri.TryCreate(options.RegistryUrl.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw HybridException.WrongCall($"Avro:RegistryUrl '{options.RegistryUrl}' is no http address");
        }

        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };
    }

    /// <summary>Registers a schema under a subject, or finds it there.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="schema">The schema's JSON.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The schema's id.</returns>
    /// <exception cref="HybridException">The registry refuses the schema or cannot be reached.</exception>
    public async Task<int> RegisterAsync(string subject, string schema, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, $"subjects/{Uri.EscapeDataString(subject)}/versions")
            {
                Content = JsonContent.Create(new SchemaBody(schema), RegistryJson.Default.SchemaBody, new(MediaType)),
            },
            cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            var reason = await ReasonAsync(response, cancellationToken).ConfigureAwait(false);
            throw HybridException.WrongCall(response.StatusCode == HttpStatusCode.Conflict
                ? $"the schema registry at {_options.RegistryUrl} refuses the schema of '{subject}' as incompatible ({reason}): evolve the schema by adding fields with defaults, or relax the subject's compatibility"
                : $"the schema registry at {_options.RegistryUrl} refuses the schema of '{subject}': {reason}");
        }

        var registered = await response.Content.ReadFromJsonAsync(RegistryJson.Default.IdBody, cancellationToken).ConfigureAwait(false);
        return registered?.Id ?? throw HybridException.Unreachable($"the schema registry at {_options.RegistryUrl} gives no id for '{subject}'");
    }

    /// <summary>Reads a schema by its id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The schema's JSON, or null when the registry has none under that id.</returns>
    /// <exception cref="HybridException">The registry cannot be reached.</exception>
    public async Task<string?> SchemaAsync(int id, CancellationToken cancellationToken) =>
        await SchemaAtAsync($"schemas/ids/{id}", cancellationToken).ConfigureAwait(false);

    /// <summary>The versions of a subject, oldest first.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Their numbers; none when the subject is not there.</returns>
    /// <exception cref="HybridException">The registry cannot be reached.</exception>
    public async Task<IReadOnlyList<int>> VersionsAsync(string subject, CancellationToken cancellationToken) =>
        await ReadAsync($"subjects/{Uri.EscapeDataString(subject)}/versions", RegistryJson.Default.Int32Array, cancellationToken).ConfigureAwait(false) ?? [];

    /// <summary>Reads a version of a subject's schema.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="version">The version, from 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The schema's JSON, or null when the subject has no such version.</returns>
    /// <exception cref="HybridException">The registry cannot be reached.</exception>
    public async Task<string?> VersionAsync(string subject, int version, CancellationToken cancellationToken) =>
        await SchemaAtAsync(string.Create(CultureInfo.InvariantCulture, $"subjects/{Uri.EscapeDataString(subject)}/versions/{version}"), cancellationToken)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<string?> SchemaAtAsync(string path, CancellationToken cancellationToken) =>
        (await ReadAsync(path, RegistryJson.Default.SchemaBody, cancellationToken).ConfigureAwait(false))?.Schema;

    private async Task<T?> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return default;
        }

        if (!response.IsSuccessStatusCode)
        {
            var reason = await ReasonAsync(response, cancellationToken).ConfigureAwait(false);
            throw HybridException.Unreachable($"the schema registry at {_options.RegistryUrl} answers {(int)response.StatusCode} to {path}: {reason}");
        }

        return await response.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var message = request();
            message.Headers.Accept.ParseAdd(MediaType);
            try
            {
                var response = await _http.SendAsync(message, cancellationToken).ConfigureAwait(false);
                if ((int)response.StatusCode < 500 || attempt == Attempts)
                {
                    return response;
                }

                response.Dispose();
            }
            catch (Exception failure) when (BrokenConnection.Is(failure) || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested))
            {
                if (attempt == Attempts)
                {
                    throw HybridException.Unreachable(
                        $"the schema registry at {_options.RegistryUrl} does not answer ({failure.Message}): start it or correct Avro:RegistryUrl", failure);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100 * (1 << attempt)), cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await response.Content.ReadFromJsonAsync(RegistryJson.Default.ErrorBody, cancellationToken).ConfigureAwait(false);
            return body?.Message?.ReplaceLineEndings(" ") ?? response.StatusCode.ToString();
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException)
        {
            return response.StatusCode.ToString();
        }
    }
}

internal sealed record SchemaBody([property: JsonPropertyName("schema")] string Schema);

internal sealed record IdBody([property: JsonPropertyName("id")] int Id);

internal sealed record ErrorBody([property: JsonPropertyName("error_code")] int Code, [property: JsonPropertyName("message")] string? Message);

[JsonSerializable(typeof(SchemaBody))]
[JsonSerializable(typeof(IdBody))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class RegistryJson : JsonSerializerContext;
