using Hybrid.Streamiz.Stores;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Processors.Public;
using Streamiz.Kafka.Net.SerDes;
using Streamiz.Kafka.Net.Stream;

namespace Hybrid.Streamiz;

/// <summary>
/// The lane's topology: the deltas topic into one processor with one store. Values are decoded in the processor and not by a serdes, since an exception
/// handler that skips what it cannot read keeps nothing of it.
/// </summary>
internal static class DeltaTopology
{
    /// <summary>Builds it.</summary>
    /// <param name="deltasTopic">The topic.</param>
    /// <param name="parts">What the tasks share.</param>
    public static Topology Build(string deltasTopic, TaskParts parts)
    {
        var builder = new StreamBuilder();
        builder
            .Stream(deltasTopic, new EmptyForNullSerDes(), new ByteArraySerDes())
            .Process(ProcessorBuilder
                .New<byte[], byte[]>()
                .Processor<DeltaProcessor>(parts)
                .StateStore(new LaneStoreBuilder(parts.Window, parts.StateStore, parts.Positions, parts.Stores))
                .Build());
        return builder.Build();
    }
}
