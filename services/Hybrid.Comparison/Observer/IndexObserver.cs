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

    /// <summary>Documents that one question asks for at most; when more are waited for they take turns.</summary>
    public const int MaxDocuments = 400;

    private readonly List<double> _lateness = [];
    private long _requests;

    /// <summary>How long after its turn each question was asked, seconds. Read it once <see cref="RunAsync"/> has ended.</summary>
    public IReadOnlyList<double> Lateness => _lateness;

    /// <summary>Questions asked so far.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>The last failure to get an answer; null when all went well since.</summary>
    public string? Problem { get; private set; }

    /// <summary>Watches until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            long? last = null;
            do
            {
                var now = clock.GetTimestamp();
                if (last is { } before)
                {
                    _lateness.Add(Math.Max(0, (clock.GetElapsedTime(before, now) - Interval).TotalSeconds));
                }

                last = now;
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

        Interlocked.Increment(ref _requests);
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
