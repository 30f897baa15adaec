using Hybrid.Contracts.Records;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Windows;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Objects;

/// <summary>Reads objects: attributes go to a feed, signals to a window, what is neither to the dead letters. Not for concurrent use.</summary>
/// <param name="formats">How objects are read.</param>
/// <param name="letters">Takes bad lines.</param>
/// <param name="guard">Stops the lane when too many are bad.</param>
/// <param name="freshness">Records when records are taken.</param>
/// <param name="metrics">Counts them.</param>
/// <param name="clock">Tells when partitions were due.</param>
/// <param name="logger">Is told of damage.</param>
internal sealed class ObjectIntake(
    FormatSettings formats, ObjectDeadLetters letters, ErrorShareGuard guard, LaneFreshness freshness, HybridMetrics metrics, EventClock clock, ILogger logger)
{
    private const int NotedLines = 256;

    /// <summary>Reads an object to its end.</summary>
    /// <param name="content">The object.</param>
    /// <param name="place">What it is.</param>
    /// <param name="discovered">When it was found, wall time, if its records are new to the index: then their freshness is recorded and bad lines
    /// are kept. Null when it was read before.</param>
    /// <param name="attributes">Takes upserts and deletes; null to let them pass.</param>
    /// <param name="signals">Takes signals; null to let them pass.</param>
    /// <param name="cancellationToken">Gives up within the object.</param>
    /// <exception cref="IOException">The store's connection broke.</exception>
    /// <exception cref="HybridException">Too many lines are bad, or writing failed for good.</exception>
    public async Task<ObjectTally> ReadAsync(
        ObjectContent content, ObjectPlace place, DateTimeOffset? discovered, BatchFeed? attributes, SignalWindow? signals, CancellationToken cancellationToken)
    {
        await using var reader = new ObjectRecordReader(content.Body, place.Key, place.Partition.Name, place.Generation, formats);
        var number = attributes is null ? 0 : letters.Enter(place);
        var closed = clock.ToWall(place.Partition.End);
        long? closedMilliseconds = discovered is null ? null : closed.ToUnixTimeMilliseconds();
        var bad = discovered is null ? null : new BadLines(letters, place);
        var (lines, records, notedLines, notedErrors) = (0L, 0L, 0L, 0L);
        LineError? example = null;
        try
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                lines++;
                if (reader.TryParse(out var delta, out var error))
                {
                    records++;
                    freshness.Consumed(closedMilliseconds);
                    if (delta.Kind == DeltaKind.Signal)
                    {
                        signals?.Add(delta);
                    }
                    else if (attributes is not null)
                    {
                        await attributes.AddAsync(delta, number, reader.LineNumber, reader.LineLength, closedMilliseconds).ConfigureAwait(false);
                    }
                }
                else
                {
                    example = error;
                    if (bad is not null)
                    {
                        await bad.AddAsync(reader.Line, reader.CsvHeader, reader.LineNumber, reader.LineLength, error, cancellationToken).ConfigureAwait(false);
                    }
                }

                if (lines - notedLines == NotedLines)
                {
                    Note();
                }
            }
        }
        catch (CorruptObjectException damage)
        {
            lines++;
            example = new LineError(ErrorClasses.CorruptObject, damage.Message);
            if (bad is not null)
            {
                logger.ObjectDamaged(damage.Message);
                await bad.AddAsync(default, default, damage.Line, 0, example, cancellationToken).ConfigureAwait(false);
            }
        }

        Note();
        if (bad is not null)
        {
            await bad.StoreAsync(cancellationToken).ConfigureAwait(false);
        }

        Measure(content.Entry, closed, discovered, lines, records);
        return new ObjectTally(lines, records);

        void Note()
        {
            guard.Note(place.Key, lines - notedLines, lines - records - notedErrors, example);
            (notedLines, notedErrors) = (lines, lines - records);
        }
    }

    private void Measure(ObjectEntry entry, DateTimeOffset closed, DateTimeOffset? discovered, long lines, long records)
    {
        metrics.LaneObjects.Add(1);
        metrics.LaneLines.Add(lines);
        if (discovered is not { } found)
        {
            return;
        }

        metrics.RecordsConsumed.Add(records);
        if (clock.IsMeasured(closed.ToUnixTimeMilliseconds()))
        {
            metrics.FreshnessLanded.Record((entry.LastModified - closed).TotalSeconds, records);
            metrics.FreshnessDiscovered.Record((found - closed).TotalSeconds, records);
        }
    }

    /// <summary>The bad lines of one object, on their way to parts of bounded size.</summary>
    private sealed class BadLines(ObjectDeadLetters letters, ObjectPlace place)
    {
        private LetterPart? _part;
        private int _parts;

        public Task AddAsync(
            ReadOnlyMemory<byte> line, ReadOnlyMemory<byte> csvHeader, long number, long length, LineError error, CancellationToken cancellationToken)
        {
            _part ??= letters.Part(place, _parts++);
            letters.Add(_part, place, line, csvHeader, number, length, error);
            return _part.IsFull ? StoreAsync(cancellationToken) : Task.CompletedTask;
        }

        public async Task StoreAsync(CancellationToken cancellationToken)
        {
            if (_part is { } part)
            {
                _part = null;
                await letters.StoreAsync(part, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}

/// <summary>What an object held. What is no record is a dead letter.</summary>
/// <param name="Lines">Lines read; damage counts as one.</param>
/// <param name="Records">Deltas, signals too.</param>
internal readonly record struct ObjectTally(long Lines, long Records);
