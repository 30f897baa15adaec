using Hybrid.Sandbox.Faults;

namespace Hybrid.Sandbox.S3;

/// <summary>How the sandbox's S3 service runs.</summary>
public sealed record S3ServerOptions
{
    /// <summary>Where buckets and objects are kept; created when absent. One server a directory.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The loopback port, 0 to 65535; 0 (the default) lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The access key requests must be signed with; null together with <see cref="SecretKey"/> (the default) accepts
    /// any request.
    /// </summary>
    public string? AccessKey { get; init; }

    /// <summary>The secret that AWS Signature Version 4 is checked with; null (the default) checks nothing.</summary>
    public string? SecretKey { get; init; }

    /// <summary>What its requests, listings and writes may meet.</summary>
    internal ServiceFaults Faults { get; init; } = new();
}
