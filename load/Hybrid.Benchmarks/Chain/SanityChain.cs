using Hybrid.Comparison.Observer;
using Hybrid.Pipeline.Kafka;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Benchmarks.Chain;

/// <summary>Runs the chain on a sandbox of its own: broker, publisher, lanes, what the observer costs, and the memory of each service.</summary>
internal static class SanityChain
{
    /// <summary>A partition's canaries as the experiments choose them, and the most that an observer asks for at once.</summary>
    private static readonly int[] s_watched = [10, IndexObserver.MaxDocuments];

    /// <returns>Whether every ratio reached its target.</returns>
    public static async Task<bool> RunAsync(ChainOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxProcess.StartAsync(cancellationToken);
        output.WriteLine($"{options.Records:N0} records a measurement, median of {options.Rounds} rounds after a warm-up, {Environment.ProcessorCount} cores shared with the sandbox");
        void Progress(string line) => Console.Error.WriteLine($"  {line}");
        var figures = new List<ChainFigure>();
        if (options.Wants("broker"))
        {
            await using var scope = new ServiceScope(sandbox.Endpoints, "", (services, configuration) => services.AddKafka(configuration));
            figures.AddRange(await BrokerChain.RunAsync(scope.Get<KafkaClients>(), options, Progress, cancellationToken));
        }

        if (options.Wants("publisher"))
        {
            figures.Add(await PublisherChain.RunAsync(sandbox, options, Progress, cancellationToken));
        }

        if (options.Wants("lanes"))
        {
            foreach (var lane in LaneChain.All)
            {
                figures.Add(await lane.RunAsync(sandbox, options, Progress, cancellationToken));
            }
        }

        var observer = new List<ObserverFigure>();
        if (options.Wants("observer"))
        {
            foreach (var canaries in s_watched)
            {
                observer.Add(await new ObserverCost(canaries).RunAsync(sandbox, options, Progress, cancellationToken));
            }
        }

        var memory = options.Wants("memory") || options.Wants("lanes") ? await MemoryChain.RunAsync(options, Progress, cancellationToken) : [];
        if (figures.Count > 0)
        {
            ChainTable.Write(output, figures);
        }

        if (observer.Count > 0)
        {
            ChainTable.Write(output, observer);
        }

        if (memory.Count > 0)
        {
            ChainTable.Write(output, memory);
        }

        return figures.All(figure => figure.Reached) && observer.All(figure => figure.Reached) && memory.All(figure => figure.Reached);
    }
}
