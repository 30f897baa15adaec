using Hybrid.Benchmarks.Chain;

namespace Hybrid.Benchmarks.Sandbox;

/// <summary>Measures a sandbox in a process of its own, part by part, against the figures that it has to reach.</summary>
internal static class SandboxBench
{
    public const string Usage = """
        The sandbox's speed: one client in this process, the sandbox in another, on the same cores, each figure beside its target.

        Usage: bench sandbox [options]

          --only PARTS             any of kafka,roundtrip,solr,s3,memory (default all)
          --records N              records in each produce and consume measurement, 200 bytes each (default 2 000 000)
          --rounds N               counted rounds after one warm-up round; the median counts (default 3)
          --round-trip-seconds N   how long the round trip is measured at 1 000 records a second (default 10)
          --documents N            documents in each bulk measurement of Solr (default 200 000)
          --updates N              single updates in each measurement of Solr (default 20 000)
          --keys N                 keys in the bucket that is listed (default 100 000)
          --log-gb G               gigabytes of log for the memory figures, decimals allowed (default 5; needs a fifth more of free disk)
          --data DIR               where the sandboxes' data goes meanwhile (default the temporary directory)

        The targets are stated for the defaults, on two cores that do nothing else. Exit 0 when every figure reaches its target,
        1 when one does not. Ctrl-C stops, and deletes what was written.

        Examples:
          ./hybrid bench sandbox
          ./hybrid bench sandbox --only kafka,roundtrip --records 500000 --rounds 1
          ./hybrid bench sandbox --only memory --log-gb 0.5
        """;

    /// <returns>Whether every figure reached its target.</returns>
    public static async Task<bool> RunAsync(SandboxBenchOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        void Progress(string line) => Console.Error.WriteLine($"  {line}");
        var parent = options.Data ?? Path.GetTempPath();
        output.WriteLine($"median of {options.Rounds} rounds after a warm-up, {Environment.ProcessorCount} cores shared by the client and the sandbox");
        var figures = new List<SandboxFigure>();
        if (options.Only.Overlaps(["kafka", "roundtrip"]))
        {
            await using var sandbox = await SandboxProcess.StartAsync(parent, cancellationToken);
            var kafka = new BenchClients(sandbox.Endpoints.KafkaBootstrapServers!);
            if (options.Only.Contains("roundtrip"))
            {
                figures.AddRange(await RoundTrip.RunAsync(kafka, options, Progress, cancellationToken));
            }

            if (options.Only.Contains("kafka"))
            {
                figures.InsertRange(0, await BrokerRates.RunAsync(sandbox, parent, options, Progress, cancellationToken));
            }
        }

        if (options.Only.Contains("solr"))
        {
            await using var sandbox = await SandboxProcess.StartAsync(parent, cancellationToken);
            figures.AddRange(await SolrRates.RunAsync(sandbox.Endpoints, options, Progress, cancellationToken));
        }

        if (options.Only.Contains("s3"))
        {
            await using var sandbox = await SandboxProcess.StartAsync(parent, cancellationToken);
            figures.AddRange(await ListingTime.RunAsync(sandbox.Endpoints, options, Progress, cancellationToken));
        }

        if (options.Only.Contains("memory"))
        {
            figures.AddRange(await MemoryOnDisk.RunAsync(parent, options, Progress, cancellationToken));
        }

        SandboxTable.Write(output, figures);
        return figures.All(figure => figure.Reached);
    }
}
