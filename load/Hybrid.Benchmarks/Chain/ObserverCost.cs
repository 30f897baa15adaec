using System.Diagnostics;
using System.Globalization;
using Hybrid.Benchmarks.Micro;
using Hybrid.Comparison.Experiments.Summaries;
using Hybrid.Comparison.Observer;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Benchmarks.Chain;

/// <summary>
/// What the comparison's observer takes from a lane that uses the whole machine. How many of its questions the machine asks and answers in a
/// second when it does nothing else is measured; what it asks in a second, by that, is the share of the machine that the lane has to do
/// without. A lane's rate with and without the observer says less: rounds of one lane differ by more than the observer may cost.
/// </summary>
/// <param name="canaries">How many documents one question asks for, from 1.</param>
internal sealed class ObserverCost(int canaries)
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    /// <summary>As many at once as it takes to leave no core idle.</summary>
    private static readonly int AtOnce = 4 * Environment.ProcessorCount;

    /// <param name="sandbox">What it runs on.</param>
    /// <param name="options">How it is run; its records are the documents of the index.</param>
    /// <param name="progress">Is told each round.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ObserverFigure> RunAsync(SandboxProcess sandbox, ChainOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var collection = $"observed-for-{canaries}";
        await using var scope = new ServiceScope(sandbox.Endpoints, "", (services, configuration) => services.AddSolr(configuration, collection));
        var solr = scope.Get<SolrAdmin>();
        await solr.EnsureCollectionAsync(collection, cancellationToken);
        await BarePoster.PostAsync(
            sandbox.Endpoints.SolrUrl!, collection, SampleDeltas.Range(options.Records, options.Records), new LaneOptions().BulkDocuments, 1, cancellationToken);
        await solr.CommitAsync(collection, cancellationToken);
        var asked = Enumerable.Range(options.Records - canaries, canaries).Select(number => SampleDeltas.Create(number).DocumentId).ToArray();
        var rates = new List<double>();
        for (var round = 0; round <= options.Rounds; round++)
        {
            var rate = await RateAsync(scope.Get<SolrReader>(), asked, cancellationToken);
            progress(string.Create(
                CultureInfo.InvariantCulture, $"questions for {canaries} canaries, {(round == 0 ? "warm-up" : $"round {round} of {options.Rounds}")}: {rate:N0}/s"));
            if (round > 0)
            {
                rates.Add(rate);
            }
        }

        await solr.DeleteCollectionAsync(collection, cancellationToken);
        return new ObserverFigure(canaries, rates, Estimates.Of(rates.Select(rate => (double?)(1 / (rate * IndexObserver.Interval.TotalSeconds))))!);
    }

    private static async Task<double> RateAsync(SolrReader reader, string[] documents, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(AskAsync, cancellationToken)));
        return counts.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;

        async Task<long> AskAsync()
        {
            var count = 0L;
            for (; Stopwatch.GetElapsedTime(began) < Round; count++)
            {
                var found = await reader.VersionsAsync(documents, cancellationToken);
                if (found.Count != documents.Length)
                {
                    throw new InvalidOperationException($"{found.Count} of {documents.Length} documents were found");
                }
            }

            return count;
        }
    }
}
