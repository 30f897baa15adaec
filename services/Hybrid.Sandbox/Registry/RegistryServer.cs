using System.Text.Json;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Registry;

/// <summary>
/// A schema registry that speaks the Confluent Schema Registry REST API for Avro on loopback. What it acknowledged survives a kill.
/// </summary>
public sealed class RegistryServer : ISandboxService
{
    private const string ContentType = "application/vnd.schemaregistry.v1+json";

    private readonly RegistryServerOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly HttpFaults _faults;
    private readonly RequestCounters _counters = new();
    private SchemaCatalogue? _catalogue;
    private LoopbackWebServer? _server;

    /// <summary>Creates the server; nothing listens before <see cref="StartAsync"/>.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="loggers">Where it logs.</param>
    public RegistryServer(RegistryServerOptions options, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        _options = options;
        _loggers = loggers;
        _faults = new HttpFaults(options.Faults, WriteFaultAsync);
        _logger = loggers.CreateLogger<RegistryServer>();
    }

    /// <summary>The port listened on.</summary>
    /// <exception cref="InvalidOperationException">The server was not started.</exception>
    public int Port => Server.Port;

    /// <summary>The address to give to clients.</summary>
    /// <exception cref="InvalidOperationException">The server was not started.</exception>
    public Uri BaseAddress => Server.BaseAddress;

    /// <summary>
    /// Requests answered since the start, by operation (<c>Register</c>); a copy. Failed ones are counted by their
    /// error code.
    /// </summary>
    public IReadOnlyDictionary<string, long> RequestCounts => _counters.Snapshot();

    private LoopbackWebServer Server => _server ?? throw new InvalidOperationException("The schema registry was not started.");

    /// <summary>Replays the journal and starts to answer.</summary>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="SandboxException">The port is in use, or the data directory cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            Directory.CreateDirectory(_options.DataDirectory);
            _catalogue = new SchemaCatalogue(Path.Combine(_options.DataDirectory, "journal"), new Disk(_options.Faults));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(
                $"The schema registry cannot use its data directory {_options.DataDirectory}: {exception.Message}; give another", exception);
        }

        if (_catalogue.CutOff > 0)
        {
            RegistryLog.TornTail(_logger, _catalogue.CutOff);
        }

        var router = new RegistryRouter(_catalogue);
        _server = await LoopbackWebServer.StartAsync(
            "The schema registry",
            _options.Port,
            context => AnswerAsync(context, router),
            _loggers,
            cancellationToken,
            _options.Faults).ConfigureAwait(false);
        RegistryLog.Started(_logger, BaseAddress, _options.DataDirectory, _catalogue.SchemaCount);
    }

    /// <summary>Finishes the requests in flight and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
        }

        _catalogue?.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, RegistryRouter router)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = Segments(target);
        await (_faults.InForce
            ? _faults.AnswerAsync(
                context, RegistryOperations.Name(context.Request.Method, path), [RegistryOperations.Subject(path)], () => HandleAsync(context, router, target, path))
            : HandleAsync(context, router, target, path)).ConfigureAwait(false);
    }

    private async Task HandleAsync(HttpContext context, RegistryRouter router, string target, string[] path)
    {
        byte[] body;
        try
        {
            var answer = await router.AnswerAsync(context.Request, path).ConfigureAwait(false);
            _counters.Increment(answer.Operation);
            body = answer.Body;
        }
        catch (RegistryException error)
        {
            body = Error(context, error);
        }
        catch (IOException exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            RegistryLog.Failed(_logger, context.Request.Method, target, exception);
            body = Error(context, RegistryException.StoreFailed($"The schema could not be stored: {exception.Message}"));
        }

        await SendAsync(context, body).ConfigureAwait(false);
    }

    private static Task SendAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>The segments of the path, decoded one by one: a subject may hold a slash.</summary>
    private static string[] Segments(string rawTarget)
    {
        var path = rawTarget.AsSpan();
        var query = path.IndexOf('?');
        path = query < 0 ? path : path[..query];
        var segments = path.Trim('/').ToString();
        return segments.Length == 0 ? [] : Array.ConvertAll(segments.Split('/'), Uri.UnescapeDataString);
    }

    private Task WriteFaultAsync(HttpContext context, HttpFaultError error) =>
        SendAsync(context, Error(context, RegistryException.Injected(error)));

    private byte[] Error(HttpContext context, RegistryException error)
    {
        _counters.Increment($"Error {error.Code}");
        context.Response.StatusCode = error.Status;
        return JsonSerializer.SerializeToUtf8Bytes(new ErrorAnswer(error.Code, error.Message), RegistryJson.Answers.ErrorAnswer);
    }
}
