using System.Text;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Formats;

namespace Hybrid.Unit.Tests.Load;

/// <summary>A line of an input directory: a delta, or what was there instead.</summary>
internal sealed record InputLine(string Key, long Number, CatalogDelta? Delta, string Text);

internal static class InputReading
{
    public static async Task<List<InputLine>> ReadAsync(string directory, PartitionLayout layout)
    {
        var lines = new List<InputLine>();
        foreach (var path in Directory.GetFiles(directory, "part-*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var key = Path.GetRelativePath(directory, path).Replace('\\', '/');
            Assert.True(layout.TryParse(key, out var partition), key);
            await using var file = File.OpenRead(path);
            await using var reader = new ObjectRecordReader(file, key, partition.Name);
            while (await reader.ReadAsync(default))
            {
                reader.TryParse(out var delta, out _);
                lines.Add(new InputLine(key, reader.LineNumber, delta, Encoding.UTF8.GetString(reader.Line.Span)));
            }
        }

        return lines;
    }

    /// <summary>Every file's path and bytes.</summary>
    public static Dictionary<string, byte[]> Bytes(string directory) =>
        Directory.GetFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(directory, path), File.ReadAllBytes);
}
