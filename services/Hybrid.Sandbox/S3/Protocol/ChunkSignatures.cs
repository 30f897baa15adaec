using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Hybrid.Sandbox.S3.Protocol;

/// <summary>
/// The chain of signatures through an <c>aws-chunked</c> body (AWS Signature Version 4, "chunked upload"): each chunk's is made with
/// the one before, the first with the request's own, so that chunks can be neither changed, dropped nor swapped.
/// </summary>
/// <param name="key">The signing key of the request's scope.</param>
/// <param name="date">The request's date as it was signed.</param>
/// <param name="scope">date/region/service/aws4_request.</param>
/// <param name="seed">The request's signature.</param>
internal sealed class ChunkSignatures(byte[] key, string date, string scope, string seed) : IDisposable
{
    private static readonly string EmptyHash = Convert.ToHexStringLower(SHA256.HashData([]));

    private readonly IncrementalHash _chunk = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private string _previous = seed;

    /// <summary>Takes bytes of the chunk that is being read.</summary>
    public void Append(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            _chunk.AppendData(segment.Span);
        }
    }

    /// <summary>Ends a chunk.</summary>
    /// <exception cref="S3Exception">SignatureDoesNotMatch.</exception>
    public void CheckChunk(string signature) =>
        Check($"AWS4-HMAC-SHA256-PAYLOAD\n{date}\n{scope}\n{_previous}\n{EmptyHash}\n{Convert.ToHexStringLower(_chunk.GetHashAndReset())}", signature);

    /// <summary>Ends the body with its trailing headers.</summary>
    /// <param name="trailers">One line each, <c>name:value</c> and a line feed.</param>
    /// <param name="signature">Theirs.</param>
    /// <exception cref="S3Exception">SignatureDoesNotMatch.</exception>
    public void CheckTrailers(string trailers, string signature) =>
        Check($"AWS4-HMAC-SHA256-TRAILER\n{date}\n{scope}\n{_previous}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(trailers)))}", signature);

    public void Dispose() => _chunk.Dispose();

    private void Check(string toSign, string signature)
    {
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(signature)))
        {
            throw S3Exception.SignatureDoesNotMatch();
        }

        _previous = expected;
    }
}
