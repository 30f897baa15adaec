using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Lanes;
using Streamiz.Kafka.Net.Processors.Public;

namespace Hybrid.Streamiz;

/// <summary>Hands a task's records to the sink. Streamiz makes one a task, from the arguments that the topology names.</summary>
internal sealed class DeltaProcessor : IProcessor<byte[], byte[]>
{
    private readonly DeltaSink? _sink;
    private readonly LaneRecordReader? _reader;
    private WritesInFlight? _writes;

    /// <summary>Only tells Streamiz the type; the instances that process have a sink.</summary>
    public DeltaProcessor()
    {
    }

    public DeltaProcessor(DeltaSink sink, Func<IDeltaDecoder> decoders)
    {
        _sink = sink;
        _reader = new LaneRecordReader(decoders());
    }

    public void Init(ProcessorContext<byte[], byte[]> context) =>
        _writes = ((WritesInFlightStore)context.GetStateStore(DeltaTopology.StoreName)).Writes;

    public void Process(Record<byte[], byte[]> record) => _sink!.Accept(record, _reader!, _writes!);

    public void Close()
    {
    }
}
