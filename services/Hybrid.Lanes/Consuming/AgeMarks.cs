namespace Hybrid.Lanes.Consuming;

/// <summary>
/// Remembers when the records of a partition were written, one mark for a tenth of a second, so that the age of any offset in flight is
/// known without keeping a time for each.
/// </summary>
internal sealed class AgeMarks
{
    private const long Spacing = 100;

    private readonly Queue<(long Offset, long Written)> _marks = new();
    private long? _newest;
    private long? _passed;

    /// <summary>Notes a record. A time that goes back is taken for the newest.</summary>
    /// <param name="offset">Its offset, higher than any before.</param>
    /// <param name="written">When it was written, in milliseconds.</param>
    public void Note(long offset, long written)
    {
        if (_newest is not { } newest || written - newest >= Spacing)
        {
            _marks.Enqueue((offset, written));
            _newest = written;
        }
    }

    /// <summary>When the record at an offset was written, or at most a tenth of a second before it; null when nothing was noted.</summary>
    /// <param name="offset">Not lower than the last time: what lies before it is forgotten.</param>
    public long? At(long offset)
    {
        while (_marks.TryPeek(out var next) && next.Offset <= offset)
        {
            _passed = next.Written;
            _marks.Dequeue();
        }

        return _passed ?? (_marks.TryPeek(out var first) ? first.Written : null);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _marks.Clear();
        _newest = _passed = null;
    }
}
