using System.ComponentModel.DataAnnotations;
using Hybrid.Comparison.Load.Output;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Load.Generate;

/// <summary>Makes synthetic partitions: seeded, and the same byte for byte every time.</summary>
public sealed class PartitionGenerator
{
    private readonly GeneratorOptions _options;
    private readonly PartitionLayout _layout;
    private readonly LineGenerator _lines;
    private readonly InputCounter _counter = new();
    private readonly SortedDictionary<string, TimeSpan> _delays = new(StringComparer.Ordinal);

    /// <summary>Makes a generator.</summary>
    /// <param name="options">What to make.</param>
    /// <exception cref="HybridException">An option is out of range, or they contradict each other.</exception>
    public PartitionGenerator(GeneratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        _options = options;
        try
        {
            _layout = new PartitionLayout(options.Layout, options.Period);
        }
        catch (ArgumentException wrong)
        {
            throw new HybridException(ExitCodes.WrongCall, wrong.Message.ReplaceLineEndings(" "), wrong);
        }

        _lines = new LineGenerator(options);
    }

    /// <summary>Makes the partitions.</summary>
    /// <param name="outputDirectory">Absent, empty, or made by this verb before, in which case it is replaced.</param>
    /// <param name="progress">Told after each partition; null for nobody.</param>
    /// <param name="cancellationToken">Gives up; the directory stays as it was.</param>
    /// <returns>The manifest that was written.</returns>
    /// <exception cref="HybridException">The directory holds something else, or cannot be written to.</exception>
    public InputManifest Generate(string outputDirectory, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        using var output = InputDirectory.Claim(outputDirectory);
        var first = new PartitionId(_options.Start, _options.Period);
        var partition = first;
        var last = first;
        for (var number = 0; number < _options.Partitions; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Generate(output, partition, number);
            last = partition;
            partition = partition.Next;
            progress?.Report(new LoadProgress(number + 1, _options.Partitions, _counter.Lines));
        }

        var manifest = new InputManifest
        {
            MadeBy = "generate",
            Layout = _layout.Template,
            Period = _options.Period,
            FirstPartition = first.Name,
            LastPartition = last.Name,
            Seed = _options.Seed,
            Counts = _counter.Total(_options.Partitions),
            Delays = _delays,
        };
        output.Commit(manifest);
        return manifest;
    }

    private void Generate(InputDirectory output, PartitionId partition, int number)
    {
        var random = SeededRandom.For(_options.Seed, number);
        var isLate = random.NextDouble() < _options.LateShare;
        var delay = (1 + random.NextInt(_options.MaxDelayPartitions)) * _options.Period;
        var lines = Lines(number);
        var writers = new List<ObjectWriter>(_options.ObjectsPerPartition + 1);
        try
        {
            for (var part = 0; part < _options.ObjectsPerPartition + (isLate ? 1 : 0); part++)
            {
                writers.Add(output.Create(Key(partition, part, isLate && part == _options.ObjectsPerPartition)));
                _counter.Objects++;
            }

            if (isLate)
            {
                _delays.Add(Key(partition, _options.ObjectsPerPartition, late: true), delay);
            }

            Fill(ref random, writers, partition, lines);
        }
        finally
        {
            foreach (var writer in writers)
            {
                writer.Dispose();
            }
        }
    }

    private void Fill(ref SeededRandom random, List<ObjectWriter> writers, PartitionId partition, long lines)
    {
        var start = partition.Start.ToUnixTimeMilliseconds();
        var period = (long)partition.Period.TotalMilliseconds;
        var total = lines + _options.CanariesPerPartition;
        var canaries = 0;
        for (var i = 0L; i < total; i++)
        {
            var eventTime = start + (i * period / total);
            if (canaries < _options.CanariesPerPartition && i == CanaryLine(canaries, total))
            {
                // Canaries go to the objects that are on time: what they measure is the pipeline, not a late source.
                var writer = writers[canaries % _options.ObjectsPerPartition];
                writer.Write(_lines.Delta(ref random, DeltaKind.Upsert, Canaries.DocumentId(partition, canaries), eventTime));
                _counter.Count(DeltaKind.Upsert);
                _counter.CountCanary();
                canaries++;
                continue;
            }

            WriteLine(ref random, writers[(int)(i % writers.Count)], eventTime);
        }
    }

    private void WriteLine(ref SeededRandom random, ObjectWriter writer, long eventTime)
    {
        var share = random.NextDouble() - _options.MalformedShare;
        if (share < 0)
        {
            writer.WriteMalformed(_lines.Malformed(ref random, eventTime));
            _counter.CountMalformed();
            return;
        }

        var kind = share < _options.DeleteShare ? DeltaKind.Delete
            : share < _options.DeleteShare + _options.SignalShare ? DeltaKind.Signal
            : DeltaKind.Upsert;
        writer.Write(_lines.Delta(ref random, kind, eventTime));
        _counter.Count(kind);
    }

    /// <summary>The line that a canary is: they are spread evenly, each in the middle of its share.</summary>
    private long CanaryLine(int canary, long total) => ((2 * canary) + 1) * total / (2 * _options.CanariesPerPartition);

    private long Lines(int number) =>
        _options.BurstEvery > 0 && number % _options.BurstEvery == _options.BurstEvery - 1
            ? (long)(_options.RecordsPerPartition * _options.BurstFactor)
            : _options.RecordsPerPartition;

    private string Key(PartitionId partition, int part, bool late) =>
        $"{_layout.Prefix(partition)}part-{part}{(late ? "-late" : "")}{ObjectExtensions.Of(_options.Format, _options.Compression)}";

    private static void Check(GeneratorOptions options)
    {
        var mistakes = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), mistakes, validateAllProperties: true))
        {
            throw HybridException.WrongCall(string.Join("; ", mistakes.Select(mistake => mistake.ErrorMessage)));
        }

        if (options.MalformedShare + options.DeleteShare + options.SignalShare > 1)
        {
            throw HybridException.WrongCall("the shares of malformed lines, deletes and signals are more than 1 together");
        }

        if (options.Start.UtcTicks % options.Period.Ticks != 0)
        {
            throw HybridException.WrongCall($"the start {options.Start:u} is not a multiple of the period {options.Period}");
        }
    }
}
