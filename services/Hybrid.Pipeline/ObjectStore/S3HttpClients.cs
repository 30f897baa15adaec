using Amazon.Runtime;
using Hybrid.Pipeline.Measurement;
using HttpClientFactory = Amazon.Runtime.HttpClientFactory;

namespace Hybrid.Pipeline.ObjectStore;

/// <summary>Gives the SDK one HTTP client that counts every request, retries included, and hears what time the store says it is.</summary>
internal sealed class S3HttpClients : HttpClientFactory, IDisposable
{
    private readonly HttpClient _client;

    public S3HttpClients(HybridMetrics metrics, StoreTime time)
    {
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        };
        _client = new HttpClient(new RetryAfterHandler(TimeProvider.System, new ObservingHandler(metrics, time, sockets))) { Timeout = TimeSpan.FromSeconds(60) };
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();

    private sealed class ObservingHandler(HybridMetrics metrics, StoreTime time, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            metrics.StoreRequests.Add(1);
            var answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            time.Hear(answer);
            return answer;
        }
    }
}
