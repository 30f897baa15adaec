using System.Security.Cryptography;
using Hybrid.Sandbox.S3.Payload;
using Hybrid.Sandbox.S3.Protocol;
using Hybrid.Sandbox.S3.Storage;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Operations;

/// <summary>The operations of a multipart upload.</summary>
internal static class MultipartOperations
{
    private const long LargestPart = 5L << 30;
    private const long SmallestPart = 5L << 20;

    public static Task CreateAsync(S3Call call)
    {
        _ = call.Bucket;
        var upload = new MultipartUpload(
            MultipartUploads.NewId(),
            call.Target.Bucket,
            call.Target.Key,
            ObjectWrites.Now(),
            ObjectWrites.HeadersToKeep(call.Request.Headers));
        call.Store.Uploads.Begin(upload, call.Store.NewTemporaryPath());
        return call.WriteXmlAsync(S3Xml.Document("InitiateMultipartUploadResult", writer =>
        {
            writer.Element("Bucket", upload.Bucket);
            writer.Element("Key", upload.Key);
            writer.Element("UploadId", upload.Id);
        }));
    }

    public static async Task UploadPartAsync(S3Call call)
    {
        var upload = Upload(call);
        var number = MultipartUploads.ParsePartNumber(call.Query("partNumber"));
        var entry = await ObjectWrites.StageAsync(
            call,
            async file =>
            {
                var received = await PayloadReceiver.ReceiveAsync(call.Request, file, LargestPart, call.Aborted).ConfigureAwait(false);
                return new StoredObject
                {
                    Key = upload.Key,
                    Size = received.Length,
                    ETag = received.Md5,
                    LastModified = ObjectWrites.Now(),
                    Checksums = received.Checksums,
                };
            },
            (path, _) => call.Store.Uploads.Commit(upload, number, path)).ConfigureAwait(false);

        call.Response.Headers.ETag = entry.QuotedETag;
        foreach (var (name, value) in entry.Checksums)
        {
            call.Response.Headers[name] = value;
        }
    }

    public static async Task CompleteAsync(S3Call call)
    {
        var bucket = call.Bucket;
        var upload = Upload(call);
        var document = await BucketOperations.ReadXmlAsync(call).ConfigureAwait(false);
        var wanted = BucketOperations.Children(document, "Part")
            .Select(static part => (
                Number: MultipartUploads.ParsePartNumber(BucketOperations.Child(part, "PartNumber") ?? string.Empty),
                ETag: BucketOperations.Child(part, "ETag") ?? string.Empty))
            .ToList();
        var parts = Choose(call.Store.Uploads.Parts(upload), wanted);

        var entry = await ObjectWrites.StageAsync(
            call,
            async file =>
            {
                foreach (var (number, part) in parts)
                {
                    await using var source = call.Store.Uploads.OpenPart(upload, number);
                    await ObjectWrites.CopyAsync(source, file, part.Size, call.Aborted).ConfigureAwait(false);
                }

                return new StoredObject
                {
                    Key = upload.Key,
                    Size = parts.Sum(static part => part.Entry.Size),
                    ETag = ETagOf(parts),
                    LastModified = ObjectWrites.Now(),
                    Headers = upload.Headers,
                };
            },
            (path, completed) => bucket.Commit(path, completed, PutCondition.From(call.Request.Headers))).ConfigureAwait(false);

        call.Store.Uploads.Remove(upload, call.Store.NewTemporaryPath());
        await call.WriteXmlAsync(S3Xml.Document("CompleteMultipartUploadResult", writer =>
        {
            writer.Element("Location", $"/{upload.Bucket}/{upload.Key}");
            writer.Element("Bucket", upload.Bucket);
            writer.Element("Key", upload.Key);
            writer.Element("ETag", entry.QuotedETag);
        })).ConfigureAwait(false);
    }

    public static Task AbortAsync(S3Call call)
    {
        call.Store.Uploads.Remove(Upload(call), call.Store.NewTemporaryPath());
        call.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public static Task ListPartsAsync(S3Call call)
    {
        const int largestPage = 1000;
        var upload = Upload(call);
        var marker = call.QueryNumber("part-number-marker", 0);
        var size = Math.Min(largestPage, call.QueryNumber("max-parts", largestPage));
        var rest = call.Store.Uploads.Parts(upload).Where(part => part.Number > marker).ToList();
        var page = rest.Take(size).ToList();
        return call.WriteXmlAsync(S3Xml.Document("ListPartsResult", writer =>
        {
            writer.Element("Bucket", upload.Bucket);
            writer.Element("Key", upload.Key);
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
                });
            }
        }));
    }

    public static Task ListUploadsAsync(S3Call call)
    {
        _ = call.Bucket;
        var prefix = call.Query("prefix");
        var uploads = call.Store.Uploads.Of(call.Target.Bucket).Where(upload => upload.Key.StartsWith(prefix, StringComparison.Ordinal));
        return call.WriteXmlAsync(S3Xml.Document("ListMultipartUploadsResult", writer =>
        {
            writer.Element("Bucket", call.Target.Bucket);
            writer.Element("Prefix", prefix);
            writer.Element("IsTruncated", value: false);
            foreach (var upload in uploads)
            {
                writer.Element("Upload", element =>
                {
                    element.Element("Key", upload.Key);
                    element.Element("UploadId", upload.Id);
                    element.Owner();
                    element.Element("StorageClass", "STANDARD");
                    element.Element("Initiated", upload.Initiated);
                });
            }
        }));
    }

    private static MultipartUpload Upload(S3Call call) =>
        call.Store.Uploads.Get(call.Query("uploadId"), call.Target.Bucket, call.Target.Key);

    private static List<(int Number, StoredObject Entry)> Choose(
        IReadOnlyList<(int Number, StoredObject Entry)> present, List<(int Number, string ETag)> wanted)
    {
        if (wanted.Count == 0)
        {
            throw S3Exception.MalformedXml("The list of parts is empty.");
        }

        var byNumber = present.ToDictionary(static part => part.Number, static part => part.Entry);
        var chosen = new List<(int Number, StoredObject Entry)>(wanted.Count);
        foreach (var (number, etag) in wanted)
        {
            if (chosen.Count > 0 && number <= chosen[^1].Number)
            {
                throw S3Exception.InvalidPartOrder();
            }

            if (!byNumber.TryGetValue(number, out var entry)
                || !string.Equals(etag.Trim('"'), entry.ETag, StringComparison.OrdinalIgnoreCase))
            {
                throw S3Exception.InvalidPart(number);
            }

            chosen.Add((number, entry));
        }

        var small = chosen.FindIndex(static part => part.Entry.Size < SmallestPart);
        return small < 0 || small == chosen.Count - 1 ? chosen : throw S3Exception.EntityTooSmall(chosen[small].Number);
    }

    private static string ETagOf(List<(int Number, StoredObject Entry)> parts)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (var (_, entry) in parts)
        {
            md5.AppendData(Convert.FromHexString(entry.ETag));
        }

        return $"{Convert.ToHexStringLower(md5.GetHashAndReset())}-{parts.Count}";
    }
}
