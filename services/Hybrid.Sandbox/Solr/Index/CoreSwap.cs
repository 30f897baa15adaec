namespace Hybrid.Sandbox.Solr.Index;

/// <summary>
/// Two cores' change of names on disk: what is to be done is written down first, whole or not at all, and done after that, by the next start
/// if need be. So a kill leaves both names as they were or both changed.
/// </summary>
internal static class CoreSwap
{
    private const string FileName = "swap.intent";

    /// <summary>Writes down what is to be done.</summary>
    /// <param name="root">The directory that holds the cores' directories.</param>
    /// <param name="changes">The directory of each core, and its new name.</param>
    public static void Begin(string root, params ReadOnlySpan<(string Directory, string Name)> changes)
    {
        var path = Path.Combine(root, FileName);
        var lines = new List<string>();
        foreach (var (directory, name) in changes)
        {
            lines.Add($"{name} {Path.GetFileName(directory)}");
        }

        File.WriteAllLines(path + ".partial", lines);
        File.Move(path + ".partial", path, overwrite: true);
    }

    /// <summary>Does what is written down, if anything is.</summary>
    public static void Finish(string root)
    {
        var path = Path.Combine(root, FileName);
        if (!File.Exists(path))
        {
            return;
        }

        foreach (var change in File.ReadAllLines(path).Select(line => line.Split(' ', 2)))
        {
            var directory = Path.Combine(root, change[1]);
            (CoreDescriptor.Read(directory) with { Name = change[0] }).Write(directory);
        }

        File.Delete(path);
    }
}
