using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Hybrid.Sandbox.S3.Protocol;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Payload;

/// <summary>What was received.</summary>
/// <param name="Length">Bytes, without framing.</param>
/// <param name="Md5">Their MD5 in lower-case hex.</param>
/// <param name="Checksums">The additional checksums that were given and held, by header name, in base64.</param>
internal sealed record ReceivedPayload(long Length, string Md5, IReadOnlyDictionary<string, string> Checksums);

/// <summary>Streams a body, plain or <c>aws-chunked</c>, to its destination and holds it to everything its request promised.</summary>
internal sealed class PayloadReceiver : IDisposable
{
    private readonly Stream _destination;
    private readonly long _limit;
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly IncrementalHash? _sha256;
    private readonly List<Checksum> _checksums = [];
    private readonly PayloadExpectations _expected;
    private long _length;

    private PayloadReceiver(PayloadExpectations expected, Stream destination, long limit)
    {
        _expected = expected;
        _destination = destination;
        _limit = limit;
        _sha256 = expected.Sha256 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var header in expected.Checksums.Keys.Concat(expected.TrailingChecksums))
        {
            if (Checksum.ForHeader(header) is { } checksum)
            {
                _checksums.Add(checksum);
            }
        }
    }

    /// <summary>Receives a request's body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="destination">Gets the bytes without framing; what it got is worthless when this throws.</param>
    /// <param name="limit">The most bytes taken.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="S3Exception">The body is too long, incomplete, or does not match a digest given with it.</exception>
    public static async Task<ReceivedPayload> ReceiveAsync(
        HttpRequest request, Stream destination, long limit, CancellationToken cancellationToken)
    {
        var expected = PayloadExpectations.From(request);
        if (expected.Length > limit)
        {
            throw S3Exception.EntityTooLarge(limit);
        }

        using var payload = new PayloadReceiver(expected, destination, limit);
        var trailers = expected.Chunked
            ? await AwsChunkedDecoder.DecodeAsync(request.BodyReader, payload.Append, cancellationToken).ConfigureAwait(false)
            : await payload.CopyAsync(request.BodyReader, cancellationToken).ConfigureAwait(false);
        return payload.Finish(trailers);
    }

    public void Dispose()
    {
        _md5.Dispose();
        _sha256?.Dispose();
        _checksums.ForEach(static checksum => checksum.Dispose());
    }

    private async Task<IReadOnlyDictionary<string, string>> CopyAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            Append(read.Buffer);
            body.AdvanceTo(read.Buffer.End);
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
            _md5.AppendData(span);
            _sha256?.AppendData(span);
            foreach (var checksum in _checksums)
            {
                checksum.Append(span);
            }

            _destination.Write(span);
        }
    }

    private ReceivedPayload Finish(IReadOnlyDictionary<string, string> trailers)
    {
        if (_expected.Length is { } length && length != _length)
        {
            throw S3Exception.IncompleteBody($"The body has {_length} bytes; {length} were announced.");
        }

        var md5 = Convert.ToHexStringLower(_md5.GetHashAndReset());
        if (_expected.Md5 is { } expectedMd5 && expectedMd5 != md5)
        {
            throw S3Exception.BadDigest("Content-MD5");
        }

        if (_expected.Sha256 is { } expectedSha && expectedSha != Convert.ToHexStringLower(_sha256!.GetHashAndReset()))
        {
            throw S3Exception.ContentHashMismatch();
        }

        var held = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var checksum in _checksums)
        {
            var actual = checksum.Finish();
            var given = _expected.Checksums.GetValueOrDefault(checksum.Header) ?? trailers.GetValueOrDefault(checksum.Header);
            if (given is null)
            {
                throw S3Exception.IncompleteBody($"The announced trailer {checksum.Header} did not come.");
            }

            if (!string.Equals(given, actual, StringComparison.Ordinal))
            {
                throw S3Exception.BadDigest(checksum.Header);
            }

            held[checksum.Header] = actual;
        }

        return new ReceivedPayload(_length, md5, held);
    }
}
