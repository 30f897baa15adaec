using Hybrid.Contracts.Lanes;
using Hybrid.Lanes;
using Hybrid.Publisher;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Cli.Hosting;

/// <summary>Which library registers a service.</summary>
internal static class ServiceRegistrations
{
    /// <summary>The publisher's.</summary>
    public static void Publisher(IServiceCollection services, IConfiguration configuration) => services.AddPublisher(configuration);

    /// <summary>A lane's.</summary>
    /// <param name="lane">Its name.</param>
    public static Action<IServiceCollection, IConfiguration> Lane(string lane) => lane switch
    {
        LaneNames.MicroBatch => (services, configuration) => services.AddMicroBatchLane(configuration),
        LaneNames.Streaming => (services, configuration) => services.AddStreamingLane(configuration),
        LaneNames.Hybrid => (services, configuration) => services.AddHybridLane(configuration),
        LaneNames.Batch => (services, configuration) => services.AddBatchLane(configuration),
        LaneNames.Direct => (services, configuration) => services.AddDirectLane(configuration),
#if STREAMIZ
        LaneNames.Streamiz => (services, configuration) => Streamiz.StreamizRegistration.AddStreamizLane(services, configuration),
#endif
        _ => throw new InvalidOperationException($"the lane {lane} is in the catalogue and has no registration"),
    };
}
