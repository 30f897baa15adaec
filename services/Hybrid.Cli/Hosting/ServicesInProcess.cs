using Hybrid.Comparison.Convergence;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hybrid.Cli.Hosting;

/// <summary>Runs services within this process, each with its own container, log and metrics.</summary>
internal sealed class ServicesInProcess : IServiceHost
{
    private const string LaneVerb = "lane";

    public async Task RunAsync(ServiceCall call, Action started, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(call);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(call.Settings).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging(logging => logging
            .SetMinimumLevel(LogLevel.Debug)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning)
            .Services.AddSingleton<ILoggerProvider>(_ => new FileLog(call.LogFile)));
        services.AddSingleton<HybridMetrics>();
        services.AddSingleton(new EventClock(OptionsRegistration.Bind<ClockOptions>(configuration, ClockOptions.Section)));
        services.AddSingleton(TimeProvider.System);
        (call.Verb[0] == LaneVerb ? ServiceRegistrations.Lane(call.Verb[1]) : ServiceRegistrations.Publisher)(services, configuration);
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IHybridService>().RunAsync(started, stopping).ConfigureAwait(false);
    }
}
