using System.Security.Cryptography;
using Hybrid.Sandbox.S3.Protocol;

namespace Hybrid.Sandbox.S3.Payload;

/// <summary>One of S3's additional checksums, running over a body.</summary>
internal sealed class Checksum : IDisposable
{
    private const string Prefix = "x-amz-checksum-";

    private readonly Crc? _crc;
    private readonly IncrementalHash? _hash;
    private ulong _running;

    private Checksum(string header, Crc? crc, IncrementalHash? hash)
    {
        Header = header;
        _crc = crc;
        _hash = hash;
        _running = crc?.Initial ?? 0;
    }

    /// <summary>The header that carries it: <c>x-amz-checksum-crc32</c>.</summary>
    public string Header { get; }

    /// <summary>The check that a header's name stands for, or null when the name is not that of a checksum.</summary>
    public static Checksum? ForHeader(string header)
    {
        var name = header.ToLowerInvariant();
        return name switch
        {
            Prefix + "crc32" => new Checksum(name, Crc.Crc32, null),
            Prefix + "crc32c" => new Checksum(name, Crc.Crc32C, null),
            Prefix + "crc64nvme" => new Checksum(name, Crc.Crc64Nvme, null),
            Prefix + "sha1" => new Checksum(name, null, IncrementalHash.CreateHash(HashAlgorithmName.SHA1)),
            Prefix + "sha256" => new Checksum(name, null, IncrementalHash.CreateHash(HashAlgorithmName.SHA256)),
            _ => null,
        };
    }

    /// <summary>The header that carries the checksum of an algorithm's name (<c>CRC32C</c>).</summary>
    /// <exception cref="S3Exception">InvalidRequest: no such algorithm.</exception>
    public static string HeaderOf(string algorithm)
    {
        using var known = ForHeader(Prefix + algorithm);
        return known?.Header ?? throw S3Exception.InvalidRequest($"'{algorithm}' is no checksum algorithm; CRC32, CRC32C, CRC64NVME, SHA1 and SHA256 are.");
    }

    /// <summary>The name of the XML element that carries a header's checksum: <c>ChecksumCRC32</c>.</summary>
    public static string ElementOf(string header) => "Checksum" + header[Prefix.Length..].ToUpperInvariant();

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_crc is not null)
        {
            _running = _crc.Append(_running, bytes);
        }
        else
        {
            _hash!.AppendData(bytes);
        }
    }

    /// <summary>The result in base64.</summary>
    public string Finish() => Convert.ToBase64String(_crc?.Finish(_running) ?? _hash!.GetHashAndReset());

    public void Dispose() => _hash?.Dispose();
}
