using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Comparison.Crashes.Publishing;

/// <summary>Puts objects one after the other, ahead of time, just in time and late, whatever happens to the publishers.</summary>
internal sealed class ArrivingInput : IAsyncDisposable
{
    private const double ShareAhead = 0.5;
    private const double ShareNear = 0.25;
    private const int SpreadAhead = 6;
    private const int LatestBehind = 20;
    private const int ShortestPause = 80;
    private const int LongestPause = 300;

    private readonly CrashSource _source;
    private readonly IObjectStore _store;
    private readonly PublishLedger _ledger;
    private readonly Random _choices;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _putting;
    private InputObject? _last;

    /// <summary>Begins to put.</summary>
    /// <param name="source">Whose partitions.</param>
    /// <param name="store">Where to.</param>
    /// <param name="ledger">Is told.</param>
    /// <param name="seed">Decides what, when and where.</param>
    public ArrivingInput(CrashSource source, IObjectStore store, PublishLedger ledger, int seed)
    {
        (_source, _store, _ledger, _choices) = (source, store, ledger, new Random(seed));
        _putting = Task.Run(PutAsync);
    }

    /// <summary>Puts no more.</summary>
    /// <returns>The end of the last partition that anything was put into, or a later one: everything can be listed before that is due.</returns>
    public async Task<DateTimeOffset> StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _putting.ConfigureAwait(false);
        return _source.EndAfter(_last!.Partition);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _putting.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task PutAsync()
    {
        for (var number = 0; number == 0 || !_stopping.IsCancellationRequested; number++)
        {
            var input = InputObject.Draw(number, _source.FromNow(Offset()), _source.Layout, _choices);
            _ledger.Putting(input);
            using var content = new MemoryStream(input.Content());
            await _store.PutAsync(input.Key, content, null, CancellationToken.None).ConfigureAwait(false);
            _ledger.Settled(input, DateTimeOffset.UtcNow);
            _last = _last is null || input.Partition.CompareTo(_last.Partition) > 0 ? input : _last;
            await Task.Delay(_choices.Next(ShortestPause, LongestPause), _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>How many partitions from now an object belongs to.</summary>
    private int Offset() => _choices.NextDouble() switch
    {
        < ShareAhead => _source.SafelyAhead + _choices.Next(SpreadAhead),
        < ShareAhead + ShareNear => _choices.Next(_source.SafelyAhead),
        _ => -_choices.Next(1, LatestBehind),
    };
}
