using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using Hybrid.Sandbox.S3.Protocol;

namespace Hybrid.Sandbox.S3.Payload;

/// <summary>
/// The <c>aws-chunked</c> content encoding of Signature Version 4 streaming uploads: chunks of <c>hex-length[;extension]CRLF bytes
/// CRLF</c>, a last one of length 0, then trailing headers.
/// </summary>
internal static class AwsChunkedDecoder
{
    private const int LongestLine = 8 * 1024;
    private const string TrailerSignature = "x-amz-trailer-signature";
    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();

    private static ReadOnlySpan<byte> SignatureExtension => ";chunk-signature="u8;

    /// <summary>Decodes a whole body.</summary>
    /// <param name="body">The framed bytes.</param>
    /// <param name="append">Gets the bytes of each chunk as they come.</param>
    /// <param name="signatures">What every chunk and the trailing headers must be signed with; null checks nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The trailing headers by name, without regard to case.</returns>
    /// <exception cref="S3Exception">
    /// IncompleteBody: the framing is broken or the body ended early. SignatureDoesNotMatch: a chunk or the trailing headers.
    /// </exception>
    public static async Task<IReadOnlyDictionary<string, string>> DecodeAsync(
        PipeReader body,
        Action<ReadOnlySequence<byte>> append,
        ChunkSignatures? signatures,
        CancellationToken cancellationToken)
    {
        var take = signatures is null ? append : append + signatures.Append;
        while (await ReadLineAsync(body, cancellationToken).ConfigureAwait(false) is { } header)
        {
            var length = ParseLength(header);
            if (length == 0)
            {
                signatures?.CheckChunk(ParseSignature(header));
                return await ReadTrailersAsync(body, signatures, cancellationToken).ConfigureAwait(false);
            }

            await CopyChunkAsync(body, length, take, cancellationToken).ConfigureAwait(false);
            signatures?.CheckChunk(ParseSignature(header));
            var end = await ReadLineAsync(body, cancellationToken).ConfigureAwait(false);
            if (end is not { Length: 0 })
            {
                throw S3Exception.IncompleteBody(end is null
                    ? $"The body ended right after a chunk of {length} bytes."
                    : $"A chunk is longer than its length of {length} bytes says: it goes on with {Convert.ToHexString(end.AsSpan(0, Math.Min(end.Length, 48)))} of {end.Length}.");
            }
        }

        throw S3Exception.IncompleteBody("The body ended before its last chunk.");
    }

    private static long ParseLength(byte[] header)
    {
        var digits = header.AsSpan();
        var extension = digits.IndexOf((byte)';');
        digits = (extension < 0 ? digits : digits[..extension]).Trim((byte)' ');
        return digits.Length is > 0 and <= 15
            && Utf8Parser.TryParse(digits, out long length, out var consumed, 'X')
            && consumed == digits.Length
            ? length
            : throw S3Exception.IncompleteBody("A chunk does not begin with its length in hexadecimal.");
    }

    private static string ParseSignature(ReadOnlySpan<byte> header)
    {
        var at = header.IndexOf(SignatureExtension);
        return at < 0 ? string.Empty : Encoding.ASCII.GetString(header[(at + SignatureExtension.Length)..]);
    }

    private static async Task CopyChunkAsync(
        PipeReader body, long length, Action<ReadOnlySequence<byte>> append, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            var read = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            var bytes = read.Buffer.Length > length ? read.Buffer.Slice(0, length) : read.Buffer;
            length -= bytes.Length;
            try
            {
                append(bytes);
            }
            finally
            {
                body.AdvanceTo(bytes.End);
            }

            if (read.IsCompleted && length > 0)
            {
                throw S3Exception.IncompleteBody("The body ended within a chunk.");
            }
        }
    }

    private static async Task<IReadOnlyDictionary<string, string>> ReadTrailersAsync(
        PipeReader body, ChunkSignatures? signatures, CancellationToken cancellationToken)
    {
        var signed = new StringBuilder();
        var trailers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(body, cancellationToken).ConfigureAwait(false) is { Length: > 0 } line)
        {
            var text = Encoding.UTF8.GetString(line);
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || trailers.Count == 64)
            {
                throw S3Exception.IncompleteBody("A trailing header is malformed.");
            }

            var (name, value) = (text[..colon].Trim().ToLowerInvariant(), text[(colon + 1)..].Trim());
            trailers[name] = value;
            if (name != TrailerSignature)
            {
                signed.Append(name).Append(':').Append(value).Append('\n');
            }
        }

        if (signed.Length > 0)
        {
            signatures?.CheckTrailers(signed.ToString(), trailers.GetValueOrDefault(TrailerSignature, string.Empty));
        }

        await DrainAsync(body, cancellationToken).ConfigureAwait(false);
        return trailers;
    }

    private static async Task DrainAsync(PipeReader body, CancellationToken cancellationToken)
    {
        ReadResult read;
        do
        {
            read = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            body.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
    }

    /// <summary>The next line without its end, or null at the end of the body.</summary>
    private static async Task<byte[]?> ReadLineAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (TakeLine(read.Buffer, out var line, out var rest))
            {
                body.AdvanceTo(rest);
                return line;
            }

            if (read.Buffer.Length > LongestLine)
            {
                body.AdvanceTo(read.Buffer.End);
                throw S3Exception.IncompleteBody($"A line of the chunked framing is longer than {LongestLine} bytes.");
            }

            var ended = read.IsCompleted;
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (ended)
            {
                return null;
            }
        }
    }

    private static bool TakeLine(ReadOnlySequence<byte> buffer, out byte[] line, out SequencePosition rest)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (reader.TryReadTo(out ReadOnlySequence<byte> found, LineEnd) && found.Length <= LongestLine)
        {
            line = found.ToArray();
            rest = reader.Position;
            return true;
        }

        line = [];
        rest = buffer.Start;
        return false;
    }
}
