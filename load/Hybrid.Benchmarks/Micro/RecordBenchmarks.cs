using System.Buffers;
using BenchmarkDotNet.Attributes;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Benchmarks.Micro;

/// <summary>One record through each step of the hot path. The baseline is the copy of its encoded bytes: the least that a step must do.</summary>
public class RecordBenchmarks
{
    private readonly CatalogDelta _delta = SampleDeltas.Create(12345);
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly SourcePosition _position = new("2011-12-01T08:00Z", 0, 0, 77);
    private byte[] _line = [];
    private byte[] _value = [];
    private byte[] _copy = [];
    private DeltaReader _reader = null!;

    /// <summary>Makes the line and the value.</summary>
    [GlobalSetup]
    public void Setup()
    {
        using (var writer = new SourceLineWriter(_output))
        {
            writer.Write(_delta);
        }

        _line = _output.WrittenSpan.TrimEnd((byte)'\n').ToArray();
        _output.Clear();
        BuiltinDeltaEncoder.WriteBody(_delta, new AvroBinaryWriter(_output));
        _value = _output.WrittenSpan.ToArray();
        _copy = new byte[_value.Length];
        _reader = new DeltaReader(AvroSchema.Parse(Contracts.ContractResources.CatalogDeltaSchema));
    }

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true)]
    public void Copy() => _value.CopyTo(_copy, 0);

    /// <summary>Line to delta.</summary>
    [Benchmark]
    public bool Parse() => SourceLineParser.TryParse(_line, _position, out _, out _);

    /// <summary>Delta to Avro.</summary>
    [Benchmark]
    public int Encode()
    {
        _output.Clear();
        BuiltinDeltaEncoder.WriteBody(_delta, new AvroBinaryWriter(_output));
        return _output.WrittenCount;
    }

    /// <summary>Line to Avro, as the publisher goes where the line is the usual one: no delta is made.</summary>
    [Benchmark]
    public bool Transcode()
    {
        _output.Clear();
        return LineTranscoder.TryWrite(_line, _position, 1, _output);
    }

    /// <summary>Avro to delta.</summary>
    [Benchmark]
    public CatalogDelta Decode() => _reader.Read(_value);

    /// <summary>An update found in its Avro, as a lane goes where the writer's schema is ours: no delta is made.</summary>
    [Benchmark]
    public bool Find() => DeltaFields.TryReadUpdate(_value, out _);
}
