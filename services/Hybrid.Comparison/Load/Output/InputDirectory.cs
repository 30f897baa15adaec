using System.Text.Json;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Load.Output;

/// <summary>
/// An input directory being made. Everything is written below a partial directory within it and moved into place at the end, the manifest
/// last, so that a reader sees either the directory as it was, or one without a manifest, or the new one whole. Failing leaves no partial file.
/// </summary>
internal sealed class InputDirectory : IDisposable
{
    private const string PartialName = ".partial";

    private readonly string _partial;

    private InputDirectory(string path)
    {
        Path = path;
        _partial = System.IO.Path.Combine(path, PartialName);
    }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>Claims a directory: one that is absent, empty, or made by these verbs before (which is replaced).</summary>
    /// <exception cref="HybridException">The directory holds something else, or cannot be written to.</exception>
    public static InputDirectory Claim(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        return Guard(full, () =>
        {
            if (File.Exists(full))
            {
                throw HybridException.WrongCall($"the output {full} is a file: give a directory");
            }

            var entries = Directory.Exists(full) ? Directory.GetFileSystemEntries(full).Select(System.IO.Path.GetFileName).ToArray() : [];
            if (entries.Length > 0 && !entries.Contains(InputManifest.FileName) && !entries.Contains(PartialName))
            {
                throw HybridException.WrongCall(
                    $"the output directory {full} is not empty and holds no {InputManifest.FileName}: give another, or empty it first");
            }

            var directory = new InputDirectory(full);
            directory.RemovePartial();
            Directory.CreateDirectory(directory._partial);
            return directory;
        });
    }

    /// <summary>Begins an object.</summary>
    /// <param name="key">Its key; its directories are made.</param>
    /// <exception cref="HybridException">The file cannot be written.</exception>
    public ObjectWriter Create(string key)
    {
        var path = System.IO.Path.Combine(_partial, key);
        return Guard(Path, () =>
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            return new ObjectWriter(path, Path);
        });
    }

    /// <summary>Moves everything into place, the manifest last.</summary>
    /// <exception cref="HybridException">The directory cannot be written to.</exception>
    public void Commit(InputManifest manifest)
    {
        Guard(Path, () =>
        {
            var manifestPath = System.IO.Path.Combine(Path, InputManifest.FileName);
            var written = System.IO.Path.Combine(_partial, InputManifest.FileName);
            File.WriteAllBytes(written, JsonSerializer.SerializeToUtf8Bytes(manifest, InputManifestJson.Default.InputManifest));
            File.Delete(manifestPath);
            foreach (var old in Directory.GetDirectories(Path).Where(old => System.IO.Path.GetFileName(old) != PartialName))
            {
                Directory.Delete(old, recursive: true);
            }

            foreach (var made in Directory.GetDirectories(_partial))
            {
                Directory.Move(made, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(made)));
            }

            File.Move(written, manifestPath);
            return true;
        });
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose() => RemovePartial();

    /// <summary>Turns the errors of a file system into one line for the user.</summary>
    internal static T Guard<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw HybridException.Failure($"cannot write to {path} ({failure.Message.ReplaceLineEndings(" ")}): make room, or give another directory", failure);
        }
    }

    private void RemovePartial()
    {
        if (Directory.Exists(_partial))
        {
            Directory.Delete(_partial, recursive: true);
        }
    }
}
