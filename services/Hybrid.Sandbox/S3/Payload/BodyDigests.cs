using System.Security.Cryptography;

namespace Hybrid.Sandbox.S3.Payload;

/// <summary>The MD5 and the additional checksums of a body, computed as it passes.</summary>
internal sealed class BodyDigests : IDisposable
{
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly List<Checksum> _checksums = [];

    /// <param name="checksums">Header names of the checksums to compute; those that name none are left out.</param>
    public BodyDigests(IEnumerable<string> checksums)
    {
        foreach (var header in checksums.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (Checksum.ForHeader(header) is { } checksum)
            {
                _checksums.Add(checksum);
            }
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _md5.AppendData(bytes);
        foreach (var checksum in _checksums)
        {
            checksum.Append(bytes);
        }
    }

    /// <returns>The MD5 in lower-case hex, and the checksums in base64 by header name.</returns>
    public (string Md5, IReadOnlyDictionary<string, string> Checksums) Finish()
    {
        var md5 = Convert.ToHexStringLower(_md5.GetHashAndReset());
        if (_checksums.Count == 0)
        {
            return (md5, Storage.StoredObject.Empty);
        }

        return (md5, _checksums.ToDictionary(
            static checksum => checksum.Header, static checksum => checksum.Finish(), StringComparer.OrdinalIgnoreCase));
    }

    public void Dispose()
    {
        _md5.Dispose();
        _checksums.ForEach(static checksum => checksum.Dispose());
    }
}
