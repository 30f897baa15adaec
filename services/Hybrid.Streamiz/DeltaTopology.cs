using Hybrid.Pipeline.Avro;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Processors.Public;
using Streamiz.Kafka.Net.SerDes;
using Streamiz.Kafka.Net.Stream;

namespace Hybrid.Streamiz;

/// <summary>
/// The lane's topology: the deltas topic into one processor. Values are decoded in the processor and not by a serdes, since an exception
/// handler that skips what it cannot read keeps nothing of it.
/// </summary>
internal static class DeltaTopology
{
    public const string StoreName = "writes-in-flight";

    /// <summary>Builds it.</summary>
    /// <param name="deltasTopic">The topic.</param>
    /// <param name="sink">Where the deltas go.</param>
    /// <param name="positions">Told how far each task has come.</param>
    /// <param name="decoders">Gives each task a decoder of its own.</param>
    public static Topology Build(string deltasTopic, DeltaSink sink, StreamPositions positions, Func<IDeltaDecoder> decoders)
    {
        var builder = new StreamBuilder();
        builder
            .Stream(deltasTopic, new EmptyForNullSerDes(), new ByteArraySerDes())
            .Process(ProcessorBuilder
                .New<byte[], byte[]>()
                .Processor<DeltaProcessor>(sink, decoders)
                .StateStore(new WritesInFlightStoreBuilder(StoreName, positions))
                .Build());
        return builder.Build();
    }
}
