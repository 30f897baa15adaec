using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hybrid.Pipeline.Hosting;

/// <summary>Runs one <see cref="IHybridService"/> as a process: options, log, metrics, health, status file, signals, exit code.</summary>
public static class ServiceRunner
{
    /// <summary>Runs the service that <paramref name="register"/> registers, until it ends or the process is told to stop.</summary>
    /// <param name="configuration">The options.</param>
    /// <param name="register">Registers the service as <see cref="IHybridService"/>, with what it needs.</param>
    /// <param name="cancellationToken">Asks for a drain.</param>
    /// <exception cref="HybridException">The service cannot be built or cannot go on.</exception>
    public static async Task RunAsync(
        IConfiguration configuration, Action<IServiceCollection, IConfiguration> register, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(register);
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services.AddLogging(logging => logging.AddHybridLogging(configuration));
        services.AddSingleton<HybridMetrics>();
        services.AddSingleton(new EventClock(OptionsRegistration.Bind<ClockOptions>(configuration, ClockOptions.Section)));
        services.AddSingleton(TimeProvider.System);
        var readiness = new Readiness();
        services.AddSingleton(readiness);
        register(services, configuration);
        var measurement = services.AddHybridOptions<MeasurementOptions>(configuration, MeasurementOptions.Section);
        var health = services.AddHybridOptions<HealthOptions>(configuration, HealthOptions.Section);

        await using var provider = services.BuildServiceProvider();
        var service = provider.GetRequiredService<IHybridService>();
        using var telemetry = Telemetry.Start(service.Name);
        await using var status = new StatusWriter(
            service.Name, measurement, provider.GetRequiredService<HybridMetrics>(), provider.GetRequiredService<ILogger<StatusWriter>>());
        await using var endpoint = await HealthServer.StartAsync(health, status, readiness, cancellationToken).ConfigureAwait(false);

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var drain = stopping.Token.Register(() => status.Enter(ServiceState.Draining));
        var watch = ParentProcess.WatchAsync(stopping.Cancel, stopping.Token);
        try
        {
            await service.RunAsync(() => status.Enter(ServiceState.Running), stopping.Token).ConfigureAwait(false);
            status.Enter(ServiceState.Stopped);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            status.Enter(ServiceState.Stopped);
        }
        catch
        {
            status.Enter(ServiceState.Failed);
            throw;
        }
        finally
        {
            drain.Unregister();
            await stopping.CancelAsync().ConfigureAwait(false);
            await watch.ConfigureAwait(false);
        }
    }
}
