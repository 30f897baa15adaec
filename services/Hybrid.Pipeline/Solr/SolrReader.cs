using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Hybrid.Contracts.Search;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Pipeline.Solr;

/// <summary>Reads one collection as a reader sees it: only what is searchable, tombstones included. Safe for concurrent calls.</summary>
public sealed class SolrReader : IDisposable
{
    private const int PageSize = 2_000;
    private static readonly string AllFields = string.Join(',',
        SolrFields.Id, SolrFields.AttributesVersion, SolrFields.Deleted, SolrFields.Title, SolrFields.Category, SolrFields.Price,
        SolrFields.Quantity, SolrFields.Campaign, SolrFields.Partition, SolrFields.EventTime,
        SolrFields.SignalsVersion, SolrFields.SignalUnits, SolrFields.SignalLines, SolrFields.SignalRevenue, SolrFields.SignalRelated);

    private readonly SolrHttp _http;
    private readonly bool _ownsHttp;
    private readonly Uri _selectAll;
    private readonly Uri _select;

    /// <summary>Connects with connections of its own.</summary>
    /// <param name="options">Where Solr is.</param>
    /// <param name="collection">What to read.</param>
    /// <exception cref="HybridException">The address is not one.</exception>
    public SolrReader(SolrOptions options, string collection)
        : this(new SolrHttp(options), collection) => _ownsHttp = true;

    internal SolrReader(SolrHttp http, string collection)
    {
        _http = http;
        Collection = collection;
        _selectAll = http.Collection(collection, UpdateChains.SelectAllHandler.TrimStart('/'));
        _select = http.Collection(collection, "select");
    }

    /// <summary>The collection that is read.</summary>
    public string Collection { get; }

    /// <summary>Looks documents up, in one request.</summary>
    /// <param name="ids">Their ids, none with a comma.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The attributes' version of each that is searchable and has one; tombstones count.</returns>
    /// <exception cref="ArgumentException">An id holds a comma.</exception>
    /// <exception cref="SolrException">Solr does not answer or refuses.</exception>
    public async Task<IReadOnlyDictionary<string, long>> VersionsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var versions = new Dictionary<string, long>(ids.Count, StringComparer.Ordinal);
        if (ids.Count == 0)
        {
            return versions;
        }

        if (ids.FirstOrDefault(id => id.Contains(',', StringComparison.Ordinal)) is { } comma)
        {
            throw new ArgumentException($"the id '{comma}' holds a comma", nameof(ids));
        }

        var body = await QueryAsync(
            _selectAll,
            [
                new("q", $"{{!terms f={SolrFields.Id}}}{string.Join(',', ids)}"),
                new("fl", $"{SolrFields.Id},{SolrFields.AttributesVersion}"),
                new("rows", ids.Count.ToString(CultureInfo.InvariantCulture)),
            ],
            cancellationToken).ConfigureAwait(false);
        using var json = Parse(body);
        foreach (var document in Documents(json))
        {
            if (document.TryGetProperty(SolrFields.AttributesVersion, out var version))
            {
                versions[document.GetProperty(SolrFields.Id).GetString()!] = version.GetInt64();
            }
        }

        return versions;
    }

    /// <summary>Reads every document, tombstones included, by id.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SolrException">Solr does not answer or refuses.</exception>
    public async IAsyncEnumerable<IndexedDocument> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var document in PagesAsync("*:*", AllFields, cancellationToken).ConfigureAwait(false))
        {
            yield return Read(document);
        }
    }

    /// <summary>Reads the ids of the documents that show signals, by id; tombstones count.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SolrException">Solr does not answer or refuses.</exception>
    public async IAsyncEnumerable<string> ShowingSignalsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var document in PagesAsync($"{SolrFields.SignalLines}:[1 TO *]", SolrFields.Id, cancellationToken).ConfigureAwait(false))
        {
            yield return document.GetProperty(SolrFields.Id).GetString()!;
        }
    }

    /// <summary>Counts the searchable documents.</summary>
    /// <param name="tombstones">Whether tombstones count.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SolrException">Solr does not answer or refuses.</exception>
    public async Task<long> CountAsync(bool tombstones, CancellationToken cancellationToken)
    {
        var body = await QueryAsync(tombstones ? _selectAll : _select, [new("q", "*:*"), new("rows", "0")], cancellationToken).ConfigureAwait(false);
        using var json = Parse(body);
        return json.RootElement.GetProperty("response").GetProperty("numFound").GetInt64();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsHttp)
        {
            _http.Dispose();
        }
    }

    private async IAsyncEnumerable<JsonElement> PagesAsync(string query, string fields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var cursor = "*"; ;)
        {
            var body = await QueryAsync(
                _selectAll,
                [
                    new("q", query),
                    new("fl", fields),
                    new("sort", $"{SolrFields.Id} asc"),
                    new("rows", PageSize.ToString(CultureInfo.InvariantCulture)),
                    new("cursorMark", cursor),
                ],
                cancellationToken).ConfigureAwait(false);
            using var json = Parse(body);
            foreach (var document in Documents(json))
            {
                yield return document;
            }

            var next = json.RootElement.TryGetProperty("nextCursorMark", out var mark) ? mark.GetString() : null;
            if (next is null || next == cursor)
            {
                yield break;
            }

            cursor = next;
        }
    }

    private async Task<byte[]> QueryAsync(Uri address, List<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken)
    {
        parameters.Add(new("wt", "json"));
        using var content = new FormUrlEncodedContent(parameters);
        var answer = await _http.SendAsync(HttpMethod.Post, address, content, cancellationToken).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.OK ? answer.Body : throw answer.ToException(address);
    }

    private JsonDocument Parse(byte[] body)
    {
        try
        {
            var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("response", out var response)
                && response.ValueKind == JsonValueKind.Object)
            {
                return json;
            }

            json.Dispose();
        }
        catch (JsonException malformed)
        {
            throw new SolrException($"{_selectAll} answers with something that is not JSON", 200, false, malformed);
        }

        throw new SolrException($"{_selectAll} answers without a response: is this Solr?", 200, false);
    }

    private static JsonElement.ArrayEnumerator Documents(JsonDocument json) =>
        json.RootElement.GetProperty("response").GetProperty("docs").EnumerateArray();

    private static IndexedDocument Read(JsonElement document) => new()
    {
        Id = document.GetProperty(SolrFields.Id).GetString()!,
        AttributesVersion = Get(document, SolrFields.AttributesVersion)?.GetInt64(),
        Deleted = Get(document, SolrFields.Deleted)?.GetBoolean() ?? false,
        Title = Get(document, SolrFields.Title)?.GetString(),
        Category = Get(document, SolrFields.Category)?.GetString(),
        Price = Get(document, SolrFields.Price)?.GetDouble(),
        Quantity = Get(document, SolrFields.Quantity)?.GetInt64(),
        Campaign = Get(document, SolrFields.Campaign)?.GetString(),
        Partition = Get(document, SolrFields.Partition)?.GetString(),
        EventTimeMilliseconds = Get(document, SolrFields.EventTime)?.GetDateTimeOffset().ToUnixTimeMilliseconds(),
        Signals = ReadSignals(document),
    };

    private static DocumentSignals? ReadSignals(JsonElement document) => Get(document, SolrFields.SignalsVersion) is { } version
        ? new DocumentSignals
        {
            DocumentId = document.GetProperty(SolrFields.Id).GetString()!,
            Version = version.GetInt64(),
            Units = Get(document, SolrFields.SignalUnits)?.GetInt64() ?? 0,
            Lines = Get(document, SolrFields.SignalLines)?.GetInt64() ?? 0,
            Revenue = Get(document, SolrFields.SignalRevenue)?.GetDouble() ?? 0,
            Related = Get(document, SolrFields.SignalRelated) is { } related ? [.. related.EnumerateArray().Select(id => id.GetString()!)] : [],
        }
        : null;

    private static JsonElement? Get(JsonElement document, string field) => document.TryGetProperty(field, out var value) ? value : null;
}
