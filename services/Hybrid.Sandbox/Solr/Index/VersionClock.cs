namespace Hybrid.Sandbox.Solr.Index;

/// <summary>
/// Gives each update its <c>_version_</c>: strictly increasing, and above 2^53 as Solr's are, the wall clock's milliseconds
/// shifted by twenty bits. Not safe for concurrent use.
/// </summary>
internal sealed class VersionClock(TimeProvider time)
{
    private const int CounterBits = 20;

    private long _last;

    public long Next()
    {
        _last = Math.Max(_last + 1, time.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits);
        return _last;
    }

    /// <summary>Goes on behind a version that was given in an earlier life.</summary>
    public void Observe(long version) => _last = Math.Max(_last, Math.Abs(version));
}
