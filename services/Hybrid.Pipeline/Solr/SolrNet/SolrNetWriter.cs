using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Http;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr.Updates;
using Microsoft.Extensions.DependencyInjection;
using SolrNet;
using SolrNet.Exceptions;
using SolrNet.Impl;

namespace Hybrid.Pipeline.Solr.SolrNet;

/// <summary>The adapter <c>solrnet</c>: the same updates as XML, through SolrNet's client.</summary>
internal sealed class SolrNetWriter : BulkSolrWriter
{
    private readonly HybridMetrics _metrics;
    private readonly SolrVisibility _visibility;
    private readonly TimeSpan _timeout;
    private readonly ServiceProvider _solrNet;
    private readonly ISolrBasicOperations<Dictionary<string, object>> _operations;

    public SolrNetWriter(SolrOptions options, string collection, SolrVisibility visibility, HybridMetrics metrics)
        : base(CollectionAddress(options, collection), metrics)
    {
        _metrics = metrics;
        _visibility = visibility;
        _timeout = options.RequestTimeout;
        var client = new HttpClient(new AnswerHandler(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = options.MaxConnections,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            UseCookies = false,
            UseProxy = false,
            AllowAutoRedirect = false,
        }))
        {
            Timeout = options.RequestTimeout,
        };
        var collectionUrl = Update.GetLeftPart(UriPartial.Path);
        var services = new ServiceCollection().AddSolrNet(collectionUrl);
        services.AddSingleton<ISolrConnection>(_ => new AutoSolrConnection(collectionUrl, client));
        _solrNet = services.BuildServiceProvider();
        _operations = _solrNet.GetRequiredService<ISolrBasicOperations<Dictionary<string, object>>>();
    }

    public override string Adapter => "solrnet";

    public override ValueTask DisposeAsync() => _solrNet.DisposeAsync();

    protected override async Task<SolrAnswer> PostAsync<T>(UpdateFamily<T> family, Bulk<T> bulk, CancellationToken cancellationToken)
    {
        var command = new UpdateCommand<T>(family, bulk, _visibility);
        _metrics.SolrBytesSent.Add(command.Length);
        try
        {
            var answer = await _operations.SendAsync(command).WaitAsync(cancellationToken).ConfigureAwait(false);
            return SolrAnswer.Ok(answer);
        }
        catch (AnswerException failed)
        {
            return failed.Answer;
        }
        catch (OperationCanceledException timeout) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SolrException($"no answer from {Update} within {_timeout.TotalSeconds:0.#} s", null, true, timeout);
        }
        catch (Exception failure) when (failure is SolrConnectionException || BrokenConnection.Is(failure))
        {
            throw new SolrException($"no answer from {Update}: {failure.GetBaseException().Message.ReplaceLineEndings(" ")}", null, true, failure);
        }
    }

    /// <summary>SolrNet drops the characters that XML 1.0 cannot carry: harmless in a title, another document in an id.</summary>
    protected override string? Unwritable<T>(UpdateFamily<T> family, T item) =>
        family.IdOf(item).Length != SolrDocumentSerializer<object>.RemoveControlCharacters(family.IdOf(item)).Length
            ? "the id has a character that XML cannot carry: use Solr:Adapter json"
            : base.Unwritable(family, item);

    private static Uri CollectionAddress(SolrOptions options, string collection) =>
        Uri.TryCreate($"{options.Url.TrimEnd('/')}/{Uri.EscapeDataString(collection)}", UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            ? address
            : throw HybridException.WrongCall($"Solr:Url is '{options.Url}': give an address such as http://127.0.0.1:8983/solr");
}
