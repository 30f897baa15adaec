using System.Globalization;
using Confluent.Kafka;
using Hybrid.Benchmarks.Chain;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Benchmarks.Sandbox;

/// <summary>The sandbox's resident memory while gigabytes of log are written, and once all of it has been read again.</summary>
internal static class MemoryOnDisk
{
    private const int Partitions = 4;
    private const double LimitMebibytes = 400;
    private const double Mebibyte = 1024 * 1024;
    private const double FreeShare = 1.2;
    private const string Topic = "large";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public static async Task<IReadOnlyList<SandboxFigure>> RunAsync(
        string parent, SandboxBenchOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var bytes = options.LogGigabytes * 1e9;
        RequireFree(parent, (long)(bytes * FreeShare));
        await using var sandbox = await SandboxProcess.StartAsync(parent, cancellationToken);
        var kafka = new BenchClients(sandbox.Endpoints.KafkaBootstrapServers!);
        await kafka.CreateTopicAsync(Topic, Partitions);
        var records = (long)(bytes / SampleRecords.Size);

        var writing = await WatchAsync(
            sandbox, options, "written", progress, () => Write(kafka, records, cancellationToken), cancellationToken);
        var onDisk = sandbox.DataBytes();
        var reading = await WatchAsync(
            sandbox, options, "on disk, being read", progress, () => Read(kafka, records, cancellationToken), cancellationToken);
        return
        [
            new SandboxFigure("Memory: log on disk", onDisk / 1e9, "GB"),
            new SandboxFigure("Memory: peak while writing it", writing / Mebibyte, "MiB", LimitMebibytes, Bound.AtMost),
            new SandboxFigure("Memory: peak while reading it all", reading / Mebibyte, "MiB", LimitMebibytes, Bound.AtMost),
            new SandboxFigure("Memory: once it has been read", sandbox.MemoryBytes / Mebibyte, "MiB", LimitMebibytes, Bound.AtMost),
        ];
    }

    private static void RequireFree(string directory, long bytes)
    {
        var free = new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        if (free < bytes)
        {
            throw HybridException.WrongCall(string.Create(
                CultureInfo.InvariantCulture,
                $"{directory} has {free / 1e9:0.0} GB free where {bytes / 1e9:0.0} are needed: give --data DIR on a larger disk, or a smaller --log-gb"));
        }
    }

    /// <returns>The most that was resident meanwhile, bytes.</returns>
    private static async Task<long> WatchAsync(
        SandboxProcess sandbox, SandboxBenchOptions options, string doing, Action<string> progress, Action work, CancellationToken cancellationToken)
    {
        var most = 0L;
        var running = Task.Run(work, cancellationToken);
        for (var ticks = 0; !running.IsCompleted; ticks++)
        {
            most = Math.Max(most, sandbox.MemoryBytes);
            if (ticks % 20 == 0)
            {
                progress(string.Create(
                    CultureInfo.InvariantCulture,
                    $"memory, {sandbox.DataBytes() / 1e9:0.0} of {options.LogGigabytes:0.0} GB {doing}: {most / Mebibyte:N0} MiB resident at most"));
            }

            await Task.WhenAny(running, Task.Delay(Interval, CancellationToken.None));
        }

        await running;
        return Math.Max(most, sandbox.MemoryBytes);
    }

    private static void Write(BenchClients kafka, long records, CancellationToken cancellationToken)
    {
        using var producer = kafka.Producer(CompressionType.None);
        BenchClients.Send(producer, Topic, SampleRecords.Create(), records, cancellationToken);
    }

    private static void Read(BenchClients kafka, long records, CancellationToken cancellationToken)
    {
        using var consumer = kafka.Consumer();
        BenchClients.Read(consumer, Topic, Partitions, records, () => { }, cancellationToken);
        consumer.Close();
    }
}
