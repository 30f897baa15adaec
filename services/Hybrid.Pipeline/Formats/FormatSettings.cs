using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats;

/// <summary>How objects are read, whatever their format.</summary>
public sealed record FormatSettings
{
    /// <summary>How many times its size an archive may expand to when nothing else is said.</summary>
    public const int DefaultMaxExpansion = 500;

    /// <summary>The longest line or record, bytes, from 4 KiB to 1 GiB; a longer one is reported and passed over.</summary>
    public int MaxLineBytes { get; init; } = ObjectLineReader.DefaultMaxLineBytes;

    /// <summary>How many times its size an archive may expand to, from 1; past it and past 64 MiB it is taken for a bomb, and so for damage.</summary>
    public int MaxExpansion { get; init; } = DefaultMaxExpansion;
}
