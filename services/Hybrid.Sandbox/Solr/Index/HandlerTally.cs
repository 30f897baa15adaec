using System.Diagnostics;

namespace Hybrid.Sandbox.Solr.Index;

/// <summary>What one handler of a core has done since the core was opened. Safe for concurrent use.</summary>
/// <param name="path">Where the handler answers: <c>/update</c>.</param>
internal sealed class HandlerTally(string path)
{
    private long _requests;
    private long _clientErrors;
    private long _serverErrors;
    private long _ticks;

    public string Path { get; } = path;

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Answers of 400 to 499.</summary>
    public long ClientErrors => Interlocked.Read(ref _clientErrors);

    /// <summary>Answers of 500 and more, and requests that ended without one.</summary>
    public long ServerErrors => Interlocked.Read(ref _serverErrors);

    /// <summary>How long all requests took together.</summary>
    public TimeSpan TotalTime => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _ticks));

    /// <param name="started">When the request came, as a <see cref="Stopwatch"/> timestamp.</param>
    /// <param name="status">The HTTP status of the answer.</param>
    public void Record(long started, int status)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _ticks, Stopwatch.GetTimestamp() - started);
        if (status >= 500)
        {
            Interlocked.Increment(ref _serverErrors);
        }
        else if (status >= 400)
        {
            Interlocked.Increment(ref _clientErrors);
        }
    }
}
