using System.Globalization;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Pipeline.Lines;

/// <summary>
/// Watches the share of bad lines over the last lines read, and stops the service when a source has turned to garbage. What was read since the
/// last commit is not committed then, so the next start begins with the same lines: it stops again until the source is mended.
/// </summary>
/// <param name="maxShare">The greatest share of bad lines, 0 to 1; 1 never stops.</param>
/// <param name="windowLines">Over how many lines it is taken; with fewer nothing stops.</param>
/// <param name="setting">The name of the setting to raise, for the message.</param>
internal sealed class ErrorShareGuard(double maxShare, int windowLines, string setting)
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
                $"{_errors} of the last {_lines} lines up to object '{objectKey}' are bad, the last because: {example?.Message}; nothing of them is taken: mend the source, or raise {setting} ({maxShare}) to send them to the dead letters"));
        }
    }
}
