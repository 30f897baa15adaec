using System.Text;
using Hybrid.Sandbox.S3.Protocol;
using Hybrid.Sandbox.S3.Storage;

namespace Hybrid.Sandbox.S3.Operations;

/// <summary>ListObjects, ListObjectsV2 and ListObjectVersions.</summary>
internal static class ListOperations
{
    private const int LargestPage = 1000;

    public static Task ListObjectsV2Async(S3Call call)
    {
        var token = call.Query("continuation-token");
        var startAfter = call.Query("start-after");
        var after = token.Length > 0 ? DecodeToken(token) : startAfter.Length > 0 ? new ListPosition(startAfter, PastPrefix: false) : null;
        var query = Query(call, "ListObjectsV2", after);
        var page = call.Bucket.List(query);
        return AnswerAsync(call, "ListBucketResult", query, page, xml =>
        {
            xml.Element("KeyCount", page.Objects.Count + page.CommonPrefixes.Count);
            if (token.Length > 0)
            {
                xml.Element("ContinuationToken", token);
            }

            if (page.Next is not null)
            {
                xml.Element("NextContinuationToken", EncodeToken(page.Next));
            }

            if (startAfter.Length > 0)
            {
                xml.KeyElement("StartAfter", startAfter);
            }

            WriteObjects(xml, page, withOwner: call.Query("fetch-owner") == "true");
        });
    }

    public static Task ListObjectsAsync(S3Call call)
    {
        var marker = call.Query("marker");
        var query = Query(call, "ListObjects", Marker(marker, call.Query("delimiter")));
        var page = call.Bucket.List(query);
        return AnswerAsync(call, "ListBucketResult", query, page, xml =>
        {
            xml.KeyElement("Marker", marker);
            if (page.Next is not null && query.Delimiter.Length > 0)
            {
                xml.KeyElement("NextMarker", page.Next.Value);
            }

            WriteObjects(xml, page, withOwner: true);
        });
    }

    /// <summary>As a bucket answers that never had versioning: every object is the latest version of itself, with the id <c>null</c>.</summary>
    public static Task ListObjectVersionsAsync(S3Call call)
    {
        var marker = call.Query("key-marker");
        var query = Query(call, "ListObjectVersions", Marker(marker, call.Query("delimiter")));
        var page = call.Bucket.List(query);
        return AnswerAsync(call, "ListVersionsResult", query, page, xml =>
        {
            xml.KeyElement("KeyMarker", marker);
            xml.Element("VersionIdMarker", string.Empty);
            if (page.Next is not null)
            {
                xml.KeyElement("NextKeyMarker", page.Next.Value);
                xml.Element("NextVersionIdMarker", "null");
            }

            foreach (var entry in page.Objects)
            {
                xml.Raw("<Version><VersionId>null</VersionId><IsLatest>true</IsLatest>"u8);
                WriteObject(xml, entry, withOwner: true);
                xml.Raw("</Version>"u8);
            }
        });
    }

    private static ListPosition? Marker(string marker, string delimiter) => marker.Length == 0
        ? null
        : new ListPosition(marker, PastPrefix: delimiter.Length > 0 && marker.EndsWith(delimiter, StringComparison.Ordinal));

    private static ListQuery Query(S3Call call, string operation, ListPosition? after) => new(
        call.Query("prefix"),
        call.Query("delimiter"),
        Math.Min(LargestPage, call.QueryNumber("max-keys", LargestPage)),
        after,
        call.Store.Listings.View(call.Target.Bucket, operation));

    /// <summary>Writes a page: what every listing begins with, what this one has besides, and the common prefixes.</summary>
    private static async Task AnswerAsync(S3Call call, string root, ListQuery query, ListPage page, Action<ListingWriter> write)
    {
        var encoding = call.Query("encoding-type");
        if (encoding is not ("" or "url"))
        {
            throw S3Exception.InvalidArgument("encoding-type must be url.");
        }

        call.Response.ContentType = "application/xml";
        var xml = new ListingWriter(call.Response.BodyWriter, encoding.Length > 0);
        xml.Raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<"u8);
        xml.Text(root);
        xml.Raw(" xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"u8);
        xml.Element("Name", call.Target.Bucket);
        xml.KeyElement("Prefix", query.Prefix);
        if (query.Delimiter.Length > 0)
        {
            xml.KeyElement("Delimiter", query.Delimiter);
        }

        xml.Element("MaxKeys", query.MaxKeys);
        if (encoding.Length > 0)
        {
            xml.Element("EncodingType", encoding);
        }

        xml.Element("IsTruncated", page.Next is not null);
        write(xml);
        foreach (var prefix in page.CommonPrefixes)
        {
            xml.Raw("<CommonPrefixes>"u8);
            xml.KeyElement("Prefix", prefix);
            xml.Raw("</CommonPrefixes>"u8);
        }

        xml.Raw("</"u8);
        xml.Text(root);
        xml.Raw(">"u8);
        await call.Response.BodyWriter.FlushAsync(call.Aborted).ConfigureAwait(false);
    }

    private static void WriteObjects(ListingWriter xml, ListPage page, bool withOwner)
    {
        foreach (var entry in page.Objects)
        {
            xml.Raw("<Contents>"u8);
            WriteObject(xml, entry, withOwner);
            xml.Raw("</Contents>"u8);
        }
    }

    private static void WriteObject(ListingWriter xml, StoredObject entry, bool withOwner)
    {
        xml.Raw("<Key>"u8);
        xml.Key(entry.Key);
        xml.Raw("</Key><LastModified>"u8);
        xml.Time(entry.LastModified);
        xml.Raw("</LastModified><ETag>&quot;"u8);
        xml.Text(entry.ETag);
        xml.Raw("&quot;</ETag><Size>"u8);
        xml.Number(entry.Size);
        xml.Raw("</Size>"u8);
        foreach (var (header, _) in entry.Checksums)
        {
            xml.Element("ChecksumAlgorithm", header[(header.LastIndexOf('-') + 1)..].ToUpperInvariant());
        }

        if (withOwner)
        {
            xml.Raw("<Owner><ID>sandbox</ID><DisplayName>sandbox</DisplayName></Owner>"u8);
        }

        xml.Raw("<StorageClass>STANDARD</StorageClass>"u8);
    }

    private static string EncodeToken(ListPosition position) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes((position.PastPrefix ? "p" : "k") + position.Value));

    private static ListPosition DecodeToken(string token)
    {
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out var length) || length == 0 || bytes[0] is not ((byte)'p' or (byte)'k'))
        {
            throw S3Exception.InvalidArgument("The continuation token is not one that this service gave.");
        }

        return new ListPosition(Encoding.UTF8.GetString(bytes, 1, length - 1), PastPrefix: bytes[0] == 'p');
    }
}
