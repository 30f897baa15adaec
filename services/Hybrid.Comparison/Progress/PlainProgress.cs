using System.Globalization;
using Spectre.Console;

namespace Hybrid.Comparison.Progress;

/// <summary>One line a phase, and one every few seconds of a lane's run.</summary>
/// <param name="console">Where the lines go.</param>
/// <param name="clock">Wall time.</param>
internal sealed class PlainProgress(IAnsiConsole console, TimeProvider clock) : IComparisonProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long _last = clock.GetTimestamp();

    /// <inheritdoc/>
    public void Phase(string text) => Write(text, always: true);

    /// <inheritdoc/>
    public void Advance(long done, long total) => Write(string.Create(CultureInfo.InvariantCulture, $"  {done} of {total} partitions read"), always: false);

    /// <inheritdoc/>
    public void Lane(LaneProgress lane)
    {
        ArgumentNullException.ThrowIfNull(lane);
        Write("  " + LaneLine.Of(lane), always: false);
    }

    /// <inheritdoc/>
    public void Note(string text) => Write(text, always: true);

    private void Write(string line, bool always)
    {
        lock (_lock)
        {
            if (always || clock.GetElapsedTime(_last) >= Interval)
            {
                _last = clock.GetTimestamp();
                console.Profile.Out.Writer.WriteLine(line);
            }
        }
    }
}
