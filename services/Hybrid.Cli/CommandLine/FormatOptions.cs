using System.CommandLine;
using Hybrid.Pipeline.Formats;

namespace Hybrid.Cli.CommandLine;

/// <summary>The options of verbs that write objects.</summary>
internal static class FormatOptions
{
    public static Option<SourceFormat> Format() => new("--format")
    {
        Description = "How objects hold their records: ndjson, csv or avro..",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => SourceFormat.Ndjson,
    };

    public static Option<ObjectCompression> Compression() => new("--compression")
    {
        Description = "How objects are compressed: none, gzip or zstd..",
        HelpName = "COMPRESSION",
        DefaultValueFactory = _ => ObjectCompression.Gzip,
    };
}
