using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Hosting;
using Hybrid.Sandbox.S3.Protocol;
using Hybrid.Sandbox.S3.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.S3;

/// <summary>
/// An object store that speaks the Amazon S3 REST API on loopback, addressed path-style or by <c>bucket.localhost</c>. Objects are
/// durable before they are acknowledged, in the sense that killing the process loses none; what was not acknowledged leaves nothing.
/// </summary>
public sealed class S3Server : ISandboxService
{
    private readonly S3ServerOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly BucketStore _store;
    private readonly SignatureV4? _signatures;
    private readonly HttpFaults _faults;
    private readonly RequestCounters _counters = new();
    private LoopbackWebServer? _server;

    /// <summary>Creates the server; nothing listens before <see cref="StartAsync"/>.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="loggers">Where it logs.</param>
    public S3Server(S3ServerOptions options, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        _options = options;
        _loggers = loggers;
        _logger = loggers.CreateLogger<S3Server>();
        _store = new BucketStore(Path.GetFullPath(options.DataDirectory), options.Faults);
        _faults = new HttpFaults(options.Faults, WriteFaultAsync);
        _signatures = options is { AccessKey: { } accessKey, SecretKey: { } secretKey }
            ? new SignatureV4(accessKey, secretKey, TimeProvider.System)
            : null;
    }

    /// <summary>The port listened on.</summary>
    /// <exception cref="InvalidOperationException">The server was not started.</exception>
    public int Port => Server.Port;

    /// <summary>The service URL to give to clients.</summary>
    /// <exception cref="InvalidOperationException">The server was not started.</exception>
    public Uri BaseAddress => Server.BaseAddress;

    /// <summary>Requests answered since the start, by operation (<c>PutObject</c>); a copy.</summary>
    public IReadOnlyDictionary<string, long> RequestCounts => _counters.Snapshot();

    private LoopbackWebServer Server => _server ?? throw new InvalidOperationException("The S3 server was not started.");

    /// <summary>Reads what the data directory holds and starts to answer.</summary>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="SandboxException">The port is in use, or the data directory cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            foreach (var file in _store.Load(cancellationToken))
            {
                S3Log.BrokenObject(_logger, file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(
                $"S3 cannot use its data directory {_options.DataDirectory}: {exception.Message}; give another", exception);
        }

        _server = await LoopbackWebServer.StartAsync("S3", _options.Port, AnswerAsync, _loggers, cancellationToken, _options.Faults).ConfigureAwait(false);
        S3Log.Started(_logger, BaseAddress, _options.DataDirectory, _store.Buckets.Count);
    }

    /// <summary>Finishes the requests in flight and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
        }

        _store.Dispose();
    }

    private static string[] Targets(S3Call call) => [call.Target.Key, $"{call.Target.Bucket}/{call.Target.Key}"];

    private Task WriteFaultAsync(HttpContext context, HttpFaultError error)
    {
        var rawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        context.Response.Headers["x-amz-request-id"] = context.TraceIdentifier;
        return new S3Call(context, S3Target.Parse(rawTarget, context.Request.Host.Host), _store)
            .WriteErrorAsync(S3Exception.Injected(error));
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var rawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var call = new S3Call(context, new S3Target(string.Empty, string.Empty), _store);
        context.Response.Headers["x-amz-request-id"] = context.TraceIdentifier;
        context.Response.Headers["x-amz-id-2"] = S3Call.HostId;
        try
        {
            call = new S3Call(context, S3Target.Parse(rawTarget, context.Request.Host.Host), _store);
            if (_signatures?.Check(context.Request, rawTarget) is { } chunks)
            {
                context.Response.RegisterForDispose(chunks);
                call.Signatures = chunks;
            }

            var operation = S3Dispatcher.Find(call);
            _counters.Increment(operation.Name);
            await (_faults.InForce
                ? _faults.AnswerAsync(context, operation.Name, Targets(call), () => operation.ExecuteAsync(call))
                : operation.ExecuteAsync(call)).ConfigureAwait(false);
        }
        catch (S3Exception error) when (!context.Response.HasStarted)
        {
            await call.WriteErrorAsync(error).ConfigureAwait(false);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            S3Log.Failed(_logger, context.Request.Method, rawTarget, exception);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            await call.WriteErrorAsync(S3Exception.InternalError(exception.Message)).ConfigureAwait(false);
        }
    }
}
