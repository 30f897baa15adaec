using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Measurement;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hybrid.Pipeline.Hosting;

/// <summary>Answers <c>/health/live</c> (200 while the process runs) and <c>/health/ready</c> (200 while the service works, else 503 and why).</summary>
internal sealed class HealthServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private HealthServer(WebApplication application) => _application = application;

    /// <exception cref="HybridException">The port is in use.</exception>
    public static async Task<HealthServer?> StartAsync(
        HealthOptions options, StatusWriter status, Readiness readiness, CancellationToken cancellationToken)
    {
        if (options.Port == 0)
        {
            return null;
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{options.Address}:{options.Port}");
        var application = builder.Build();
        application.MapGet("/health/live", () => Results.Text("live\n"));
        application.MapGet("/health/ready", () =>
            (status.State == ServiceState.Running ? readiness.Obstacle : status.State.ToString().ToLowerInvariant()) is { } obstacle
                ? Results.Text(obstacle + "\n", statusCode: StatusCodes.Status503ServiceUnavailable)
                : Results.Text("ready\n"));
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw new HybridException(
                ExitCodes.WrongCall, $"the health endpoint cannot listen on {options.Address}:{options.Port} ({failure.Message}): choose another Health:Port", failure);
        }

        return new HealthServer(application);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }
}
