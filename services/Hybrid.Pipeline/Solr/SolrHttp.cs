using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Http;

namespace Hybrid.Pipeline.Solr;

/// <summary>One connection pool to one Solr, and the answer to "was that an answer?": every failure is a <see cref="SolrException"/>.</summary>
internal sealed class SolrHttp : IDisposable
{
    private readonly HttpClient _client;
    private readonly TimeSpan _timeout;

    public SolrHttp(SolrOptions options)
    {
        if (!Uri.TryCreate(options.Url.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw HybridException.WrongCall($"Solr:Url is '{options.Url}': give an address such as http://127.0.0.1:8983/solr");
        }

        _timeout = options.RequestTimeout;
        _client = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = options.MaxConnections,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            UseCookies = false,
            UseProxy = false,
            AllowAutoRedirect = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (address.UserInfo.Length > 0)
        {
            var credentials = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo));
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
            address = new UriBuilder(address) { UserName = "", Password = "" }.Uri;
        }

        Base = address;
    }

    /// <summary>The base address without credentials, ending with a slash.</summary>
    public Uri Base { get; }

    public Uri Collection(string collection, string pathAndQuery) => new(Base, $"{Uri.EscapeDataString(collection)}/{pathAndQuery}");

    /// <summary>Sends a request and reads the whole answer, whatever its status.</summary>
    /// <exception cref="SolrException">There was no answer: the connection failed, or the time was up.</exception>
    public async Task<SolrAnswer> SendAsync(HttpMethod method, Uri address, HttpContent? content, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_timeout);
        try
        {
            using var request = new HttpRequestMessage(method, address) { Content = content };
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(deadline.Token).ConfigureAwait(false);
            return new SolrAnswer(response.StatusCode, body);
        }
        catch (OperationCanceledException timeout) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SolrException($"no answer from {address.GetLeftPart(UriPartial.Path)} within {_timeout.TotalSeconds:0.#} s", null, true, timeout);
        }
        catch (Exception failure) when (BrokenConnection.Is(failure))
        {
            throw new SolrException($"no answer from {address.GetLeftPart(UriPartial.Path)}: {Cause(failure)}", null, true, failure);
        }
    }

    public void Dispose() => _client.Dispose();

    private static string Cause(Exception failure)
    {
        while (failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure.Message.ReplaceLineEndings(" ");
    }
}

/// <summary>What Solr answered.</summary>
internal readonly record struct SolrAnswer(HttpStatusCode Status, byte[] Body)
{
    public static SolrAnswer Ok(string body) => new(HttpStatusCode.OK, Encoding.UTF8.GetBytes(body));

    public bool IsTransient => Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)Status >= 500;

    public SolrException ToException(Uri address)
    {
        var message = SolrUpdateResponse.TryParse(Body, out var parsed) && parsed.Error is { } error ? error : Excerpt(Body);
        return new SolrException($"{address.GetLeftPart(UriPartial.Path)} answers {(int)Status}: {message}", (int)Status, IsTransient);
    }

    private static string Excerpt(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 200))).ReplaceLineEndings(" ").Trim();
        return text.Length == 0 ? "an empty body" : text;
    }
}
