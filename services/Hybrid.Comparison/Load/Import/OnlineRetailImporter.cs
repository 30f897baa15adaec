using Hybrid.Comparison.Load.Output;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Load.Import;

/// <summary>
/// Turns the online retail data set (https://doi.org/10.24432/C5BW33) into partitions by invoice time, taken as UTC. A sale gives an upsert of
/// its product (title, last price, last quantity) and a signal with the other products of its invoice; a cancellation gives a signal with a
/// negative quantity; a line that makes no sense is kept as it was in the partition of its time (of its day's begin when it has none), where
/// it ends as a dead letter. Nothing vanishes: lines read = sales + cancellations + nonsense. Memory is bounded by one day.
/// </summary>
public sealed class OnlineRetailImporter
{
    private readonly ImportOptions _options;
    private readonly PartitionLayout _layout;
    private readonly InputCounter _counter = new();
    private long _sales;
    private long _cancellations;
    private long _nonsense;
    private PartitionId? _first;
    private PartitionId _last;

    /// <summary>Makes an importer.</summary>
    /// <param name="options">What to import.</param>
    /// <exception cref="HybridException">The layout and period do not go together.</exception>
    public OnlineRetailImporter(ImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        try
        {
            _layout = new PartitionLayout(options.Layout, options.Period);
        }
        catch (ArgumentException wrong)
        {
            throw new HybridException(ExitCodes.WrongCall, wrong.Message.ReplaceLineEndings(" "), wrong);
        }
    }

    /// <summary>Imports the days.</summary>
    /// <param name="outputDirectory">Absent, empty, or made by this verb before, in which case it is replaced.</param>
    /// <param name="progress">Told after each day; null for nobody.</param>
    /// <param name="cancellationToken">Gives up; the directory stays as it was.</param>
    /// <returns>The manifest that was written.</returns>
    /// <exception cref="HybridException">The input is not there, not of this data set or damaged; the output cannot be written to.</exception>
    public async Task<InputManifest> ImportAsync(string outputDirectory, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        var days = DayFile.Find(_options);
        using var output = InputDirectory.Claim(outputDirectory);
        for (var i = 0; i < days.Count; i++)
        {
            Write(output, days[i].Day, await days[i].ReadAsync(cancellationToken).ConfigureAwait(false));
            progress?.Report(new LoadProgress(i + 1, days.Count, _counter.Lines));
        }

        var first = _first ?? throw HybridException.WrongCall($"the input directory {_options.InputDirectory} holds no line in the days asked for");
        var manifest = new InputManifest
        {
            MadeBy = "import online-retail",
            Layout = _layout.Template,
            Period = _options.Period,
            FirstPartition = first.Name,
            LastPartition = _last.Name,
            Counts = _counter.Total(((_last.Start - first.Start).Ticks / _options.Period.Ticks) + 1),
            Imported = new ImportCounts
            {
                Read = _sales + _cancellations + _nonsense,
                Sales = _sales,
                Cancellations = _cancellations,
                Nonsense = _nonsense,
            },
        };
        output.Commit(manifest);
        return manifest;
    }

    private void Write(InputDirectory output, DateOnly day, List<RetailLine> lines)
    {
        var baskets = lines
            .Where(line => line.Kind != RetailLineKind.Nonsense)
            .GroupBy(line => line.Invoice, StringComparer.Ordinal)
            .ToDictionary(invoice => invoice.Key, invoice => invoice.Select(line => line.StockCode).Distinct(StringComparer.Ordinal).ToArray());
        foreach (var partition in lines.GroupBy(line => PartitionOf(line, day)).OrderBy(lines => lines.Key))
        {
            // A period that does not divide the day has partitions over midnight, which the next day's file adds to.
            var part = _first is not null && partition.Key == _last ? 1 : 0;
            _first ??= partition.Key;
            _last = partition.Key;
            _counter.Objects++;
            using var writer = output.Create($"{_layout.Prefix(partition.Key)}part-{part}{ObjectExtensions.Of(_options.Format, _options.Compression)}");
            foreach (var line in partition)
            {
                Write(writer, line, baskets);
            }
        }
    }

    private void Write(ObjectWriter writer, RetailLine line, Dictionary<string, string[]> baskets)
    {
        switch (line.Kind)
        {
            case RetailLineKind.Nonsense:
                writer.WriteMalformed(line.Raw);
                _counter.CountMalformed();
                _nonsense++;
                return;
            case RetailLineKind.Sale:
                writer.Write(Delta(line, DeltaKind.Upsert) with { Title = line.Description });
                _counter.Count(DeltaKind.Upsert);
                _sales++;
                break;
            default:
                _cancellations++;
                break;
        }

        var related = Array.FindAll(baskets[line.Invoice], other => other != line.StockCode);
        writer.Write(Delta(line, DeltaKind.Signal) with { Related = related });
        _counter.Count(DeltaKind.Signal);
    }

    /// <summary>The partition of the line's time. A file holds one day: a line of another is kept at the day's nearer edge.</summary>
    private PartitionId PartitionOf(RetailLine line, DateOnly day)
    {
        var begin = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var end = begin.AddDays(1).AddTicks(-1);
        var time = line.Time is not { } given || given < begin ? begin : given > end ? end : given;
        return PartitionId.Containing(time, _options.Period);
    }

    private static CatalogDelta Delta(RetailLine line, DeltaKind kind) => new()
    {
        DocumentId = line.StockCode,
        Kind = kind,
        EventTimeMilliseconds = line.Time!.Value.ToUnixTimeMilliseconds(),
        Version = 0,
        Partition = "",
        Price = line.UnitPrice,
        Quantity = line.Quantity,
    };
}
