using Hybrid.Sandbox.S3.Protocol;
using Hybrid.Sandbox.S3.Storage;

namespace Hybrid.Sandbox.S3.Operations;

/// <summary>ListParts and ListMultipartUploads.</summary>
internal static class MultipartListings
{
    private const int LargestPage = 1000;

    public static Task ListPartsAsync(S3Call call)
    {
        var upload = MultipartOperations.Upload(call);
        var marker = call.QueryNumber("part-number-marker", 0);
        var size = Math.Min(LargestPage, call.QueryNumber("max-parts", LargestPage));
        var rest = call.Store.Uploads.Parts(upload).Where(part => part.Number > marker).ToList();
        var page = rest.Take(size).ToList();
        return call.WriteXmlAsync(S3Xml.Document("ListPartsResult", writer =>
        {
            writer.Element("Bucket", upload.Bucket);
            writer.Element("Key", call.KeyEncoding(upload.Key));
            writer.Element("UploadId", upload.Id);
            writer.Element("PartNumberMarker", marker);
            writer.Element("NextPartNumberMarker", page.Count > 0 ? page[^1].Number : marker);
            writer.Element("MaxParts", size);
            writer.Element("IsTruncated", page.Count < rest.Count);
            foreach (var (number, entry) in page)
            {
                writer.Element("Part", part =>
                {
                    part.Element("PartNumber", number);
                    part.Element("LastModified", entry.LastModified);
                    part.Element("ETag", entry.QuotedETag);
                    part.Element("Size", entry.Size);
                    part.Checksums(entry.Checksums);
                });
            }

            writer.Owner("Initiator");
            writer.Owner();
            writer.Element("StorageClass", "STANDARD");
        }));
    }

    public static Task ListUploadsAsync(S3Call call)
    {
        _ = call.Bucket;
        var prefix = call.Query("prefix");
        var delimiter = call.Query("delimiter");
        var keyMarker = call.Query("key-marker");
        var idMarker = call.Query("upload-id-marker");
        var size = Math.Min(LargestPage, call.QueryNumber("max-uploads", LargestPage));

        var uploads = new List<MultipartUpload>();
        var prefixes = new List<string>();
        (string Key, string Id) next = (string.Empty, string.Empty);
        var truncated = false;
        foreach (var upload in call.Store.Uploads.Of(call.Target.Bucket))
        {
            var rolledUp = RollUp(upload.Key, prefix, delimiter);
            if (!upload.Key.StartsWith(prefix, StringComparison.Ordinal)
                || !IsBehind(rolledUp ?? upload.Key, upload.Id, keyMarker, idMarker)
                || (rolledUp is not null && prefixes.Count > 0 && prefixes[^1] == rolledUp))
            {
                continue;
            }

            truncated = uploads.Count + prefixes.Count == size;
            if (truncated)
            {
                break;
            }

            next = rolledUp is null ? (upload.Key, upload.Id) : (rolledUp, string.Empty);
            if (rolledUp is null)
            {
                uploads.Add(upload);
            }
            else
            {
                prefixes.Add(rolledUp);
            }
        }

        return call.WriteXmlAsync(S3Xml.Document("ListMultipartUploadsResult", writer =>
        {
            writer.Element("Bucket", call.Target.Bucket);
            writer.Element("KeyMarker", call.KeyEncoding(keyMarker));
            writer.Element("UploadIdMarker", idMarker);
            if (truncated)
            {
                writer.Element("NextKeyMarker", call.KeyEncoding(next.Key));
                writer.Element("NextUploadIdMarker", next.Id);
            }

            writer.Element("Prefix", call.KeyEncoding(prefix));
            if (delimiter.Length > 0)
            {
                writer.Element("Delimiter", call.KeyEncoding(delimiter));
            }

            if (call.HasQuery("encoding-type"))
            {
                writer.Element("EncodingType", "url");
            }

            writer.Element("MaxUploads", size);
            writer.Element("IsTruncated", truncated);
            foreach (var upload in uploads)
            {
                writer.Element("Upload", element =>
                {
                    element.Element("Key", call.KeyEncoding(upload.Key));
                    element.Element("UploadId", upload.Id);
                    element.Owner("Initiator");
                    element.Owner();
                    element.Element("StorageClass", "STANDARD");
                    element.Element("Initiated", upload.Initiated);
                });
            }

            foreach (var common in prefixes)
            {
                writer.Element("CommonPrefixes", element => element.Element("Prefix", call.KeyEncoding(common)));
            }
        }));
    }

    private static string? RollUp(string key, string prefix, string delimiter)
    {
        var at = delimiter.Length == 0 || key.Length < prefix.Length ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : key[..(at + delimiter.Length)];
    }

    /// <summary>Whether an upload comes after the markers; without the second one, every upload of the marker's key is passed.</summary>
    private static bool IsBehind(string key, string id, string keyMarker, string idMarker)
    {
        var order = KeyOrder.Instance.Compare(key, keyMarker);
        return order > 0 || (order == 0 && idMarker.Length > 0 && string.CompareOrdinal(id, idMarker) > 0);
    }
}
