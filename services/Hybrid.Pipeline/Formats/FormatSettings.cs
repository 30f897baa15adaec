using Hybrid.Pipeline.Formats.Csv;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats;

/// <summary>How objects are read, whatever their format.</summary>
public sealed record FormatSettings
{
    /// <summary>How many times its size an archive may expand to when nothing else is said.</summary>
    public const int DefaultMaxExpansion = 500;

    /// <summary>The longest line or record, bytes, from 4 KiB to 1 GiB; a longer one is reported and passed over.</summary>
    public int MaxLineBytes { get; init; } = ObjectLineReader.DefaultMaxLineBytes;

    /// <summary>How the columns of CSV objects become fields.</summary>
    public CsvMapping Mapping
    {
        init => Csv = new CsvPlan(value);
    }

    /// <summary>How many times its size an archive may expand to, from 1; past it and past 64 MiB it is taken for a bomb, and so for damage.</summary>
    public int MaxExpansion { get; init; } = DefaultMaxExpansion;

    internal CsvPlan Csv { get; private init; } = new(new CsvMapping());

    /// <summary>The settings of a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="maxLineBytes">See <see cref="MaxLineBytes"/>.</param>
    /// <exception cref="HybridException">The mapping is not there, or is none.</exception>
    public static FormatSettings Of(SourceOptions source, int maxLineBytes = ObjectLineReader.DefaultMaxLineBytes)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new FormatSettings
        {
            MaxLineBytes = maxLineBytes,
            MaxExpansion = source.MaxExpansion,
            Csv = new CsvPlan(source.Mapping is { Length: > 0 } path ? CsvMapping.Load(path) : new CsvMapping()),
        };
    }
}
