using System.Xml;
using System.Xml.Linq;
using Hybrid.Sandbox.S3.Payload;
using Hybrid.Sandbox.S3.Protocol;
using Hybrid.Sandbox.S3.Storage;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Operations;

/// <summary>The operations on buckets and on many objects of one.</summary>
internal static class BucketOperations
{
    private const int LargestDocument = 4 << 20;
    private const int MostKeys = 1000;

    public static Task ListBucketsAsync(S3Call call) => call.WriteXmlAsync(S3Xml.Document("ListAllMyBucketsResult", writer =>
    {
        writer.Owner();
        writer.Element("Buckets", buckets =>
        {
            var prefix = call.Query("prefix");
            foreach (var bucket in call.Store.Buckets.Where(bucket => bucket.Name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                buckets.Element("Bucket", element =>
                {
                    element.Element("Name", bucket.Name);
                    element.Element("CreationDate", bucket.Created);
                });
            }
        });
    }));

    public static Task CreateBucketAsync(S3Call call)
    {
        UnsupportedHeaders.Refuse(call.Request.Headers);
        call.Store.Create(call.Target.Bucket);
        call.Response.Headers.Location = "/" + call.Target.Bucket;
        return Task.CompletedTask;
    }

    public static Task HeadBucketAsync(S3Call call)
    {
        _ = call.Bucket;
        call.Response.Headers["x-amz-bucket-region"] = "us-east-1";
        return Task.CompletedTask;
    }

    public static Task DeleteBucketAsync(S3Call call)
    {
        call.Store.Delete(call.Target.Bucket);
        call.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public static async Task DeleteObjectsAsync(S3Call call)
    {
        var bucket = call.Bucket;
        var document = await ReadXmlAsync(call).ConfigureAwait(false);
        var keys = Children(document, "Object")
            .Select(static element => Child(element, "Key") is { Length: > 0 } key
                ? key
                : throw S3Exception.MalformedXml("An Object has no Key."))
            .ToList();
        if (keys.Count is 0 or > MostKeys)
        {
            throw S3Exception.MalformedXml($"{keys.Count} keys were given; 1 to {MostKeys} are allowed.");
        }

        foreach (var key in keys)
        {
            bucket.Delete(key, PutCondition.None);
        }

        var quiet = string.Equals(Child(document, "Quiet"), "true", StringComparison.OrdinalIgnoreCase);
        await call.WriteXmlAsync(S3Xml.Document("DeleteResult", writer =>
        {
            foreach (var key in quiet ? [] : keys)
            {
                writer.Element("Deleted", element => element.Element("Key", key));
            }
        })).ConfigureAwait(false);
    }

    /// <summary>Reads and checks a request's XML document.</summary>
    /// <exception cref="S3Exception">MalformedXML, or what its digests say.</exception>
    public static async Task<XElement> ReadXmlAsync(S3Call call)
    {
        using var buffer = new MemoryStream();
        await PayloadReceiver.ReceiveAsync(call, buffer, LargestDocument).ConfigureAwait(false);
        buffer.Position = 0;
        try
        {
            using var reader = XmlReader.Create(
                buffer, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CheckCharacters = false });
            return XElement.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException exception)
        {
            throw S3Exception.MalformedXml(exception.Message);
        }
    }

    /// <summary>Child elements by local name: clients differ in whether they qualify them.</summary>
    public static IEnumerable<XElement> Children(XElement parent, string name) =>
        parent.Elements().Where(element => element.Name.LocalName == name);

    public static string? Child(XElement parent, string name) => Children(parent, name).FirstOrDefault()?.Value;
}
