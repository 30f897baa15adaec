namespace Hybrid.Sandbox.Tests.Conformance.Peers;

/// <summary>Where the peers are: unpacked under artifacts/peers by <c>./hybrid test</c>, else wherever the system has them.</summary>
internal static class PeerPaths
{
    private static readonly string Unpacked = Path.Combine(RepositoryRoot(), "artifacts", "peers");

    /// <summary>Debian's own interpreter, since the modules of Debian's packages belong to its version.</summary>
    public static string Python { get; } = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    public static string Program(string name)
    {
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return directories.Prepend(Path.Combine(Unpacked, "debian", "usr", "bin"))
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists) ?? name;
    }

    public static void Apply(IDictionary<string, string?> environment)
    {
        environment["NODE_PATH"] = Path.Combine(Unpacked, "node", "node_modules");
        environment["PYTHONDONTWRITEBYTECODE"] = "1";
        var root = Path.Combine(Unpacked, "debian");
        if (!Directory.Exists(root))
        {
            return;
        }

        environment["PYTHONPATH"] = Path.Combine(root, "usr", "lib", "python3", "dist-packages");
        var libraries = Path.Combine(root, "usr", "lib");
        environment["LD_LIBRARY_PATH"] = string.Join(
            Path.PathSeparator, Directory.EnumerateDirectories(libraries, "*-linux-gnu").Append(libraries));
    }

    public static string RepositoryRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Hybrid.sln")))
        {
            directory = Path.GetDirectoryName(directory)
                ?? throw new InvalidOperationException($"no Hybrid.sln above {AppContext.BaseDirectory}");
        }

        return directory;
    }
}
