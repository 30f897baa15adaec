namespace Hybrid.Pipeline.Lines;

/// <summary>An object whose bytes cannot be read to the end: a truncated or damaged archive. The lines before the damage stand.</summary>
public sealed class CorruptObjectException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="objectKey">The object.</param>
    /// <param name="line">The line that the damage begins in, from 1.</param>
    /// <param name="reason">What is wrong, without a full stop.</param>
    /// <param name="inner">The cause.</param>
    public CorruptObjectException(string objectKey, long line, string reason, Exception? inner = null)
        : base($"object '{objectKey}' is damaged at line {line}: {reason}", inner)
    {
        ObjectKey = objectKey;
        Line = line;
    }

    /// <summary>The object.</summary>
    public string ObjectKey { get; }

    /// <summary>The line that the damage begins in, from 1.</summary>
    public long Line { get; }
}
