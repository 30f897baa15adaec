using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.S3;

namespace Hybrid.Sandbox.Faults;

/// <summary>The operations that a fault can be for: a name that no request has would be a fault that never strikes.</summary>
internal static class FaultOperations
{
    /// <summary>The names of a service's operations; null for Solr, whose handlers its configset names.</summary>
    public static IEnumerable<string>? Of(FaultService service) => service switch
    {
        FaultService.Kafka => Enum.GetNames<ApiKey>(),
        FaultService.S3 => S3Operations.Names,
        FaultService.Registry => RegistryOperations.Names,
        _ => null,
    };

    /// <exception cref="SandboxException">The service has no operation of such a name.</exception>
    public static void Check(FaultService service, string? operation)
    {
        var pattern = new NamePattern(operation, ignoreCase: true);
        if (Of(service) is { } names && !names.Any(name => pattern.Matches(name)))
        {
            throw new SandboxException(
                $"operation {operation}: {service.ToString().ToLowerInvariant()} has none of that name: one of {string.Join(", ", names.Order(StringComparer.Ordinal))}; * and ? stand for any characters and any one");
        }
    }
}
