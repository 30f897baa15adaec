namespace Hybrid.Containers.Tests;

/// <summary>A directory that goes with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hybrid-containers-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
