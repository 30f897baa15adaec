using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Http;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Hosting;

namespace Hybrid.Cli.Verbs.Sandbox;

/// <summary>The options that say which running sandbox is meant.</summary>
internal sealed class SandboxAddress
{
    private readonly Option<DirectoryInfo> _data = new("--data")
    {
        Description = "The running sandbox's data directory; endpoints.json in it tells its address.",
        HelpName = "DIR",
    };

    private readonly Option<Uri> _admin = new("--admin")
    {
        Description = "The running sandbox's admin address, instead of --data: adminUrl in endpoints.json.",
        HelpName = "URL",
        CustomParser = static result =>
        {
            var text = result.Tokens.Single().Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp)
            {
                return address;
            }

            result.AddError($"'{text}' is no address: write it as http://127.0.0.1:9999.");
            return null;
        },
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_admin);
    }

    /// <exception cref="HybridException">It is not said, or no sandbox runs there.</exception>
    public SandboxAdmin Connect(ParseResult parsed)
    {
        if (parsed.GetValue(_admin) is { } address)
        {
            return new SandboxAdmin(address);
        }

        if (parsed.GetValue(_data) is not { } directory)
        {
            throw HybridException.WrongCall("which sandbox? Give --data DIR (its data directory) or --admin URL");
        }

        var file = Path.Combine(directory.FullName, StackEndpoints.FileName);
        try
        {
            var endpoints = JsonSerializer.Deserialize(File.ReadAllBytes(file), StackJson.Default.StackEndpoints);
            return new SandboxAdmin(new Uri(endpoints?.AdminUrl ?? throw new JsonException("it has no adminUrl")));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw HybridException.Unreachable(
                $"no sandbox runs on {directory.FullName}: there is no {StackEndpoints.FileName}; start one with: hybrid sandbox --data {directory}", exception);
        }
        catch (JsonException exception)
        {
            throw HybridException.WrongCall($"{file} is not a sandbox's: {exception.Message}");
        }
    }
}

/// <summary>A running sandbox's admin endpoint.</summary>
internal sealed class SandboxAdmin(Uri address) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client = new() { BaseAddress = address, Timeout = Patience };

    public Task<SandboxStatus> StatusAsync(CancellationToken cancellationToken) =>
        SendAsync(client => client.GetAsync("/admin/status", cancellationToken), StatusJson.Default.SandboxStatus);

    public Task<IReadOnlyList<FaultStatus>> FaultsAsync(CancellationToken cancellationToken) =>
        SendAsync(client => client.GetAsync("/admin/faults", cancellationToken), StatusJson.Default.IReadOnlyListFaultStatus);

    public Task<FaultStatus> AddAsync(FaultSpecification fault, CancellationToken cancellationToken) => SendAsync(
        client => client.PostAsJsonAsync("/admin/faults", fault, FaultJson.Default.FaultSpecification, cancellationToken),
        StatusJson.Default.FaultStatus);

    public Task<FaultsCleared> ClearAsync(string? id, CancellationToken cancellationToken) => SendAsync(
        client => client.DeleteAsync(id is null ? "/admin/faults" : $"/admin/faults/{Uri.EscapeDataString(id)}", cancellationToken),
        StatusJson.Default.FaultsCleared);

    public void Dispose() => _client.Dispose();

    /// <exception cref="HybridException">The sandbox refuses, or is not there.</exception>
    private async Task<T> SendAsync<T>(Func<HttpClient, Task<HttpResponseMessage>> send, JsonTypeInfo<T> type)
    {
        try
        {
            using var response = await send(_client);
            if (!response.IsSuccessStatusCode)
            {
                var refusal = await response.Content.ReadFromJsonAsync(FaultJson.Default.FaultRefusal);
                throw HybridException.WrongCall(refusal?.Error ?? $"{address} answers {(int)response.StatusCode}");
            }

            return await response.Content.ReadFromJsonAsync(type) ?? throw new JsonException("the answer is null");
        }
        catch (Exception exception) when (BrokenConnection.Is(exception) || exception is TaskCanceledException { InnerException: TimeoutException })
        {
            throw HybridException.Unreachable($"no sandbox answers at {address}: {exception.Message}; is it running?", exception);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw HybridException.Unreachable($"what answers at {address} is no sandbox: {exception.Message}", exception);
        }
    }
}
