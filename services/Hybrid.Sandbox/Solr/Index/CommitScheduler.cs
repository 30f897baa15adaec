using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Update;

namespace Hybrid.Sandbox.Solr.Index;

/// <summary>Commits by time: what <c>commitWithin</c>, <c>autoSoftCommit</c> and <c>autoCommit</c> promise.</summary>
internal sealed class CommitScheduler : IDisposable
{
    private readonly CoreConfig _config;
    private readonly Deadline _soft;
    private readonly Deadline _hard;

    public CommitScheduler(CoreConfig config, TimeProvider time, Func<CommitOptions, Task> commit)
    {
        _config = config;
        _soft = new Deadline(time, () => commit(new CommitOptions(Soft: true, OpenSearcher: true)));
        _hard = new Deadline(time, () => commit(new CommitOptions(Soft: false, config.AutoCommit.OpenSearcher)));
    }

    /// <summary>Hears of an update.</summary>
    /// <param name="commitWithin">When it is to be searchable, in milliseconds; below 0 when it does not say.</param>
    public void Updated(int commitWithin)
    {
        if (commitWithin >= 0)
        {
            _soft.Set(TimeSpan.FromMilliseconds(commitWithin));
        }

        if (_config.AutoSoftCommit.MaxTime is { } soft)
        {
            _soft.Set(soft);
        }

        if (_config.AutoCommit.MaxTime is { } hard)
        {
            _hard.Set(hard);
        }
    }

    public void Dispose()
    {
        _soft.Dispose();
        _hard.Dispose();
    }

    /// <summary>Calls once at the earliest of the times it was set to, then waits to be set again.</summary>
    private sealed class Deadline : IDisposable
    {
        private readonly TimeProvider _time;
        private readonly Func<Task> _reached;
        private readonly Lock _gate = new();
        private readonly ITimer _timer;
        private long? _due;

        public Deadline(TimeProvider time, Func<Task> reached)
        {
            _time = time;
            _reached = reached;
            _timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Set(TimeSpan delay)
        {
            var due = _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);
            lock (_gate)
            {
                if (_due is null || due < _due)
                {
                    _due = due;
                    _timer.Change(delay, Timeout.InfiniteTimeSpan);
                }
            }
        }

        public void Dispose() => _timer.Dispose();

        private void Fire()
        {
            lock (_gate)
            {
                _due = null;
            }

            _ = _reached();
        }
    }
}
