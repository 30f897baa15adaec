using System.Buffers;
using System.Text;
using Hybrid.Pipeline.DeadLetters;

namespace Hybrid.Pipeline.Lines;

/// <summary>Says where text stops being UTF-8.</summary>
internal static class InvalidUtf8
{
    /// <summary>The error of a line that is not UTF-8, with the first byte that is wrong.</summary>
    public static LineError Error(ReadOnlySpan<byte> line)
    {
        var at = 0;
        while (at < line.Length && Rune.DecodeFromUtf8(line[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return new LineError(ErrorClasses.InvalidUtf8, "the line is not UTF-8") { Column = at + 1 };
    }
}
