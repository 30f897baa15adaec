using Hybrid.Sandbox.Faults;

namespace Hybrid.Sandbox.Registry;

/// <summary>How the sandbox's schema registry runs.</summary>
public sealed record RegistryServerOptions
{
    /// <summary>Where the journal is kept; created when absent. One server a directory.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The loopback port, 0 to 65535; 0 (the default) lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>What its requests and writes may meet.</summary>
    internal ServiceFaults Faults { get; init; } = new();
}
