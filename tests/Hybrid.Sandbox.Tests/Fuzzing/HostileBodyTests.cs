using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hybrid.Sandbox.Tests.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Fuzzing;

/// <summary>Broken bodies for the HTTP services: each is answered, none with an error of the server's own, and all serve on.</summary>
public sealed class HostileBodyTests : IDisposable
{
    private const int Attacks = 400;
    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _http = new() { Timeout = RunningBroker.Patience };

    /// <param name="Method">The method.</param>
    /// <param name="Path">The path after the service's address.</param>
    /// <param name="Type">The body's content type.</param>
    /// <param name="Body">A body that is right.</param>
    private sealed record Request(string Method, string Path, string Type, string Body)
    {
        public string? ContentEncoding { get; init; }
    }

    public void Dispose()
    {
        _http.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task AnyMutationOfABody_IsAnsweredAndNotWithAServerError()
    {
        await using var sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { DataDirectory = _directory.Path, RunKafka = false }, NullLoggerFactory.Instance, CancellationToken.None);
        var endpoints = sandbox.Endpoints;
        (await _http.PutAsync($"{endpoints.S3Url}/fuzz", null)).EnsureSuccessStatusCode();
        (await _http.GetAsync($"{endpoints.SolrUrl}/admin/cores?action=CREATE&name=fuzz&configSet=hybrid&wt=json")).EnsureSuccessStatusCode();
        var requests = Requests(endpoints.SolrUrl!, endpoints.RegistryUrl!, endpoints.S3Url!);
        var attacks =
            from request in Gen.Elements(requests)
            from count in Gen.Choose(1, 3)
            from mutations in Mutation.Any.ArrayOf(count)
            select (request, mutations);

        await Task.Run(() => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Attacks),
            Prop.ForAll(attacks.ToArbitrary(), attack =>
            {
                var body = attack.mutations.Aggregate(
                    Encoding.UTF8.GetBytes(attack.request.Body), (bytes, mutation) => mutation.Apply(bytes, Encoding.UTF8.GetBytes(attack.request.Body)));
                var (status, answer) = SendAsync(attack.request, body).GetAwaiter().GetResult();
                Assert.True(
                    (int)status is >= 200 and < 500 or (int)HttpStatusCode.NotImplemented,
                    $"{attack.request.Path} answers {status} to {Encoding.Latin1.GetString(body)}: {answer}");
            })));

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(requests[0], Encoding.UTF8.GetBytes(requests[0].Body))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync($"{endpoints.RegistryUrl}/subjects")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync($"{endpoints.S3Url}/fuzz?list-type=2")).StatusCode);
    }

    private static Request[] Requests(string solr, string registry, string s3) =>
    [
        new("POST", $"{solr}/fuzz/update", "application/json", """[{"id":"a","title_t":"White heart","quantity_l":5,"price_d":2.5}]"""),
        new("POST", $"{solr}/fuzz/update?update.chain=attributes", "application/json", """[{"id":"b","attributes_version_l":7,"title_t":{"set":"T"}}]"""),
        new("POST", $"{solr}/fuzz/update", "text/xml", """<add commitWithin="9"><doc><field name="id">c</field><field name="title_t" update="set">x</field></doc></add>"""),
        new("POST", $"{solr}/fuzz/update", "text/xml", """<delete><id>c</id><query>title_t:x</query></delete>"""),
        new("POST", $"{registry}/subjects/fuzz-value/versions", "application/vnd.schemaregistry.v1+json",
            """{"schema":"{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f\",\"type\":[\"null\",\"long\"],\"default\":null}]}"}"""),
        new("PUT", $"{registry}/config/fuzz-value", "application/vnd.schemaregistry.v1+json", """{"compatibility":"FULL_TRANSITIVE"}"""),
        new("POST", $"{s3}/fuzz?delete", "application/xml", """<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object><Quiet>true</Quiet></Delete>"""),
        new("PUT", $"{s3}/fuzz/chunked", "application/octet-stream", "5;chunk-signature=0\r\nhello\r\n0;chunk-signature=0\r\n\r\n") { ContentEncoding = "aws-chunked" },
    ];

    private async Task<(HttpStatusCode Status, string Answer)> SendAsync(Request request, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(request.Type) } };
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path) { Content = content };
        if (request.ContentEncoding is { } encoding)
        {
            content.Headers.ContentEncoding.Add(encoding);
            message.Headers.Add("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
            message.Headers.Add("x-amz-decoded-content-length", "5");
        }
        using var response = await _http.SendAsync(message);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
