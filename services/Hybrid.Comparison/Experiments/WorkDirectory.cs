using Hybrid.Comparison.Stack;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Experiments;

/// <summary>A comparison's working directory: the sandbox's data, logs and status files. It is removed at the end unless it is to be kept.</summary>
internal sealed class WorkDirectory : IDisposable
{
    private readonly string _out;
    private readonly bool _keep;
    private readonly bool _madeOut;

    private WorkDirectory(string path, string @out, bool keep, bool madeOut)
    {
        Path = path;
        _out = @out;
        _keep = keep;
        _madeOut = madeOut;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Makes it below the report's directory.</summary>
    /// <exception cref="HybridException">It cannot be made.</exception>
    public static WorkDirectory Create(string @out, string runId, bool keep)
    {
        try
        {
            var isNew = !Directory.Exists(@out);
            var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(@out, "work-" + runId));
            return new WorkDirectory(Directory.CreateDirectory(path).FullName, @out, keep, isNew);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw HybridException.WrongCall($"the directory {@out} cannot be written ({failure.Message}): give another --out");
        }
    }

    /// <summary>Removes the sandbox's data unless they are to be kept, so that a disk that they filled has room for the report.</summary>
    public void DropSandbox()
    {
        if (!_keep)
        {
            Remove(Sandbox);
        }
    }

    /// <summary>Saves the logs from the removal.</summary>
    /// <returns>Where they are.</returns>
    public string KeepLogs()
    {
        if (_keep)
        {
            return Path;
        }

        var logs = System.IO.Path.GetFullPath(System.IO.Path.Combine(_out, "logs"));
        foreach (var file in Directory.EnumerateFiles(Path, "*.log", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Combine(logs, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }

        return logs;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_keep)
        {
            Remove(Path);
        }

        if (_madeOut && !Directory.EnumerateFileSystemEntries(_out).Any())
        {
            Remove(_out);
        }
    }

    private string Sandbox => System.IO.Path.Combine(Path, RunStack.DataDirectory);

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed stays; the report does not depend on it.
        }
    }
}
