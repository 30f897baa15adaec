using System.IO.Compression;
using Hybrid.Sandbox.Solr.Schema;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>Reads the body of a request into pooled memory.</summary>
internal static class RequestBody
{
    private const int FirstRead = 16 * 1024;

    /// <summary>Reads all of it, unpacked when it was sent packed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxBytes">The largest body taken.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    /// <returns>The body, to be disposed of.</returns>
    /// <exception cref="SolrException">413: it is larger; 415: it is packed otherwise than by gzip; 400: it is damaged.</exception>
    public static async Task<ByteBuffer> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        switch (request.Headers.ContentEncoding.ToString().ToLowerInvariant())
        {
            case "" or "identity":
                return await ReadAsync(request.Body, request.ContentLength, maxBytes, cancellationToken).ConfigureAwait(false);
            case "gzip" or "x-gzip":
                await using (var unpacked = new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true))
                {
                    return await ReadAsync(unpacked, null, maxBytes, cancellationToken).ConfigureAwait(false);
                }

            case var other:
                throw new SolrException(new SolrError(StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding: {other} is not supported by the sandbox"));
        }
    }

    private static async Task<ByteBuffer> ReadAsync(Stream body, long? length, int maxBytes, CancellationToken cancellationToken)
    {
        var buffer = new ByteBuffer((int)(length ?? FirstRead) + 1);
        try
        {
            while (true)
            {
                var left = (int)(length ?? 0) - buffer.Length;
                var read = await body.ReadAsync(buffer.GetMemory(Math.Max(left, 1)), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return buffer;
                }

                buffer.Advance(read);
                if (buffer.Length > maxBytes)
                {
                    throw TooLarge(maxBytes);
                }
            }
        }
        catch (InvalidDataException exception)
        {
            buffer.Dispose();
            throw SolrException.BadRequest($"the gzip body is damaged: {exception.Message}");
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static SolrException TooLarge(int maxBytes) =>
        new(new SolrError(StatusCodes.Status413PayloadTooLarge, $"the body is larger than the {maxBytes} bytes that the sandbox takes"));
}
