using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Hybrid.Sandbox.S3.Payload;
using Hybrid.Sandbox.S3.Protocol;
using Hybrid.Sandbox.S3.Storage;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Operations;

/// <summary>A multipart upload from its beginning to its end.</summary>
internal static class MultipartOperations
{
    private const long LargestPart = 5L << 30;
    private const long SmallestPart = 5L << 20;

    public static Task CreateAsync(S3Call call)
    {
        _ = call.Bucket;
        var request = call.Request.Headers;
        var now = ObjectWrites.Now();
        var algorithm = request["x-amz-checksum-algorithm"].ToString();
        var checksum = algorithm.Length > 0 ? Checksum.HeaderOf(algorithm) : null;
        var upload = new MultipartUpload(
            MultipartUploads.NewId(now),
            call.Target.Bucket,
            call.Target.Key,
            now,
            ObjectWrites.HeadersToKeep(request),
            checksum,
            checksum is not null && MultipartChecksum.IsOfWholeObject(checksum, request["x-amz-checksum-type"].ToString()),
            TagSet.FromHeader(request));
        call.Store.Disk.Claim();
        call.Store.Uploads.Begin(upload, call.Store.NewTemporaryPath());
        if (checksum is not null)
        {
            call.Response.Headers["x-amz-checksum-algorithm"] = algorithm.ToUpperInvariant();
            call.Response.Headers["x-amz-checksum-type"] = upload.ChecksumOfWholeObject ? "FULL_OBJECT" : "COMPOSITE";
        }

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
                var received = await PayloadReceiver.ReceiveAsync(call, file, LargestPart, upload.ChecksumHeader).ConfigureAwait(false);
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
        ObjectWrites.Describe(call, entry);
    }

    public static async Task CompleteAsync(S3Call call)
    {
        var bucket = call.Bucket;
        var upload = Upload(call);
        var expected = MultipartChecksum.TakeExpected(call.Request.Headers);
        var document = await BucketOperations.ReadXmlAsync(call).ConfigureAwait(false);
        var parts = Choose(call.Store.Uploads.Parts(upload), [.. BucketOperations.Children(document, "Part").Select(Wanted)]);
        var size = parts.Sum(static part => part.Entry.Size);
        if (call.Request.Headers["x-amz-mp-object-size"].ToString() is { Length: > 0 } announced
            && announced != size.ToString(CultureInfo.InvariantCulture))
        {
            throw S3Exception.InvalidRequest($"The parts have {size} bytes; x-amz-mp-object-size is {announced}.");
        }

        var entry = await ObjectWrites.StageAsync(
            call,
            async file =>
            {
                using var digests = new BodyDigests(upload is { ChecksumHeader: { } header, ChecksumOfWholeObject: true } ? [header] : []);
                foreach (var (number, part) in parts)
                {
                    await using var source = call.Store.Uploads.OpenPart(upload, number);
                    await ObjectWrites.CopyAsync(source, file, part.Size, digests, call.Aborted).ConfigureAwait(false);
                }

                return new StoredObject
                {
                    Key = upload.Key,
                    Size = size,
                    ETag = ETagOf(parts),
                    LastModified = ObjectWrites.Now(),
                    Headers = upload.Headers,
                    Checksums = MultipartChecksum.Of(upload, parts, digests.Finish().Checksums, expected),
                    PartSizes = [.. parts.Select(static part => part.Entry.Size)],
                    Tags = upload.Tags,
                };
            },
            (path, completed) => bucket.Commit(path, completed, PutCondition.From(call.Request.Headers))).ConfigureAwait(false);

        call.Store.Uploads.Remove(upload, call.Store.NewTemporaryPath());
        await call.WriteXmlAsync(S3Xml.Document("CompleteMultipartUploadResult", writer =>
        {
            writer.Element("Location", $"{call.Request.Scheme}://{call.Request.Host}/{upload.Bucket}/{upload.Key}");
            writer.Element("Bucket", upload.Bucket);
            writer.Element("Key", upload.Key);
            writer.Element("ETag", entry.QuotedETag);
            writer.Checksums(entry.Checksums);
        })).ConfigureAwait(false);
    }

    public static Task AbortAsync(S3Call call)
    {
        call.Store.Uploads.Remove(Upload(call), call.Store.NewTemporaryPath());
        call.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>The upload that a request names.</summary>
    /// <exception cref="S3Exception">NoSuchBucket or NoSuchUpload.</exception>
    public static MultipartUpload Upload(S3Call call)
    {
        _ = call.Bucket;
        return call.Store.Uploads.Get(call.Query("uploadId"), call.Target.Bucket, call.Target.Key);
    }

    private static WantedPart Wanted(XElement part) => new(
        MultipartUploads.ParsePartNumber(BucketOperations.Child(part, "PartNumber") ?? string.Empty),
        BucketOperations.Child(part, "ETag")?.Trim('"') ?? string.Empty,
        [.. part.Elements()
            .Where(static element => element.Name.LocalName.StartsWith("Checksum", StringComparison.Ordinal))
            .Select(static element => KeyValuePair.Create(element.Name.LocalName, element.Value))]);

    private static List<(int Number, StoredObject Entry)> Choose(
        IReadOnlyList<(int Number, StoredObject Entry)> present, IReadOnlyList<WantedPart> wanted)
    {
        if (wanted.Count == 0)
        {
            throw S3Exception.MalformedXml("The list of parts is empty.");
        }

        var byNumber = present.ToDictionary(static part => part.Number, static part => part.Entry);
        var chosen = new List<(int Number, StoredObject Entry)>(wanted.Count);
        foreach (var part in wanted)
        {
            if (chosen.Count > 0 && part.Number <= chosen[^1].Number)
            {
                throw S3Exception.InvalidPartOrder();
            }

            if (!byNumber.TryGetValue(part.Number, out var entry) || !part.Is(entry))
            {
                throw S3Exception.InvalidPart(part.Number);
            }

            chosen.Add((part.Number, entry));
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

    /// <summary>A part as the request that completes the upload lists it.</summary>
    private sealed record WantedPart(int Number, string ETag, IReadOnlyList<KeyValuePair<string, string>> Checksums)
    {
        public bool Is(StoredObject part) =>
            string.Equals(ETag, part.ETag, StringComparison.OrdinalIgnoreCase)
            && Checksums.All(given => part.Checksums.All(
                kept => !given.Key.Equals(Checksum.ElementOf(kept.Key), StringComparison.OrdinalIgnoreCase) || given.Value == kept.Value));
    }
}
