using Spectre.Console;

namespace Hybrid.Comparison.Progress;

/// <summary>A bar for each phase.</summary>
/// <param name="context">Spectre's bars.</param>
/// <param name="notes">What is to be said once the bars stand still.</param>
internal sealed class LiveProgress(ProgressContext context, List<string> notes) : IComparisonProgress
{
    private readonly Lock _lock = new();
    private ProgressTask? _task;

    /// <inheritdoc/>
    public void Phase(string text)
    {
        lock (_lock)
        {
            Finish();
            _task = context.AddTask(Markup.Escape(text));
            _task.IsIndeterminate = true;
        }
    }

    /// <inheritdoc/>
    public void Advance(long done, long total) => Show(done, total, null);

    /// <inheritdoc/>
    public void Lane(LaneProgress lane)
    {
        ArgumentNullException.ThrowIfNull(lane);
        Show(lane.Due + lane.Seen, lane.Periods + lane.Canaries, LaneLine.Of(lane));
    }

    /// <inheritdoc/>
    public void Note(string text)
    {
        lock (_lock)
        {
            notes.Add(text);
        }
    }

    private void Show(long done, long total, string? description)
    {
        lock (_lock)
        {
            if (_task is { } task)
            {
                task.IsIndeterminate = false;
                task.MaxValue = Math.Max(1, total);
                task.Value = Math.Min(done, task.MaxValue);
                task.Description = description is null ? task.Description : Markup.Escape(description);
            }
        }
    }

    private void Finish()
    {
        if (_task is { } task)
        {
            task.IsIndeterminate = false;
            task.Value = task.MaxValue;
            task.StopTask();
        }
    }
}
