using System.Globalization;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Publisher.Publishing;

/// <summary>
/// Watches the share of bad lines over the last lines read, and stops the publisher when a source has turned to garbage. What was sent of the
/// transaction is aborted then, so the next start begins with the same lines: it stops again until the source is mended.
/// </summary>
internal sealed class ErrorShareGuard(double maxShare, int windowLines)
{
    private readonly Queue<(long Lines, long Errors)> _window = new();
    private long _lines;
    private long _errors;

    /// <summary>Notes lines.</summary>
    /// <param name="objectKey">Where they are from.</param>
    /// <param name="lines">How many were read.</param>
    /// <param name="errors">How many of them were bad.</param>
    /// <param name="example">One of the errors, if there was one.</param>
    /// <exception cref="HybridException">Too many are bad.</exception>
    public void Note(string objectKey, long lines, long errors, LineError? example)
    {
        if (lines == 0 || maxShare >= 1)
        {
            return;
        }

        _window.Enqueue((lines, errors));
        _lines += lines;
        _errors += errors;
        while (_window.TryPeek(out var oldest) && _lines - oldest.Lines >= windowLines)
        {
            _window.Dequeue();
            _lines -= oldest.Lines;
            _errors -= oldest.Errors;
        }

        if (_lines >= windowLines && _errors > maxShare * _lines)
        {
            throw HybridException.Failure(string.Create(
                CultureInfo.InvariantCulture,
                $"{_errors} of the last {_lines} lines up to object '{objectKey}' are bad, the last because: {example?.Message}; nothing of this transaction is published: mend the source, or raise Publisher:MaxErrorShare ({maxShare}) to send them to the dead letters"));
        }
    }
}
