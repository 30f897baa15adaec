using System.Net;
using System.Net.Sockets;
using Hybrid.Sandbox.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Hosting;

/// <summary>
/// Kestrel on 127.0.0.1 for one service of the sandbox. It reads no settings file and no environment variable, handles no
/// signals, and logs to the given factory only, so that several can live in one process beside their host.
/// </summary>
internal sealed class LoopbackWebServer : IAsyncDisposable
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    private readonly WebApplication _application;
    private readonly ConnectionGate? _gate;
    private int _disposed;

    private LoopbackWebServer(WebApplication application, int port, ConnectionGate? gate)
    {
        _application = application;
        _gate = gate;
        Port = port;
        BaseAddress = new Uri($"http://127.0.0.1:{port}/");
    }

    /// <summary>The port listened on, the one asked for or, for 0, the one the system gave.</summary>
    public int Port { get; }

    /// <summary><c>http://127.0.0.1:port/</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Starts listening; on return the port accepts connections.</summary>
    /// <param name="service">The service's name, as error messages give it: <c>S3</c>.</param>
    /// <param name="port">0 to 65535; 0 lets the system choose.</param>
    /// <param name="handler">Answers every request; it does its own routing. No limit is set on the size or pace of a body.</param>
    /// <param name="loggers">Where Kestrel logs.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="faults">Closes connections while they say that the service is down; null for never.</param>
    /// <exception cref="SandboxException">The port is in use or not permitted.</exception>
    public static async Task<LoopbackWebServer> StartAsync(
        string service,
        int port,
        RequestDelegate handler,
        ILoggerFactory loggers,
        CancellationToken cancellationToken,
        ServiceFaults? faults = null)
    {
        var gate = faults is null ? null : new ConnectionGate(faults);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton<ILoggerFactory>(new ServerLoggers(loggers));
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoSignals>());
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = DrainTimeout);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, port, gate));

        var application = builder.Build();
        try
        {
            application.Run(context => AnswerAsync(context, handler));
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            return new LoopbackWebServer(application, new Uri(application.Urls.First()).Port, gate);
        }
        catch (Exception exception)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            if (exception is IOException or SocketException)
            {
                throw ListenFailure.Of(service, port, exception);
            }

            throw;
        }
    }

    /// <summary>Stops accepting, lets requests in flight finish for up to five seconds, then closes their connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _application.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        _gate?.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, int port, ConnectionGate? gate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestLineSize = 64 * 1024;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(10);
        kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (gate is not null)
            {
                listen.Use(next => connection => ServeAsync(connection, gate, next));
            }
        });
    }

    private static async Task ServeAsync(ConnectionContext connection, ConnectionGate gate, ConnectionDelegate serve)
    {
        try
        {
            if (gate.Enter(connection, connection.Abort))
            {
                await serve(connection).ConfigureAwait(false);
            }
        }
        finally
        {
            gate.Leave(connection);
        }
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate handler)
    {
        try
        {
            await handler(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested
            && exception is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>The given loggers without the host's, which repeats a failed start that the caller reports already.</summary>
    private sealed class ServerLoggers(ILoggerFactory loggers) : ILoggerFactory
    {
        private const string Hosting = "Microsoft.Extensions.Hosting";

        public ILogger CreateLogger(string categoryName) =>
            categoryName.StartsWith(Hosting, StringComparison.Ordinal) ? NullLogger.Instance : loggers.CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

        public void Dispose()
        {
            // The factory is the caller's.
        }
    }
}
