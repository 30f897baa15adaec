using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Hybrid.Sandbox.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Hosting;

public sealed class LoopbackWebServerTests
{
    [Fact]
    public async Task PortZero_ListensOnAFreeLoopbackPort()
    {
        await using var server = await StartAsync(0, context => context.Response.WriteAsync("here"));
        using var client = new HttpClient();

        Assert.Equal("here", await client.GetStringAsync(server.BaseAddress));
    }

    [Fact]
    public async Task PortInUse_SaysSoInOneLine()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var exception = await Assert.ThrowsAsync<SandboxException>(() => StartAsync(port, _ => Task.CompletedTask));

        Assert.Equal(
            $"Test cannot listen on 127.0.0.1:{port}: the port is in use; stop what uses it or give another port (0 picks a free one)",
            exception.Message);
    }

    [Fact]
    public async Task Dispose_LetsARequestInFlightFinish()
    {
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var server = await StartAsync(0, async context =>
        {
            arrived.SetResult();
            await release.Task;
            await context.Response.WriteAsync("finished");
        });
        using var client = new HttpClient();

        var answer = client.GetStringAsync(server.BaseAddress);
        await arrived.Task;
        var stop = server.DisposeAsync();
        release.SetResult();

        Assert.Equal("finished", await answer);
        await stop;
    }

    [Fact]
    public async Task Dispose_FreesThePort()
    {
        var first = await StartAsync(0, _ => Task.CompletedTask);
        await first.DisposeAsync();
        await first.DisposeAsync();

        await using var second = await StartAsync(first.Port, _ => Task.CompletedTask);

        Assert.Equal(first.Port, second.Port);
    }

    [Fact]
    public async Task PortInUse_IsTheCallersToReport()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var logged = new RecordedErrors();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(logged));

        await Assert.ThrowsAsync<SandboxException>(() =>
            LoopbackWebServer.StartAsync("Test", port, _ => Task.CompletedTask, loggers, CancellationToken.None));

        Assert.Empty(logged.Messages);
    }

    private static Task<LoopbackWebServer> StartAsync(int port, RequestDelegate handler) =>
        LoopbackWebServer.StartAsync("Test", port, handler, NullLoggerFactory.Instance, CancellationToken.None);

    private sealed class RecordedErrors : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Messages.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
