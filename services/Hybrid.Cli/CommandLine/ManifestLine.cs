using System.Globalization;
using Hybrid.Contracts.Partitions;

namespace Hybrid.Cli.CommandLine;

/// <summary>What was made, in one line.</summary>
internal static class ManifestLine
{
    public static string Of(InputManifest manifest)
    {
        var made = manifest.Counts is not { } counts ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"{counts.Partitions:N0} partitions ({manifest.FirstPartition} to {manifest.LastPartition}), {counts.Objects:N0} objects, {counts.Lines:N0} lines: {counts.Upserts:N0} upserts, {counts.Deletes:N0} deletes, {counts.Signals:N0} signals, {counts.Malformed:N0} that are no delta");
        return manifest.Imported is not { } imported ? made : made + string.Create(
            CultureInfo.InvariantCulture,
            $"; of {imported.Read:N0} source lines {imported.Sales:N0} sales, {imported.Cancellations:N0} cancellations, {imported.Nonsense:N0} that make no sense");
    }
}
