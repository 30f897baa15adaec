using System.Diagnostics;
using Hybrid.Sandbox.Hosting;
using Hybrid.Sandbox.Solr.Http;
using Hybrid.Sandbox.Solr.Index;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Solr;

/// <summary>
/// The sandbox's Solr: the HTTP API of a standalone Solr on loopback, durable in one directory, with the configset of the
/// contracts. What it does not implement it refuses with 400 and says so.
/// </summary>
public sealed partial class SolrServer : ISandboxService
{
    private readonly SolrServerOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly RequestCounters _counters = new();
    private readonly UpdateHandler _updates;
    private CoreContainer? _cores;
    private LoopbackWebServer? _web;

    /// <summary>Creates the server; <see cref="StartAsync"/> starts it.</summary>
    /// <param name="options">Where it keeps its data and where it listens.</param>
    /// <param name="loggers">Where it logs.</param>
    public SolrServer(SolrServerOptions options, ILoggerFactory loggers)
    {
        _options = options;
        _loggers = loggers;
        _logger = loggers.CreateLogger("Hybrid.Sandbox.Solr");
        _updates = new UpdateHandler(options.MaxRequestBytes);
    }

    /// <summary>The port listened on.</summary>
    /// <exception cref="InvalidOperationException">The server is not started.</exception>
    public int Port => Web.Port;

    /// <summary><c>http://127.0.0.1:port/solr</c>; a core is one segment below it.</summary>
    /// <exception cref="InvalidOperationException">The server is not started.</exception>
    public Uri BaseAddress => new(Web.BaseAddress, "solr");

    /// <summary>
    /// How often each handler was called, by core and path (<c>micro-batch/update</c>, <c>/admin/cores</c>), and how many commits
    /// there were (<c>micro-batch/commit.soft</c>, <c>micro-batch/commit.hard</c>), those by time included; a copy.
    /// </summary>
    public IReadOnlyDictionary<string, long> RequestCounts => _counters.Snapshot();

    private LoopbackWebServer Web => _web ?? throw new InvalidOperationException("the Solr server is not started");

    /// <summary>Opens the cores, replaying their logs, and listens; on return requests are answered.</summary>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="SandboxException">The port or the directory cannot be used, or a core cannot be opened.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _cores = new CoreContainer(_options, _counters, _logger);
        try
        {
            _web = await LoopbackWebServer.StartAsync("Solr", _options.Port, AnswerAsync, _loggers, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _cores.Dispose();
            throw;
        }
    }

    /// <summary>Lets requests in flight finish, then closes the cores.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
        {
            await _web.DisposeAsync().ConfigureAwait(false);
        }

        _cores?.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        context.Items[typeof(Stopwatch)] = Stopwatch.GetTimestamp();
        try
        {
            await RouteAsync(context).ConfigureAwait(false);
        }
        catch (ObjectDisposedException) when (!context.Response.HasStarted)
        {
            await SystemHandlers.NotFoundAsync(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            LogFailed(_logger, context.Request.Path, exception);
            await SolrResponse.SendAsync(context, null, "json", new SolrError(500, exception.Message), null, null).ConfigureAwait(false);
        }
    }

    private Task RouteAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? string.Empty;
        if (!path.StartsWith("/solr/", StringComparison.Ordinal))
        {
            return SystemHandlers.NotFoundAsync(context);
        }

        path = path["/solr".Length..];
        switch (path)
        {
            case "/admin/cores":
                _counters.Increment(path);
                return CoreAdminHandler.HandleAsync(context, _cores!);
            case "/admin/info/system":
                _counters.Increment(path);
                return SystemHandlers.InfoAsync(context);
            case "/admin/collections":
                return SystemHandlers.CollectionsAsync(context);
            default:
                break;
        }

        var slash = path.IndexOf('/', 1);
        if (slash < 0 || _cores!.Find(path[1..slash]) is not { } core)
        {
            return SystemHandlers.NotFoundAsync(context);
        }

        return RouteAsync(context, core, path[slash..]);
    }

    private Task RouteAsync(HttpContext context, SolrCore core, string path)
    {
        var isUpdate = path is "/update/json" or "/update/json/docs";
        if (!core.Config.Handlers.TryGetValue(isUpdate ? "/update" : path, out var handler))
        {
            return SystemHandlers.NotFoundAsync(context);
        }

        core.Count(path);
        return handler.Class switch
        {
            "solr.UpdateRequestHandler" => _updates.HandleAsync(context, core, path),
            "solr.SearchHandler" => SelectHandler.HandleAsync(context, core, handler),
            "solr.RealTimeGetHandler" => RealTimeGetHandler.HandleAsync(context, core, handler),
            "solr.PingRequestHandler" => SystemHandlers.PingAsync(context, core, handler),
            _ => SystemHandlers.NotFoundAsync(context),
        };
    }

    [LoggerMessage(6001, LogLevel.Error, "Cannot answer {Path}")]
    private static partial void LogFailed(ILogger logger, string path, Exception exception);
}
