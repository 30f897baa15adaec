using Hybrid.Pipeline.Solr;

namespace Hybrid.Comparison.Observer;

/// <summary>
/// Watches a lane's collection from outside, as a reader would: asks at an interval, in one request, for the versions of the documents
/// that are due and not yet seen. It asks nothing while it waits for nothing.
/// </summary>
/// <param name="reader">The collection.</param>
/// <param name="board">What to wait for.</param>
/// <param name="clock">Wall time.</param>
internal sealed class IndexObserver(SolrReader reader, CanaryBoard board, TimeProvider clock)
{
    /// <summary>The time from one question to the next; a sighting is late by this and a round trip at most.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    private const int MaxDocuments = 400;

    /// <summary>The last failure to get an answer; null when all went well since.</summary>
    public string? Problem { get; private set; }

    /// <summary>Watches until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await AskAsync(cancellationToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        var wanted = board.Wanted(clock.GetUtcNow(), MaxDocuments);
        if (wanted.Count == 0)
        {
            return;
        }

        try
        {
            var versions = await reader.VersionsAsync(wanted, cancellationToken).ConfigureAwait(false);
            var now = clock.GetUtcNow();
            foreach (var (documentId, version) in versions)
            {
                board.Show(documentId, version, now);
            }

            Problem = null;
        }
        catch (SolrException failure)
        {
            Problem = failure.Message;
        }
    }
}
