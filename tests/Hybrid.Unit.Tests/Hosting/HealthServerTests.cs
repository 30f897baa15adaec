using System.Net;
using System.Net.Sockets;
using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Unit.Tests.Hosting;

public sealed class HealthServerTests : IAsyncLifetime
{
    private readonly HybridMetrics _metrics = new();
    private readonly Readiness _readiness = new();
    private readonly HttpClient _client = new();
    private StatusWriter _status = null!;
    private HealthServer _server = null!;

    public async Task InitializeAsync()
    {
        _status = new StatusWriter("publisher", new MeasurementOptions(), _metrics, NullLogger<StatusWriter>.Instance);
        var port = FreePort();
        _server = (await HealthServer.StartAsync(new HealthOptions { Port = port }, _status, _readiness, default))!;
        _client.BaseAddress = new Uri($"http://127.0.0.1:{port}");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _status.DisposeAsync();
        _metrics.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task Ready_FollowsTheServicesState_AndLiveDoesNot()
    {
        await AssertReadyAsync(HttpStatusCode.ServiceUnavailable, "starting\n");
        _status.Enter(ServiceState.Running);
        await AssertReadyAsync(HttpStatusCode.OK, "ready\n");
        _status.Enter(ServiceState.Draining);
        await AssertReadyAsync(HttpStatusCode.ServiceUnavailable, "draining\n");

        Assert.Equal("live\n", await _client.GetStringAsync("/health/live"));
    }

    [Fact]
    public async Task Ready_SaysWhatIsInTheWay_UntilItIsNot()
    {
        _status.Enter(ServiceState.Running);

        _readiness.Obstacle = "the clocks disagree";
        await AssertReadyAsync(HttpStatusCode.ServiceUnavailable, "the clocks disagree\n");
        Assert.Equal("live\n", await _client.GetStringAsync("/health/live"));

        _readiness.Obstacle = null;
        await AssertReadyAsync(HttpStatusCode.OK, "ready\n");
    }

    private async Task AssertReadyAsync(HttpStatusCode status, string text)
    {
        using var answer = await _client.GetAsync("/health/ready");
        Assert.Equal((status, text), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
