using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Hybrid.Benchmarks.Micro;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Benchmarks.Day;

/// <summary>
/// Puts the day's objects, each partition's shortly before it is due. Of every hundred partitions some have a late object, some one that is
/// replaced, and some a malformed line. The documents are the same few all day.
/// </summary>
internal sealed class DayInput(IObjectStore store, PartitionLayout layout, DayOptions options)
{
    private const int Documents = 1_000;
    private const int LateEvery = 20;
    private const int ReplacedEvery = 25;
    private const int MalformedEvery = 10;
    private const int PutsAtOnce = 8;

    private static readonly TimeSpan s_ahead = TimeSpan.FromSeconds(2);

    /// <summary>How many partitions behind its own a late object lands.</summary>
    public const int LateBy = 5;

    /// <summary>Keys put so far.</summary>
    public long Keys { get; private set; }

    /// <summary>Puts everything in time.</summary>
    /// <param name="first">The first partition.</param>
    /// <param name="begin">When the first partition begins, wall time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task PutAsync(PartitionId first, DateTimeOffset begin, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var offset = begin - DateTimeOffset.UtcNow;
        var ahead = (int)(s_ahead / options.Pace);
        for (var number = 0; number < options.Partitions + ahead + LateBy; number++)
        {
            var due = offset + ((number + 1) * options.Pace);
            var wait = due - s_ahead - clock.Elapsed;
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }

            if (number < options.Partitions)
            {
                await PutPartitionAsync(first, number, cancellationToken);
            }

            // What is late or replaced lands once its partition is done, and well within the overlap window.
            var behind = number - ahead - LateBy;
            if (behind >= 0)
            {
                await PutLateAsync(first, behind, cancellationToken);
            }
        }
    }

    private Task PutPartitionAsync(PartitionId first, int number, CancellationToken cancellationToken)
    {
        var partition = new PartitionId(first.Start + (number * first.Period), first.Period);
        var each = new ParallelOptions { MaxDegreeOfParallelism = PutsAtOnce, CancellationToken = cancellationToken };
        Keys += options.Objects;
        return Parallel.ForAsync(0, options.Objects, each, (part, stopping) =>
            PutAsync(partition, part, number, number % MalformedEvery == 0 && part == 0, stopping));
    }

    private async Task PutLateAsync(PartitionId first, int number, CancellationToken cancellationToken)
    {
        var partition = new PartitionId(first.Start + (number * first.Period), first.Period);
        var part = number % LateEvery == 0 ? options.Objects : number % ReplacedEvery == 1 ? 0 : -1;
        if (part >= 0)
        {
            Keys += part == options.Objects ? 1 : 0;
            await PutAsync(partition, part, number + 1, false, cancellationToken);
        }
    }

    private async ValueTask PutAsync(PartitionId partition, int part, int seed, bool malformed, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await using (var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true))
        {
            var line = new System.Buffers.ArrayBufferWriter<byte>(1024);
            using var writer = new SourceLineWriter(line);
            for (var i = 0; i < options.Lines; i++)
            {
                line.Clear();
                writer.Write(SampleDeltas.Create(i, ((seed * 31) + (part * options.Lines) + i) % Documents) with { EventTimeMilliseconds = partition.Start.ToUnixTimeMilliseconds() + (i % 1_000) });
                await gzip.WriteAsync(malformed && i == 0 ? Encoding.UTF8.GetBytes("{oops\n") : line.WrittenMemory, cancellationToken);
            }
        }

        body.Position = 0;
        await store.PutAsync($"{layout.Prefix(partition)}part-{part:000}.ndjson.gz", body, null, cancellationToken);
    }
}
