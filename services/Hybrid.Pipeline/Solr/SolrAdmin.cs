using System.Net;
using System.Text;
using System.Text.Json;
using Hybrid.Contracts.Search;
using Hybrid.Pipeline.Hosting;
using Microsoft.Extensions.Logging;

namespace Hybrid.Pipeline.Solr;

/// <summary>What an operator does to Solr: see whether it is there, make, commit and delete collections. Safe for concurrent calls.</summary>
public sealed partial class SolrAdmin : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly SolrHttp _http;
    private readonly SolrOptions _options;
    private readonly ILogger _logger;
    private readonly bool _ownsHttp;

    /// <summary>Connects with connections of its own.</summary>
    /// <param name="options">Where Solr is.</param>
    /// <param name="loggers">Where it says what it makes and deletes.</param>
    /// <exception cref="HybridException">The address is not one.</exception>
    public SolrAdmin(SolrOptions options, ILoggerFactory loggers)
        : this(new SolrHttp(options), options, loggers) => _ownsHttp = true;

    internal SolrAdmin(SolrHttp http, SolrOptions options, ILoggerFactory loggers)
    {
        _http = http;
        _options = options;
        _logger = loggers.CreateLogger("Hybrid.Solr");
    }

    /// <summary>Waits until Solr answers, up to <see cref="SolrOptions.ConnectTimeout"/>.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">It does not; the exit code is <see cref="ExitCodes.Unreachable"/>.</exception>
    public async Task EnsureReachableAsync(CancellationToken cancellationToken) => await IsCloudAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Makes a collection with the configset <see cref="UpdateChains.Configset"/> unless it is there: a core, or in a SolrCloud a
    /// collection of one shard. Waits for Solr as <see cref="EnsureReachableAsync"/> does.</summary>
    /// <param name="collection">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">Solr does not answer or refuses; the exit code is <see cref="ExitCodes.Unreachable"/>.</exception>
    public async Task EnsureCollectionAsync(string collection, CancellationToken cancellationToken)
    {
        var cloud = await IsCloudAsync(cancellationToken).ConfigureAwait(false);
        if (await ExistsAsync(collection, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var name = Uri.EscapeDataString(collection);
        var answer = await AskAsync(
            cloud
                ? $"admin/collections?action=CREATE&name={name}&numShards=1&replicationFactor=1&collection.configName={UpdateChains.Configset}&wt=json"
                : $"admin/cores?action=CREATE&name={name}&configSet={UpdateChains.Configset}&wt=json",
            cancellationToken).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.OK)
        {
            LogMade(collection, _http.Base);
        }
        else if (!await ExistsAsync(collection, cancellationToken).ConfigureAwait(false))
        {
            var refusal = answer.ToException(_http.Base);
            throw HybridException.Unreachable(
                $"Solr at {_http.Base} does not make collection '{collection}' ({refusal.Message}): install the configset '{UpdateChains.Configset}' there or correct Solr:Collection",
                refusal);
        }
    }

    /// <summary>Tells whether a collection is there and answers.</summary>
    /// <param name="collection">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">Solr does not answer.</exception>
    public async Task<bool> ExistsAsync(string collection, CancellationToken cancellationToken)
    {
        var answer = await AskAsync($"{Uri.EscapeDataString(collection)}/admin/ping?wt=json", cancellationToken).ConfigureAwait(false);
        return answer.Status switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.NotFound => false,
            _ => throw HybridException.Unreachable(
                $"Solr at {_http.Base} has a collection '{collection}' that does not answer its ping: {answer.ToException(_http.Base).Message}"),
        };
    }

    /// <summary>Commits everything: durable and searchable when this returns.</summary>
    /// <param name="collection">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SolrException">Solr does not answer or refuses.</exception>
    public async Task CommitAsync(string collection, CancellationToken cancellationToken)
    {
        using var content = new StringContent("{\"commit\":{}}", Encoding.UTF8, "application/json");
        var address = _http.Collection(collection, "update?wt=json");
        var answer = await _http.SendAsync(HttpMethod.Post, address, content, cancellationToken).ConfigureAwait(false);
        if (answer.Status != HttpStatusCode.OK)
        {
            throw answer.ToException(address);
        }
    }

    /// <summary>Deletes a collection and its index; does nothing where there is none.</summary>
    /// <param name="collection">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">Solr does not answer or refuses.</exception>
    public async Task DeleteCollectionAsync(string collection, CancellationToken cancellationToken)
    {
        var name = Uri.EscapeDataString(collection);
        var cloud = await IsCloudAsync(cancellationToken).ConfigureAwait(false);
        var answer = await AskAsync(
            cloud
                ? $"admin/collections?action=DELETE&name={name}&wt=json"
                : $"admin/cores?action=UNLOAD&core={name}&deleteIndex=true&deleteDataDir=true&deleteInstanceDir=true&wt=json",
            cancellationToken).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.OK)
        {
            LogDeleted(collection, _http.Base);
        }
        else if (await ExistsAsync(collection, cancellationToken).ConfigureAwait(false))
        {
            var refusal = answer.ToException(_http.Base);
            throw HybridException.Unreachable($"Solr at {_http.Base} does not delete collection '{collection}' ({refusal.Message})", refusal);
        }
    }

    /// <summary>Lists the collections, or cores, whose names begin with something.</summary>
    /// <param name="prefix">What they begin with.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">Solr does not answer or refuses.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var cloud = await IsCloudAsync(cancellationToken).ConfigureAwait(false);
        using var json = await AskJsonAsync(
            cloud ? "admin/collections?action=LIST&wt=json" : "admin/cores?action=STATUS&indexInfo=false&wt=json", cancellationToken).ConfigureAwait(false);
        IEnumerable<string> names = cloud
            ? json.RootElement.GetProperty("collections").EnumerateArray().Select(name => name.GetString()!)
            : json.RootElement.GetProperty("status").EnumerateObject().Select(core => core.Name);
        return [.. names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
    }

    /// <summary>
    /// Tells whether <see cref="SwitchAsync"/> can put another index under a name: a core always, in a SolrCloud only a name that is an alias.
    /// </summary>
    /// <param name="name">The name that readers use.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">It cannot; or Solr does not answer.</exception>
    public async Task RequireSwitchableAsync(string name, CancellationToken cancellationToken)
    {
        if (await IsCloudAsync(cancellationToken).ConfigureAwait(false) && await AliasedAsync(name, cancellationToken).ConfigureAwait(false) is null)
        {
            throw HybridException.WrongCall(
                $"'{name}' is a collection of the SolrCloud at {_http.Base} and no alias, so no other index can be put in its place: make a collection of another name, and '{name}' an alias of it (admin/collections?action=CREATEALIAS)");
        }
    }

    /// <summary>
    /// Puts a fresh index under the name that readers use, at once: every request sees either the old one or the fresh one (SWAP of cores;
    /// CREATEALIAS in a SolrCloud).
    /// </summary>
    /// <param name="name">The name that readers use.</param>
    /// <param name="fresh">The collection that has the fresh index.</param>
    /// <param name="cancellationToken">Gives up; whether it was done is then not known.</param>
    /// <returns>The name under which the old index is now.</returns>
    /// <exception cref="HybridException">Solr does not answer or refuses.</exception>
    public async Task<string> SwitchAsync(string name, string fresh, CancellationToken cancellationToken)
    {
        var (live, other) = (Uri.EscapeDataString(name), Uri.EscapeDataString(fresh));
        var old = fresh;
        if (await IsCloudAsync(cancellationToken).ConfigureAwait(false))
        {
            old = await AliasedAsync(name, cancellationToken).ConfigureAwait(false) ?? fresh;
            (await AskJsonAsync($"admin/collections?action=CREATEALIAS&name={live}&collections={other}&wt=json", cancellationToken).ConfigureAwait(false)).Dispose();
        }
        else
        {
            (await AskJsonAsync($"admin/cores?action=SWAP&core={live}&other={other}&wt=json", cancellationToken).ConfigureAwait(false)).Dispose();
        }

        LogSwitched(name, fresh, _http.Base);
        return old;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsHttp)
        {
            _http.Dispose();
        }
    }

    private async Task<string?> AliasedAsync(string name, CancellationToken cancellationToken)
    {
        using var json = await AskJsonAsync("admin/collections?action=LISTALIASES&wt=json", cancellationToken).ConfigureAwait(false);
        return json.RootElement.TryGetProperty("aliases", out var aliases) && aliases.TryGetProperty(name, out var target) ? target.GetString() : null;
    }

    private async Task<JsonDocument> AskJsonAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(pathAndQuery, cancellationToken).ConfigureAwait(false);
        if (answer.Status != HttpStatusCode.OK)
        {
            var refusal = answer.ToException(_http.Base);
            throw HybridException.Unreachable($"Solr at {_http.Base} refuses {pathAndQuery[..pathAndQuery.LastIndexOf('&')]} ({refusal.Message})", refusal);
        }

        try
        {
            return JsonDocument.Parse(answer.Body);
        }
        catch (JsonException malformed)
        {
            throw HybridException.Unreachable($"what answers at {_http.Base} is not Solr: correct Solr:Url", malformed);
        }
    }

    private async Task<bool> IsCloudAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync("admin/info/system?wt=json", cancellationToken).ConfigureAwait(false);
        if (answer.Status != HttpStatusCode.OK)
        {
            return false;
        }

        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            return json.RootElement.TryGetProperty("mode", out var mode) && mode.ValueEquals("solrcloud");
        }
        catch (JsonException malformed)
        {
            throw HybridException.Unreachable($"what answers at {_http.Base} is not Solr: correct Solr:Url", malformed);
        }
    }

    private async Task<SolrAnswer> AskAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var address = new Uri(_http.Base, pathAndQuery);
        while (true)
        {
            SolrException failure;
            try
            {
                var answer = await _http.SendAsync(HttpMethod.Get, address, null, cancellationToken).ConfigureAwait(false);
                if (answer.Status != HttpStatusCode.ServiceUnavailable)
                {
                    return answer;
                }

                failure = answer.ToException(address);
            }
            catch (SolrException unanswered)
            {
                failure = unanswered;
            }

            if (TimeProvider.System.GetElapsedTime(started) + RetryDelay > _options.ConnectTimeout)
            {
                throw HybridException.Unreachable(
                    $"Solr at {_http.Base} cannot be reached ({failure.Message}): start it or correct Solr:Url", failure);
            }

            await Task.Delay(RetryDelay, cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(EventId = 310, Level = LogLevel.Information, Message = "Made Solr collection {Collection} at {Address}")]
    private partial void LogMade(string collection, Uri address);

    [LoggerMessage(EventId = 312, Level = LogLevel.Information, Message = "Put the index of {Fresh} under the name {Collection} at {Address}")]
    private partial void LogSwitched(string collection, string fresh, Uri address);

    [LoggerMessage(EventId = 311, Level = LogLevel.Information, Message = "Deleted Solr collection {Collection} at {Address}")]
    private partial void LogDeleted(string collection, Uri address);
}
