using System.Globalization;
using Hybrid.Sandbox.S3.Storage;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Protocol;

/// <summary>One request and its answer.</summary>
internal sealed class S3Call(HttpContext context, S3Target target, BucketStore store)
{
    /// <summary>What <c>x-amz-id-2</c> and every error's <c>HostId</c> say.</summary>
    public const string HostId = "sandbox";

    public HttpRequest Request => context.Request;

    public HttpResponse Response => context.Response;

    public S3Target Target => target;

    public BucketStore Store => store;

    /// <summary>What the chunks of the body must be signed with; null when they are not signed, or nothing is checked.</summary>
    public ChunkSignatures? Signatures { get; set; }

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>The bucket addressed.</summary>
    /// <exception cref="S3Exception">NoSuchBucket.</exception>
    public Bucket Bucket => store.Get(target.Bucket);

    public bool HasQuery(string name) => Request.Query.ContainsKey(name);

    /// <summary>A query parameter, empty when absent.</summary>
    public string Query(string name) => Request.Query[name].ToString();

    /// <summary>A query parameter that counts.</summary>
    /// <exception cref="S3Exception">InvalidArgument: not a number from 0 on.</exception>
    public int QueryNumber(string name, int otherwise)
    {
        var text = Query(name);
        if (text.Length == 0)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw S3Exception.InvalidArgument($"{name} must be a whole number from 0 to {int.MaxValue}.");
    }

    /// <summary>A key as a listing answers it: as it is, or percent-encoded for <c>encoding-type=url</c>.</summary>
    /// <exception cref="S3Exception">InvalidArgument: another encoding.</exception>
    public string KeyEncoding(string key) => Query("encoding-type") switch
    {
        "" => key,
        "url" => Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal),
        _ => throw S3Exception.InvalidArgument("encoding-type must be url."),
    };

    public async Task WriteXmlAsync(byte[] document, int status = StatusCodes.Status200OK)
    {
        Response.StatusCode = status;
        Response.ContentType = "application/xml";
        Response.ContentLength = document.Length;
        if (!HttpMethods.IsHead(Request.Method))
        {
            await Response.Body.WriteAsync(document, Aborted).ConfigureAwait(false);
        }
    }

    public Task WriteErrorAsync(S3Exception error)
    {
        if (Request.Headers.Expect.Count > 0)
        {
            // The client waits for a 100 before it sends the body and, after an error, never will: what it sends next on
            // this connection would be taken for the body.
            Response.Headers.Connection = "close";
        }

        if (error.Status == StatusCodes.Status304NotModified)
        {
            Response.StatusCode = error.Status;
            return Task.CompletedTask;
        }

        return WriteXmlAsync(
            S3Xml.Document(
                "Error",
                writer =>
                {
                    writer.Element("Code", error.Code);
                    writer.Element("Message", error.Message);
                    foreach (var (name, value) in error.Details)
                    {
                        writer.Element(name, value);
                    }

                    writer.Element("Resource", target.Key.Length == 0 ? $"/{target.Bucket}" : $"/{target.Bucket}/{target.Key}");
                    writer.Element("RequestId", context.TraceIdentifier);
                    writer.Element("HostId", HostId);
                },
                qualified: false),
            error.Status);
    }
}
