using System.Globalization;
using Hybrid.Sandbox.S3.Storage;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Protocol;

/// <summary>One request and its answer.</summary>
internal sealed class S3Call(HttpContext context, S3Target target, BucketStore store)
{
    public HttpRequest Request => context.Request;

    public HttpResponse Response => context.Response;

    public S3Target Target => target;

    public BucketStore Store => store;

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
                    if (error.Condition is not null)
                    {
                        writer.Element("Condition", error.Condition);
                    }

                    writer.Element("Resource", $"/{target.Bucket}/{target.Key}");
                    writer.Element("RequestId", context.TraceIdentifier);
                },
                qualified: false),
            error.Status);
    }
}
