using System.Net;

namespace Hybrid.Pipeline.ObjectStore;

/// <summary>
/// Gives a store that is too busy the time that it asks for: an answer 429 or 503 with Retry-After (RFC 9110, section 10.2.3) is handed on
/// only after that time, up to half a minute, so that the SDK's retry comes after it. Without the header the SDK's own backoff has to do.
/// </summary>
internal sealed class RetryAfterHandler(TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
            && response.Headers.RetryAfter is { } retryAfter
            && (retryAfter.Delta ?? retryAfter.Date - time.GetUtcNow()) is { } wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait < s_longest ? wait : s_longest, time, cancellationToken).ConfigureAwait(false);
        }

        return response;
    }
}
