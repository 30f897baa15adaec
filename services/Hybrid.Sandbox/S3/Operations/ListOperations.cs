using System.Text;
using System.Xml;
using Hybrid.Sandbox.S3.Protocol;
using Hybrid.Sandbox.S3.Storage;

namespace Hybrid.Sandbox.S3.Operations;

/// <summary>ListObjects and ListObjectsV2.</summary>
internal static class ListOperations
{
    private const int LargestPage = 1000;

    public static Task ListObjectsV2Async(S3Call call)
    {
        var token = call.Query("continuation-token");
        var startAfter = call.Query("start-after");
        var after = token.Length > 0 ? DecodeToken(token) : startAfter.Length > 0 ? new ListPosition(startAfter, PastPrefix: false) : null;
        var query = Query(call, after);
        var page = call.Bucket.List(query);
        var encode = KeyEncoding(call);
        return call.WriteXmlAsync(S3Xml.Document("ListBucketResult", writer =>
        {
            WriteHead(writer, call, query, page, encode);
            writer.Element("KeyCount", page.Objects.Count + page.CommonPrefixes.Count);
            if (token.Length > 0)
            {
                writer.Element("ContinuationToken", token);
            }

            if (page.Next is not null)
            {
                writer.Element("NextContinuationToken", EncodeToken(page.Next));
            }

            if (startAfter.Length > 0)
            {
                writer.Element("StartAfter", encode(startAfter));
            }

            WriteEntries(writer, page, encode, withOwner: call.Query("fetch-owner") == "true");
        }));
    }

    public static Task ListObjectsAsync(S3Call call)
    {
        var marker = call.Query("marker");
        var delimiter = call.Query("delimiter");
        var pastPrefix = delimiter.Length > 0 && marker.EndsWith(delimiter, StringComparison.Ordinal);
        var query = Query(call, marker.Length > 0 ? new ListPosition(marker, pastPrefix) : null);
        var page = call.Bucket.List(query);
        var encode = KeyEncoding(call);
        return call.WriteXmlAsync(S3Xml.Document("ListBucketResult", writer =>
        {
            WriteHead(writer, call, query, page, encode);
            writer.Element("Marker", encode(marker));
            if (page.Next is not null && delimiter.Length > 0)
            {
                writer.Element("NextMarker", encode(page.Next.Value));
            }

            WriteEntries(writer, page, encode, withOwner: true);
        }));
    }

    private static ListQuery Query(S3Call call, ListPosition? after) => new(
        call.Query("prefix"),
        call.Query("delimiter"),
        Math.Min(LargestPage, call.QueryNumber("max-keys", LargestPage)),
        after);

    private static void WriteHead(XmlWriter writer, S3Call call, ListQuery query, ListPage page, Func<string, string> encode)
    {
        writer.Element("Name", call.Target.Bucket);
        writer.Element("Prefix", encode(query.Prefix));
        if (query.Delimiter.Length > 0)
        {
            writer.Element("Delimiter", encode(query.Delimiter));
        }

        writer.Element("MaxKeys", query.MaxKeys);
        if (call.HasQuery("encoding-type"))
        {
            writer.Element("EncodingType", "url");
        }

        writer.Element("IsTruncated", page.Next is not null);
    }

    private static void WriteEntries(XmlWriter writer, ListPage page, Func<string, string> encode, bool withOwner)
    {
        foreach (var entry in page.Objects)
        {
            writer.Contents(entry, encode, withOwner);
        }

        foreach (var prefix in page.CommonPrefixes)
        {
            writer.Element("CommonPrefixes", element => element.Element("Prefix", encode(prefix)));
        }
    }

    private static Func<string, string> KeyEncoding(S3Call call) => call.Query("encoding-type") switch
    {
        "" => static key => key,
        "url" => static key => Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal),
        _ => throw S3Exception.InvalidArgument("encoding-type must be url."),
    };

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
