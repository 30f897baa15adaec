namespace Hybrid.Comparison.Processes;

/// <summary>The end of a log, for a message of one line.</summary>
internal static class LogTail
{
    private const int Bytes = 4096;
    private const int Lines = 3;
    private const int Length = 600;

    /// <summary>The last lines of a log that are not empty, joined; says so when there is none.</summary>
    public static string Read(string path)
    {
        try
        {
            using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            log.Seek(-Math.Min(Bytes, log.Length), SeekOrigin.End);
            using var reader = new StreamReader(log);
            var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var tail = string.Join(" | ", lines.TakeLast(Lines));
            return tail.Length == 0 ? "it wrote nothing" : tail.Length <= Length ? tail : "…" + tail[^Length..];
        }
        catch (IOException failure)
        {
            return $"its log cannot be read: {failure.Message}";
        }
    }
}
