using System.Diagnostics;
using Confluent.Kafka;
using Hybrid.Contracts.Topics;
using Hybrid.Lanes.Consuming;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Windows;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Windows;

/// <summary>
/// Brings a partition's window back to where it stood at an offset, from the topic alone: it looks back for the control record at which the
/// window begins and reads on from there. That holds every signal of the window because a publisher writes a partition's records after the
/// control record of the partition before it. Where several publishers share a source one may be ahead of the others, and so it begins at
/// the time when the window began: no partition is published before it is due to close. Nothing that it reads is written, since whoever committed the offset had it written.
/// </summary>
internal sealed class WindowRebuild(KafkaClients kafka, string lane, IDeltaDecoder decoder, WindowOptions options, EventClock clock, ILogger logger)
{
    private const long FirstStep = 4096;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(100);

    private readonly LaneRecordReader _reader = new(decoder);

    /// <param name="id">The partition.</param>
    /// <param name="end">The offset at which the lane goes on; the window holds what lies before it.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="KafkaException">The cluster does not answer.</exception>
    /// <exception cref="HybridException">A record's schema cannot be had, or is not ours.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public PartitionWindow Run(TopicPartition id, long end, CancellationToken stopping)
    {
        var window = new PartitionWindow(options);
        if (!window.IsOn || end <= 0)
        {
            return window;
        }

        var began = Stopwatch.GetTimestamp();
        using var consumer = kafka.ConsumerBuilder($"hybrid-lane-{lane}-window", config =>
        {
            config.EnablePartitionEof = true;
            config.ConsumeResultFields = "headers";
        }).Build();
        var begin = FindBegin(consumer, id, end, stopping);
        var records = 0L;
        foreach (var record in Read(consumer, id, begin, end, stopping))
        {
            records++;
            Take(window, record, stopping);
        }

        window.Drain([]);
        logger.WindowRebuilt(id, records, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        return window;
    }

    private void Take(PartitionWindow window, ConsumeResult<byte[], byte[]> record, CancellationToken stopping)
    {
        var reading = _reader.ReadAsync(record.Message.Value, record.Message.Headers, stopping);
        var step = reading.IsCompletedSuccessfully ? reading.Result : reading.AsTask().GetAwaiter().GetResult();
        switch (step.Kind)
        {
            case LaneStepKind.Signal:
                window.Add(step.Delta!);
                break;
            case LaneStepKind.Watermark:
                window.Advance(record.Message.Key, step.WatermarkMilliseconds);
                break;
        }
    }

    /// <summary>The offset from which on every signal of the window lies; looks back in steps that double.</summary>
    private long FindBegin(IConsumer<byte[], byte[]> consumer, TopicPartition id, long end, CancellationToken stopping)
    {
        var low = consumer.QueryWatermarkOffsets(id, Timeout).Low.Value;
        var controls = new List<Control>();
        var from = end;
        for (var step = FirstStep; from > low; step *= 2)
        {
            var to = from;
            from = Math.Max(low, from - step);
            controls.AddRange(Read(consumer, id, from, to, stopping).Select(ToControl).OfType<Control>());
            if (controls.Exists(control => control.IsOfShards))
            {
                return Math.Clamp(OffsetAt(consumer, id, WindowBegin(controls)), low, end);
            }

            if (FindBegin(controls) is { } begin)
            {
                return begin;
            }
        }

        return Math.Min(low, end);
    }

    private long? FindBegin(List<Control> controls)
    {
        var sources = controls.GroupBy(control => control.Source, StringComparer.Ordinal).ToList();
        if (sources.Count == 0)
        {
            return null;
        }

        var windowBegin = WindowBegin(controls);
        long? begin = null;
        foreach (var source in sources)
        {
            var before = source.Where(control => control.Watermark <= windowBegin).ToList();
            if (before.Count == 0)
            {
                return null;
            }

            begin = Math.Min(begin ?? long.MaxValue, before.Max(control => control.Offset) + 1);
        }

        return begin;
    }

    private long WindowBegin(List<Control> controls) =>
        options.Begin(controls.GroupBy(control => control.Source, StringComparer.Ordinal).Min(source => source.Max(control => control.Watermark)));

    private long OffsetAt(IConsumer<byte[], byte[]> consumer, TopicPartition id, long eventMilliseconds)
    {
        var wall = clock.ToWall(DateTimeOffset.FromUnixTimeMilliseconds(eventMilliseconds)).ToUnixTimeMilliseconds();
        var found = consumer.OffsetsForTimes([new TopicPartitionTimestamp(id, new Timestamp(wall, TimestampType.CreateTime))], Timeout)[0].Offset;
        return found.IsSpecial ? long.MaxValue : found.Value;
    }

    private static IEnumerable<ConsumeResult<byte[], byte[]>> Read(
        IConsumer<byte[], byte[]> consumer, TopicPartition id, long from, long to, CancellationToken stopping)
    {
        if (from >= to)
        {
            yield break;
        }

        MoveTo(consumer, new TopicPartitionOffset(id, from));
        var asked = Stopwatch.GetTimestamp();
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            if (consumer.Consume(LongestPoll) is not { } result)
            {
                if (Stopwatch.GetElapsedTime(asked) >= Timeout)
                {
                    throw new KafkaException(new Error(ErrorCode.Local_TimedOut, $"{id} gave no record within {Timeout.TotalSeconds:0} s"));
                }

                continue;
            }

            if (result.IsPartitionEOF || result.Offset.Value >= to)
            {
                yield break;
            }

            yield return result;
            asked = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>
    /// Reading goes on from another place by a seek. To assign the partition anew would stop it first, and a client that is disposed of before
    /// that is done stops it twice, which librdkafka takes for a mistake of its own and ends the process.
    /// </summary>
    private static void MoveTo(IConsumer<byte[], byte[]> consumer, TopicPartitionOffset place)
    {
        if (consumer.Assignment.Count == 0)
        {
            consumer.Assign(place);
        }
        else
        {
            consumer.Seek(place);
        }
    }

    private static Control? ToControl(ConsumeResult<byte[], byte[]> record) =>
        record.Message.Value is null && RecordTimes.Read(record.Message.Headers, RecordHeaders.Watermark) is { } watermark
            ? new Control(
                Convert.ToHexString(record.Message.Key ?? []), record.Offset.Value, watermark, record.Message.Headers.TryGetLastBytes(RecordHeaders.Shards, out _))
            : null;

    private sealed record Control(string Source, long Offset, long Watermark, bool IsOfShards);
}
