using Hybrid.Comparison.Observer;
using Hybrid.Comparison.Truth;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Comparison.Load.Input;

/// <summary>Reads every line of the input once, for the counts, the truth and the canaries. Memory grows with the documents and
/// with the signals of one window, not with the lines.</summary>
/// <param name="input">Where the objects are.</param>
/// <param name="canariesPerPartition">Canaries a partition at most.</param>
/// <param name="window">The window that signals are counted over.</param>
/// <param name="formats">How objects are read, which has to be as the publisher reads them; null for the defaults.</param>
internal sealed class InputScanner(IPartitionInput input, int canariesPerPartition, WindowOptions window, FormatSettings? formats = null)
{
    private readonly IndexTruth _truth = new();
    private readonly SignalsTruth _signals = new(window.Length, window.Hop);
    private long _lines;
    private long _records;
    private long _deadLetters;

    /// <summary>Reads the selected partitions.</summary>
    /// <param name="selection">What to read.</param>
    /// <param name="done">Told the partitions read so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ScannedInput> ScanAsync(InputSelection selection, Action<int> done, CancellationToken cancellationToken)
    {
        var partitions = new List<InputPartition>(selection.Partitions.Count);
        foreach (var (id, entries) in selection.Partitions)
        {
            var sources = Math.Max(1, entries.Count(entry => !InputObject.IsMarker(entry.Key)));
            var chooser = new CanaryChooser(Math.Max(1, canariesPerPartition / sources));
            var objects = new List<InputObject>(entries.Count);
            foreach (var entry in entries.OrderBy(entry => InputObject.IsMarker(entry.Key)))
            {
                var before = _records;
                if (!InputObject.IsMarker(entry.Key))
                {
                    await ReadAsync(id.Name, entry.Key, chooser, cancellationToken).ConfigureAwait(false);
                }

                objects.Add(new InputObject(entry.Key, entry.Size, selection.DelayOf(entry.Key), chooser.Choose(_truth.VersionOf), _records - before));
            }

            partitions.Add(new InputPartition(id, objects));
            done(partitions.Count);
        }

        var signals = _signals.At(DateTimeOffset.FromUnixTimeMilliseconds(window.End(partitions[^1].Id.End.ToUnixTimeMilliseconds())));
        return new ScannedInput(
            selection.Layout, [.. partitions.Select(WithLastingCanaries)], _truth, signals, _lines, _records, _deadLetters, selection.Seed);
    }

    private async Task ReadAsync(string partition, string key, CanaryChooser chooser, CancellationToken cancellationToken)
    {
        await using var body = await input.OpenAsync(key, cancellationToken).ConfigureAwait(false);
        await using var reader = new ObjectRecordReader(body, key, partition, 0, formats);
        try
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                _lines++;
                if (reader.TryParse(out var delta, out _))
                {
                    _records++;
                    _truth.Apply(delta);
                    _signals.Apply(delta);
                    chooser.Consider(delta);
                }
                else
                {
                    _deadLetters++;
                }
            }
        }
        catch (CorruptObjectException)
        {
            // The publisher ends such an object with one dead letter for what cannot be read.
            _lines++;
            _deadLetters++;
        }
    }

    /// <summary>Leaves out the canaries that end deleted, and those of late objects that something newer on time has hidden by then.</summary>
    private InputPartition WithLastingCanaries(InputPartition partition) => partition with
    {
        Objects = [.. partition.Objects.Select(entry => entry with
        {
            Canaries = [.. entry.Canaries.Where(canary => !_truth.IsHidden(canary.DocumentId)
                && (entry.Delay == TimeSpan.Zero || _truth.VersionOf(canary.DocumentId) == canary.Version))],
        })],
    };
}
