using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Hybrid.Pipeline.Http;

namespace Hybrid.Comparison.Crashes.Registry;

/// <summary>Registers schemas, a subject each, and deletes some of the subjects.</summary>
internal sealed class SchemaWorkload(string registryUrl) : ICrashWorkload
{
    private const int LongestPause = 40;
    private const int Readers = 4;
    private const int Writer = 130;

    private readonly HttpClient _http = new() { BaseAddress = new Uri(registryUrl.TrimEnd('/') + "/"), Timeout = TimeSpan.FromSeconds(30) };
    private readonly SchemaLedger _ledger = new();
    private readonly Lock _lock = new();

    public string Name => "schemas";

    public long Acknowledged { get; private set; }

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task RunAsync(LoadRound round, Violations violations)
    {
        var choices = round.Choices(Writer);
        try
        {
            while (!round.IsOver)
            {
                if (choices.Next(8) == 0 && _ledger.Count > 0 && choices.Next(_ledger.Count) is var number && _ledger.IsSettled(number))
                {
                    await DeleteAsync(number).ConfigureAwait(false);
                }
                else
                {
                    await RegisterAsync(violations).ConfigureAwait(false);
                }

                Acknowledged++;
                await round.PauseAsync(choices.Next(LongestPause)).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (BrokenConnection.Is(failure))
        {
            if (!round.IsOver || failure is HttpRequestException { StatusCode: not null })
            {
                violations.Add(Name, $"a registration was refused: {failure.Message}");
            }
        }
    }

    public async Task CheckAsync(Violations violations, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Readers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, _ledger.Count), parallel, async (number, token) =>
        {
            var found = await ReadAsync($"subjects/{Subject(number)}/versions/latest", token).ConfigureAwait(false);
            var id = (int?)found?["id"];
            string? wrong;
            lock (_lock)
            {
                wrong = _ledger.Check(number, id);
            }

            wrong ??= found is null || (string?)found["schema"] == Schema(number) ? null : $"the text of schema {number} is not the one that was sent";
            if (wrong is null && id is not null)
            {
                var byId = await ReadAsync($"schemas/ids/{id}", token).ConfigureAwait(false);
                wrong = (string?)byId?["schema"] == Schema(number) ? null : $"id {id} does not give schema {number}";
            }

            if (wrong is not null)
            {
                violations.Add(Name, wrong);
            }
        }).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Subject(int number) => string.Create(CultureInfo.InvariantCulture, $"crash-{number}-value");

    private static string Schema(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"type":"record","name":"Crash{{number}}","fields":[{"name":"f{{number}}","type":"string"}]}""");

    private async Task RegisterAsync(Violations violations)
    {
        var number = _ledger.Begin();
        var body = new JsonObject { ["schema"] = Schema(number) };
        using var response = await _http.PostAsJsonAsync($"subjects/{Subject(number)}/versions", body).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>().ConfigureAwait(false);
        if (_ledger.Acknowledge(number, (int)answer!["id"]!) is { } wrong)
        {
            violations.Add(Name, wrong);
        }
    }

    private async Task DeleteAsync(int number)
    {
        _ledger.BeginDelete(number);
        using var response = await _http.DeleteAsync($"subjects/{Subject(number)}").ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        _ledger.AcknowledgeDelete(number);
    }

    private async Task<JsonNode?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(path, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken).ConfigureAwait(false);
    }
}
