using Hybrid.Sandbox.Solr.Schema;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>Reads the body of a request into pooled memory.</summary>
internal static class RequestBody
{
    private const int FirstRead = 16 * 1024;

    /// <summary>Reads all of it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxBytes">The largest body taken.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    /// <returns>The body, to be disposed of.</returns>
    /// <exception cref="SolrException">413: it is larger.</exception>
    public static async Task<ByteBuffer> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        var buffer = new ByteBuffer((int)(request.ContentLength ?? FirstRead) + 1);
        try
        {
            while (true)
            {
                var left = (int)(request.ContentLength ?? 0) - buffer.Length;
                var read = await request.Body.ReadAsync(buffer.GetMemory(Math.Max(left, 1)), cancellationToken).ConfigureAwait(false);
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
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static SolrException TooLarge(int maxBytes) =>
        new(new SolrError(StatusCodes.Status413PayloadTooLarge, $"the body is larger than the {maxBytes} bytes that the sandbox takes"));
}
