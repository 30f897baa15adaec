using System.Diagnostics;
using Hybrid.Sandbox.Faults;
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
    /// <summary>What every core of a real Solr answers and the sandbox refuses.</summary>
    private static readonly HashSet<string> ImplicitHandlers =
    [
        "/analysis/document", "/analysis/field", "/admin/luke", "/admin/segments", "/admin/system", "/admin/plugins", "/admin/threads",
        "/admin/properties", "/admin/logging", "/admin/mbeans", "/config", "/config/overlay", "/config/params", "/debug/dump", "/export", "/graph",
        "/replication", "/sql", "/stream", "/tasks/cancel", "/tasks/list", "/terms", "/update/bin", "/update/cbor", "/update/csv", "/update/extract",
    ];

    private readonly SolrServerOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly RequestCounters _counters = new();
    private readonly HttpFaults _faults;
    private readonly UpdateHandler _updates;
    private readonly SelectHandler _searches;
    private long _coreAdminRequests;
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
        _faults = new HttpFaults(options.Faults, WriteFaultAsync);
        _updates = new UpdateHandler(options.MaxRequestBytes);
        _searches = new SelectHandler(options.MaxRequestBytes);
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
            _web = await LoopbackWebServer.StartAsync("Solr", _options.Port, AnswerAsync, _loggers, cancellationToken, _options.Faults).ConfigureAwait(false);
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
            await (_faults.InForce ? RouteThroughFaultsAsync(context) : RouteAsync(context)).ConfigureAwait(false);
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

    private Task RouteThroughFaultsAsync(HttpContext context)
    {
        var path = (context.Request.Path.Value ?? string.Empty).Split('/', 4);
        var (core, operation) = path switch
        {
            [_, "solr", "admin", var admin] => (context.Request.Query["core"].ToString(), $"admin/{admin}"),
            [_, "solr", var name, var handler] => (name, handler),
            _ => (string.Empty, string.Empty),
        };
        return _faults.AnswerAsync(context, operation, [core], () => RouteAsync(context));
    }

    private static Task WriteFaultAsync(HttpContext context, HttpFaultError error) =>
        SolrResponse.SendAsync(context, new SolrParameters(context.Request), "json", new SolrError(error.Status, HttpFaultError.Message), null, null);

    private Task RouteAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? string.Empty;
        if (!path.StartsWith("/solr/", StringComparison.Ordinal))
        {
            return SystemHandlers.NotFoundAsync(context);
        }

        path = path["/solr".Length..].TrimEnd('/');
        switch (path)
        {
            case "/admin/cores":
                _counters.Increment(path);
                Interlocked.Increment(ref _coreAdminRequests);
                return CoreAdminHandler.HandleAsync(context, _cores!);
            case "/admin/info/system":
                _counters.Increment(path);
                return SystemHandlers.InfoAsync(context);
            case "/admin/info/health":
                return SystemHandlers.HealthAsync(context);
            case "/admin/metrics":
                return MetricsHandler.HandleAsync(context, _cores!, Interlocked.Read(ref _coreAdminRequests));
            case "/admin/collections":
                return SystemHandlers.CollectionsAsync(context);
            default:
                break;
        }

        var slash = path.Length == 0 ? -1 : path.IndexOf('/', 1);
        return slash < 0 || _cores!.Find(path[1..slash]) is not { } core
            ? SystemHandlers.NotFoundAsync(context)
            : CountAsync(context, core, path[slash..]);
    }

    private async Task CountAsync(HttpContext context, SolrCore core, string path)
    {
        if (Handler(core, path) is not { } handler)
        {
            await SystemHandlers.NotFoundAsync(context).ConfigureAwait(false);
            return;
        }

        var tally = core.Count(path.StartsWith("/schema", StringComparison.Ordinal) ? "/schema" : path);
        var started = Stopwatch.GetTimestamp();
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            await handler(context).ConfigureAwait(false);
            status = context.Response.StatusCode;
        }
        finally
        {
            tally.Record(started, status);
        }
    }

    /// <summary>What answers at a path of a core, or null: what the configset declares, then what every Solr has.</summary>
    private RequestDelegate? Handler(SolrCore core, string path)
    {
        if (core.Config.Handlers.TryGetValue(path is "/update/json" or "/update/json/docs" ? "/update" : path, out var handler))
        {
            return handler.Class switch
            {
                "solr.UpdateRequestHandler" => context => _updates.HandleAsync(context, core, path),
                "solr.SearchHandler" => context => _searches.HandleAsync(context, core, handler),
                "solr.RealTimeGetHandler" => context => RealTimeGetHandler.HandleAsync(context, core, handler),
                "solr.PingRequestHandler" => context => SystemHandlers.PingAsync(context, core, handler),
                _ => context => SystemHandlers.UnsupportedAsync(context, path),
            };
        }

        if (path == "/schema" || path.StartsWith("/schema/", StringComparison.Ordinal))
        {
            return context => SchemaHandler.HandleAsync(context, core, path);
        }

        return path == "/admin/file" ? context => SystemHandlers.FileAsync(context, core)
            : ImplicitHandlers.Contains(path) ? context => SystemHandlers.UnsupportedAsync(context, path)
            : null;
    }

    [LoggerMessage(6001, LogLevel.Error, "Cannot answer {Path}")]
    private static partial void LogFailed(ILogger logger, string path, Exception exception);
}
