using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Hybrid.Sandbox.S3.Protocol;

namespace Hybrid.Sandbox.S3.Payload;

/// <summary>What was received.</summary>
/// <param name="Length">Bytes, without framing.</param>
/// <param name="Md5">Their MD5 in lower-case hex.</param>
/// <param name="Checksums">The additional checksums that were given and held, or asked for, by header name, in base64.</param>
internal sealed record ReceivedPayload(long Length, string Md5, IReadOnlyDictionary<string, string> Checksums);

/// <summary>Streams a body, plain or <c>aws-chunked</c>, to its destination and holds it to everything its request promised.</summary>
internal sealed class PayloadReceiver : IDisposable
{
    private readonly Stream _destination;
    private readonly long _limit;
    private readonly BodyDigests _digests;
    private readonly IncrementalHash? _sha256;
    private readonly PayloadExpectations _expected;
    private long _length;

    private PayloadReceiver(PayloadExpectations expected, Stream destination, long limit, string? computed)
    {
        _expected = expected;
        _destination = destination;
        _limit = limit;
        _sha256 = expected.Sha256 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _digests = new BodyDigests([.. expected.Checksums.Keys, .. expected.TrailingChecksums, computed ?? string.Empty]);
    }

    /// <summary>Receives a request's body.</summary>
    /// <param name="call">The request.</param>
    /// <param name="destination">Gets the bytes without framing; what it got is worthless when this throws.</param>
    /// <param name="limit">The most bytes taken.</param>
    /// <param name="computed">The header of a checksum to compute whether the request gives it or not; null is none.</param>
    /// <exception cref="S3Exception">The body is too long, incomplete, or does not match a digest or signature given with it.</exception>
    public static async Task<ReceivedPayload> ReceiveAsync(S3Call call, Stream destination, long limit, string? computed = null)
    {
        var expected = PayloadExpectations.From(call.Request);
        if (expected.Length > limit)
        {
            throw S3Exception.EntityTooLarge(limit);
        }

        using var payload = new PayloadReceiver(expected, destination, limit, computed);
        var body = call.Request.BodyReader;
        var trailers = expected.Chunked
            ? await AwsChunkedDecoder.DecodeAsync(body, payload.Append, call.Signatures, call.Aborted).ConfigureAwait(false)
            : await payload.CopyAsync(body, call.Aborted).ConfigureAwait(false);
        return payload.Finish(trailers);
    }

    public void Dispose()
    {
        _digests.Dispose();
        _sha256?.Dispose();
    }

    private async Task<IReadOnlyDictionary<string, string>> CopyAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                Append(read.Buffer);
            }
            finally
            {
                // Also when the bytes are not taken: the server reads the rest of the body, and the client its answer.
                body.AdvanceTo(read.Buffer.End);
            }

            if (read.IsCompleted)
            {
                return Storage.StoredObject.Empty;
            }
        }
    }

    private void Append(ReadOnlySequence<byte> bytes)
    {
        _length += bytes.Length;
        if (_length > _limit)
        {
            throw S3Exception.EntityTooLarge(_limit);
        }

        foreach (var segment in bytes)
        {
            var span = segment.Span;
            _digests.Append(span);
            _sha256?.AppendData(span);
            _destination.Write(span);
        }
    }

    private ReceivedPayload Finish(IReadOnlyDictionary<string, string> trailers)
    {
        if (_expected.Length is { } length && length != _length)
        {
            throw S3Exception.IncompleteBody($"The body has {_length} bytes; {length} were announced.");
        }

        var (md5, checksums) = _digests.Finish();
        if (_expected.Md5 is { } expectedMd5 && expectedMd5 != md5)
        {
            throw S3Exception.BadDigest("Content-MD5");
        }

        if (_expected.Sha256 is { } expectedSha && expectedSha != Convert.ToHexStringLower(_sha256!.GetHashAndReset()))
        {
            throw S3Exception.ContentHashMismatch();
        }

        foreach (var (header, actual) in checksums)
        {
            var given = _expected.Checksums.GetValueOrDefault(header) ?? trailers.GetValueOrDefault(header);
            if (given is null && _expected.TrailingChecksums.Contains(header, StringComparer.OrdinalIgnoreCase))
            {
                throw S3Exception.IncompleteBody($"The announced trailer {header} did not come.");
            }

            if (given is not null && given != actual)
            {
                throw S3Exception.BadDigest(header);
            }
        }

        return new ReceivedPayload(_length, md5, checksums);
    }
}
