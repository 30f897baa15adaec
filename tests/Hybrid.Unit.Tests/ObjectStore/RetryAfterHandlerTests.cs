using System.Net;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Unit.Tests.ObjectStore;

public sealed class RetryAfterHandlerTests
{
    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "7", 7)]
    [InlineData(HttpStatusCode.TooManyRequests, "7", 7)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "3600", 30)]
    [InlineData(HttpStatusCode.ServiceUnavailable, null, 0)]
    [InlineData(HttpStatusCode.OK, "7", 0)]
    public async Task BusyStore_IsGivenTheTimeThatItAsksFor(HttpStatusCode status, string? retryAfter, int seconds)
    {
        var time = new RecordedTime();
        using var client = new HttpClient(new RetryAfterHandler(time, new Answer(status, retryAfter)));

        using var response = await client.GetAsync("http://store/");

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(seconds), time.Waited);
    }

    private sealed class Answer(HttpStatusCode status, string? retryAfter) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(status);
            if (retryAfter is not null)
            {
                response.Headers.Add("Retry-After", retryAfter);
            }

            return Task.FromResult(response);
        }
    }

    /// <summary>Time in which every delay is over at once.</summary>
    private sealed class RecordedTime : TimeProvider
    {
        public TimeSpan Waited { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero)
            {
                Waited += dueTime;
            }

            return System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
        }
    }
}
