using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hybrid.Pipeline.Http;

namespace Hybrid.Comparison.Crashes.Solr;

/// <summary>
/// Writers with documents of their own that send bulks of whole documents, atomic updates and deletions, with a commit, without one, and
/// with one in a while. Real-time get shows what a kill left before anything is committed; a search shows it after.
/// </summary>
internal sealed class DocumentWorkload(string solrUrl) : ICrashWorkload
{
    private const string Core = "crash";
    private const int Writers = 2;
    private const int DocumentsOfEach = 400;
    private const int LargestBulk = 120;
    private const int IdsAtOnce = 200;
    private const int FirstWriter = 140;

    private static readonly string[] Commits = ["", "", "", "&commitWithin=100", "&softCommit=true", "&commit=true"];

    private readonly HttpClient _http = new() { BaseAddress = new Uri(solrUrl.TrimEnd('/') + "/"), Timeout = TimeSpan.FromSeconds(30) };
    private readonly List<List<DocumentLedger>> _ledgers = [.. Enumerable.Range(0, Writers).Select(writer =>
        Enumerable.Range(0, DocumentsOfEach).Select(number => new DocumentLedger($"w{writer}-{number}")).ToList())];

    private long _revisions;
    private long _acknowledged;

    public string Name => "documents";

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync($"admin/cores?action=CREATE&name={Core}&configSet=hybrid", cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }

    public Task RunAsync(LoadRound round, Violations violations) =>
        Task.WhenAll(_ledgers.Select((documents, writer) => Task.Run(() => WriteAsync([.. documents], round.Choices(FirstWriter + writer), round, violations))));

    public async Task CheckAsync(Violations violations, CancellationToken cancellationToken)
    {
        var ledgers = _ledgers.SelectMany(documents => documents).ToDictionary(ledger => ledger.Id, StringComparer.Ordinal);
        foreach (var chunk in ledgers.Values.Chunk(IdsAtOnce))
        {
            var answer = await AskAsync($"get?ids={string.Join(',', chunk.Select(ledger => ledger.Id))}&fl={DocumentFields.List}", cancellationToken).ConfigureAwait(false);
            Compare(chunk, Documents(answer), "real-time get", violations);
        }

        using var commit = await _http.GetAsync($"{Core}/update?commit=true", cancellationToken).ConfigureAwait(false);
        commit.EnsureSuccessStatusCode();
        var found = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        for (var (mark, next) = ("", "*"); mark != next;)
        {
            mark = next;
            var answer = await AskAsync(
                $"select-all?q=*:*&sort=id+asc&rows={IdsAtOnce}&fl={DocumentFields.List}&cursorMark={Uri.EscapeDataString(mark)}", cancellationToken).ConfigureAwait(false);
            foreach (var (id, document) in Documents(answer))
            {
                found[id] = document;
            }

            next = (string)answer["nextCursorMark"]!;
        }

        foreach (var id in found.Keys.Where(id => !ledgers.ContainsKey(id)))
        {
            violations.Add(Name, $"'{id}' was never sent");
        }

        Compare(ledgers.Values, found, "a search after a commit", violations);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Compare(IEnumerable<DocumentLedger> ledgers, Dictionary<string, JsonObject> found, string how, Violations violations)
    {
        foreach (var ledger in ledgers)
        {
            var document = found.GetValueOrDefault(ledger.Id);
            var state = document is null ? null : DocumentFields.Read(document);
            var wrong = document is not null && state is null
                ? $"'{ledger.Id}' is a mixture: {document.ToJsonString()}"
                : ledger.Check(state, (long?)document?["_version_"] ?? 0);
            if (wrong is not null)
            {
                violations.Add(Name, $"{how}: {wrong}");
            }
        }
    }

    private async Task WriteAsync(DocumentLedger[] documents, Random choices, LoadRound round, Violations violations)
    {
        try
        {
            while (!round.IsOver)
            {
                choices.Shuffle(documents);
                await UpdateAsync(documents.AsMemory(0, choices.Next(1, LargestBulk)), choices, violations).ConfigureAwait(false);
                await round.PauseAsync(choices.Next(4)).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is JsonException || BrokenConnection.Is(failure))
        {
            if (!round.IsOver || failure is HttpRequestException { StatusCode: not null })
            {
                violations.Add(Name, $"an update was refused: {failure.Message}");
            }
        }
    }

    private async Task UpdateAsync(ReadOnlyMemory<DocumentLedger> bulk, Random choices, Violations violations)
    {
        JsonNode body;
        var versions = "adds";
        var chain = choices.Next(2) == 0 ? "&update.chain=attributes" : "";
        switch (choices.Next(8))
        {
            case 0:
                chain = "";
                versions = "deletes";
                body = new JsonObject { ["delete"] = new JsonArray([.. Changes(bulk, ledger => (null, JsonValue.Create(ledger.Id)))]) };
                break;
            case < 4:
                body = new JsonArray([.. Changes(bulk, ledger =>
                {
                    var revision = Interlocked.Increment(ref _revisions);
                    return (new DocumentState(revision, 1 + (ledger.Settled?.Counter ?? 0)), DocumentFields.Atomic(ledger.Id, revision));
                })]);
                break;
            default:
                body = new JsonArray([.. Changes(bulk, ledger =>
                {
                    var revision = Interlocked.Increment(ref _revisions);
                    return (new DocumentState(revision, 0), DocumentFields.Whole(ledger.Id, revision));
                })]);
                break;
        }

        using var response = await _http.PostAsJsonAsync($"{Core}/update?versions=true{chain}{Commits[choices.Next(Commits.Length)]}", body).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>().ConfigureAwait(false);
        Acknowledge(bulk, answer![versions]!.AsArray(), violations);
    }

    private static IEnumerable<JsonNode> Changes(ReadOnlyMemory<DocumentLedger> bulk, Func<DocumentLedger, (DocumentState? State, JsonNode Change)> change)
    {
        foreach (var ledger in bulk.ToArray())
        {
            var (state, node) = change(ledger);
            ledger.Begin(state);
            yield return node;
        }
    }

    /// <param name="bulk">What was sent.</param>
    /// <param name="versions">Ids and versions by turns, in the order of the bulk.</param>
    /// <param name="violations">What is not as it must be.</param>
    private void Acknowledge(ReadOnlyMemory<DocumentLedger> bulk, JsonArray versions, Violations violations)
    {
        for (var index = 0; index < bulk.Length; index++)
        {
            var ledger = bulk.Span[index];
            var answered = (2 * index) + 1 < versions.Count ? (string?)versions[2 * index] : null;
            var wrong = answered == ledger.Id
                ? ledger.Acknowledge(Math.Abs((long)versions[(2 * index) + 1]!))
                : $"the answer names '{answered}' where '{ledger.Id}' was sent";
            if (wrong is not null)
            {
                violations.Add(Name, wrong);
            }
        }

        Interlocked.Add(ref _acknowledged, bulk.Length);
    }

    private async Task<JsonObject> AskAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync($"{Core}/{path}&wt=json", cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken).ConfigureAwait(false))!;
    }

    private static Dictionary<string, JsonObject> Documents(JsonObject answer) =>
        answer["response"]!["docs"]!.AsArray().ToDictionary(document => (string)document!["id"]!, document => document!.AsObject(), StringComparer.Ordinal);
}
