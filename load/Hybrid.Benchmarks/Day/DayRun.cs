using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hybrid.Benchmarks.Chain;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Benchmarks.Day;

/// <summary>Runs the day: a sandbox, the input, and one publisher, each a process of its own or a task beside it.</summary>
internal static class DayRun
{
    private const int Quarters = 4;
    private const double Mebibyte = 1024 * 1024;
    private static readonly DateTimeOffset s_midnight = new(2011, 12, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_sample = TimeSpan.FromMilliseconds(100);

    /// <returns>Whether memory stayed flat and everything was published.</returns>
    public static async Task<bool> RunAsync(DayOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxProcess.StartAsync(cancellationToken);
        var begin = DateTimeOffset.UtcNow + s_start;
        var layout = new PartitionLayout(options.Period < TimeSpan.FromMinutes(1) ? "{yyyy-MM-dd}/{HHmmss}/" : "{yyyy-MM-dd}/{HHmm}/", options.Period);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Hours:0} h in {options.Partitions:N0} partitions of {options.Period}, one every {options.Pace.TotalMilliseconds:0} ms ({options.Period / options.Pace:N0} times as fast): {options.Partitions * options.Pace.TotalMinutes:0.0} minutes"));
        using var statusFile = new StatusFile();
        using var publisher = SelfProcess.Start(["publish"], Environment(options, layout, sandbox.Endpoints, begin, statusFile.Path));
        try
        {
            await using var scope = new ServiceScope(sandbox.Endpoints, "day", (services, configuration) => services.AddObjectStore(configuration));
            var store = scope.Get<IObjectStore>();
            await store.EnsureBucketAsync(cancellationToken);
            var input = new DayInput(store, layout, options);
            var putting = input.PutAsync(new PartitionId(s_midnight, options.Period), begin, cancellationToken);
            var samples = await SampleAsync(options, publisher, statusFile, putting, input, sandbox, cancellationToken);
            await putting;
            return Write(options, input, samples, sandbox, output);
        }
        finally
        {
            if (!publisher.HasExited)
            {
                publisher.Kill();
                await publisher.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static Dictionary<string, string> Environment(
        DayOptions options, PartitionLayout layout, StackEndpoints endpoints, DateTimeOffset begin, string statusFile) => new()
    {
        ["HYBRID__KAFKA__BOOTSTRAPSERVERS"] = endpoints.KafkaBootstrapServers!,
        ["HYBRID__KAFKA__TOPICPREFIX"] = "day",
        ["HYBRID__AVRO__REGISTRYURL"] = endpoints.RegistryUrl!,
        ["HYBRID__OBJECTSTORE__SERVICEURL"] = endpoints.S3Url!,
        ["HYBRID__OBJECTSTORE__PREFIX"] = "day/",
        ["HYBRID__SOURCE__LAYOUT"] = layout.Template,
        ["HYBRID__SOURCE__PERIOD"] = options.Period.ToString("c"),
        ["HYBRID__CLOCK__ORIGIN"] = s_midnight.ToString("O"),
        ["HYBRID__CLOCK__START"] = begin.ToString("O"),
        ["HYBRID__CLOCK__SPEED"] = (options.Period / options.Pace).ToString(CultureInfo.InvariantCulture),
        ["HYBRID__PUBLISHER__FROM"] = s_midnight.ToString("O"),
        ["HYBRID__PUBLISHER__UNTIL"] = (s_midnight + (options.Partitions * options.Period)).ToString("O"),
        ["HYBRID__PUBLISHER__OVERLAPPARTITIONS"] = ((int)Math.Ceiling(TimeSpan.FromSeconds(5) / options.Pace) + DayInput.LateBy).ToString(CultureInfo.InvariantCulture),
        ["HYBRID__MEASUREMENT__STATUSFILE"] = statusFile,
        ["HYBRID__MEASUREMENT__INTERVAL"] = "00:00:00.250",
        ["HYBRID__MEASUREMENT__COLLECTGARBAGE"] = "true",
    };

    /// <summary>Samples until everything is published, or nothing more comes.</summary>
    private static async Task<List<ServiceStatus>> SampleAsync(
        DayOptions options,
        Process publisher,
        StatusFile file,
        Task putting,
        DayInput input,
        SandboxProcess sandbox,
        CancellationToken cancellationToken)
    {
        var samples = new List<ServiceStatus>();
        var (told, waited) = (Stopwatch.StartNew(), new Stopwatch());
        while (waited.Elapsed < s_patience)
        {
            await Task.Delay(s_sample, cancellationToken);
            if (publisher.HasExited || putting.IsFaulted)
            {
                await putting;
                throw HybridException.Failure($"the publisher ended with exit code {publisher.ExitCode} in the middle of the day: its log says why");
            }

            if (file.Read() is not { State: ServiceState.Running } status || (samples.Count > 0 && samples[^1].UpdatedAt == status.UpdatedAt))
            {
                continue;
            }

            samples.Add(status);
            if (told.Elapsed > TimeSpan.FromSeconds(10))
            {
                told.Restart();
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {Count(status, Instruments.PartitionsPublished),7:N0} of {options.Partitions:N0} partitions, {status.MemoryBytes / Mebibyte:0} MiB resident, sandbox {sandbox.MemoryBytes / Mebibyte:0} MiB"));
            }

            if (putting.IsCompleted)
            {
                waited.Start();
                if (Count(status, Instruments.PartitionsPublished) == options.Partitions && Published(status) == input.Keys)
                {
                    break;
                }
            }
        }

        return samples;
    }

    private static bool Write(DayOptions options, DayInput input, List<ServiceStatus> samples, SandboxProcess sandbox, TextWriter output)
    {
        var last = samples[^1];
        var day = samples.Where(status => Count(status, Instruments.PartitionsPublished) > 0).ToArray();
        var quarters = Enumerable.Range(0, Quarters).Select(quarter => day.Where(status =>
            Math.Min(Quarters - 1, Count(status, Instruments.PartitionsPublished) * Quarters / options.Partitions) == quarter).ToArray()).ToArray();
        if (quarters.Any(quarter => quarter.Length == 0))
        {
            throw HybridException.Failure("the day went too fast to be sampled in each quarter: raise --pace or --hours");
        }

        output.WriteLine();
        output.WriteLine($"{Count(last, Instruments.PartitionsPublished):N0} partitions, {Count(last, Instruments.ObjectsPublished):N0} objects ({Count(last, Instruments.LateObjects):N0} late, {Count(last, Instruments.ReplacedObjects):N0} replaced), {Count(last, Instruments.LinesRead):N0} lines = {Count(last, Instruments.RecordsPublished):N0} records + {Count(last, Instruments.DeadLetters):N0} dead letters, {Count(last, Instruments.Transactions):N0} transactions, {last.CpuSeconds:0} core-seconds");
        output.WriteLine();
        output.WriteLine($"{"memory of the publisher, MiB",-40} {"1st",8} {"2nd",8} {"3rd",8} {"last",8} {"last/2nd",9}  quarter of the day");
        var courses = MemoryCourse.Of(quarters);
        foreach (var course in courses)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{course.Name,-40} {string.Join(' ', course.Quarters.Select(bytes => (bytes / Mebibyte).ToString("0.0", CultureInfo.InvariantCulture).PadLeft(8)))} {course.Ratio,9:0.00}{(course.IsFlat ? "" : "  GROWS")}"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"peak {last.PeakMemoryBytes / Mebibyte:0} MiB; the sandbox beside it ends with {sandbox.MemoryBytes / Mebibyte:0} MiB and {sandbox.DataBytes() / Mebibyte:0} MiB on disk"));
        var missing = input.Keys - Published(last);
        if (missing != 0 || Count(last, Instruments.PartitionsPublished) != options.Partitions)
        {
            output.WriteLine($"NOT COMPLETE: {missing} of {input.Keys} keys are not published, or not once: is the machine too busy for this pace?");
            return false;
        }

        return courses.All(course => course.IsFlat);
    }

    private static long Published(ServiceStatus status) => Count(status, Instruments.ObjectsPublished) - Count(status, Instruments.ReplacedObjects);

    private static long Count(ServiceStatus status, string counter) => status.Counters.GetValueOrDefault(counter);

    private sealed class StatusFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public ServiceStatus? Read()
        {
            var bytes = File.ReadAllBytes(Path);
            return bytes.Length == 0 ? null : JsonSerializer.Deserialize(bytes, StatusJson.Default.ServiceStatus);
        }

        public void Dispose() => File.Delete(Path);
    }
}
