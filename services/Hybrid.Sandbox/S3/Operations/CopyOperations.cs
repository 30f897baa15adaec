using System.Globalization;
using Hybrid.Sandbox.S3.Payload;
using Hybrid.Sandbox.S3.Protocol;
using Hybrid.Sandbox.S3.Storage;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Operations;

/// <summary>CopyObject and UploadPartCopy.</summary>
internal static class CopyOperations
{
    private const long LargestCopy = 5L << 30;

    public static async Task CopyObjectAsync(S3Call call)
    {
        var bucket = call.Bucket;
        var request = call.Request.Headers;
        var condition = PutCondition.From(request);
        using var source = Open(call);
        var replace = Directive(request, "x-amz-metadata-directive");
        var replaceTags = Directive(request, "x-amz-tagging-directive");
        if (!replace && ReferenceEquals(bucket, source.Bucket) && source.Entry.Key == call.Target.Key)
        {
            throw S3Exception.InvalidRequest("An object can be copied onto itself only with x-amz-metadata-directive: REPLACE.");
        }

        if (source.Entry.Size > LargestCopy)
        {
            throw S3Exception.InvalidRequest($"The source is larger than {LargestCopy} bytes; copy it in parts.");
        }

        var headers = ObjectWrites.HeadersToKeep(request);
        var tags = replaceTags ? TagSet.FromHeader(request) : source.Entry.Tags;
        var algorithm = request["x-amz-checksum-algorithm"].ToString();
        using var digests = new BodyDigests(algorithm.Length > 0 ? [Checksum.HeaderOf(algorithm)] : source.Entry.Checksums.Keys);
        var entry = await ObjectWrites.StageAsync(call, Write, (path, written) => bucket.Commit(path, written, condition)).ConfigureAwait(false);
        await call.WriteXmlAsync(S3Xml.Document("CopyObjectResult", writer => WriteResult(writer, entry))).ConfigureAwait(false);

        async Task<StoredObject> Write(Stream file)
        {
            await ObjectWrites.CopyAsync(source.Body, file, source.Entry.Size, digests, call.Aborted).ConfigureAwait(false);
            var (md5, checksums) = digests.Finish();
            return new StoredObject
            {
                Key = call.Target.Key,
                Size = source.Entry.Size,
                ETag = md5,
                LastModified = ObjectWrites.Now(),
                Headers = replace ? headers : source.Entry.Headers,
                Checksums = checksums,
                Tags = tags,
            };
        }
    }

    public static async Task UploadPartCopyAsync(S3Call call)
    {
        var upload = MultipartOperations.Upload(call);
        var number = MultipartUploads.ParsePartNumber(call.Query("partNumber"));
        using var source = Open(call);
        var range = SourceRange(call.Request.Headers["x-amz-copy-source-range"].ToString(), source.Entry.Size);
        source.Body.Position = range.Start;
        using var digests = new BodyDigests(upload.ChecksumHeader is { } header ? [header] : []);
        var entry = await ObjectWrites.StageAsync(
            call,
            async file =>
            {
                await ObjectWrites.CopyAsync(source.Body, file, range.Length, digests, call.Aborted).ConfigureAwait(false);
                var (md5, checksums) = digests.Finish();
                return new StoredObject
                {
                    Key = upload.Key,
                    Size = range.Length,
                    ETag = md5,
                    LastModified = ObjectWrites.Now(),
                    Checksums = checksums,
                };
            },
            (path, _) => call.Store.Uploads.Commit(upload, number, path)).ConfigureAwait(false);
        await call.WriteXmlAsync(S3Xml.Document("CopyPartResult", writer => WriteResult(writer, entry))).ConfigureAwait(false);
    }

    private static void WriteResult(System.Xml.XmlWriter writer, StoredObject entry)
    {
        writer.Element("LastModified", entry.LastModified);
        writer.Element("ETag", entry.QuotedETag);
        writer.Checksums(entry.Checksums);
    }

    /// <summary>Whether a directive says REPLACE; COPY and nothing are the same.</summary>
    private static bool Directive(IHeaderDictionary headers, string name) => headers[name].ToString().ToUpperInvariant() switch
    {
        "" or "COPY" => false,
        "REPLACE" => true,
        _ => throw S3Exception.InvalidArgument($"{name} must be COPY or REPLACE."),
    };

    /// <summary>Unlike the range of a read, this one must be <c>bytes=first-last</c> and lie within the source.</summary>
    private static ByteRange SourceRange(string header, long size)
    {
        if (header.Length == 0)
        {
            return new ByteRange(0, size);
        }

        var numbers = header.StartsWith("bytes=", StringComparison.Ordinal) ? header[6..].Split('-') : [];
        if (numbers.Length != 2
            || !long.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !long.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || last < first)
        {
            throw S3Exception.InvalidArgument("x-amz-copy-source-range must be bytes=first-last.");
        }

        return last < size ? new ByteRange(first, last - first + 1) : throw S3Exception.InvalidRange(header, size);
    }

    private static Source Open(S3Call call)
    {
        var header = call.Request.Headers["x-amz-copy-source"].ToString().TrimStart('/');
        var query = header.IndexOf("?versionId=", StringComparison.Ordinal);
        if (query >= 0 && header[(query + 11)..] != "null")
        {
            throw S3Exception.NotImplemented("versions of an object");
        }

        var path = S3Target.Decode(query < 0 ? header : header[..query]);
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == path.Length - 1)
        {
            throw S3Exception.InvalidArgument("x-amz-copy-source must be bucket/key.");
        }

        var bucket = call.Store.Get(path[..slash]);
        var (file, entry) = bucket.Open(path[(slash + 1)..]);
        var source = new Source(bucket, entry, new FileStream(file, FileAccess.Read, bufferSize: 1, isAsync: true));
        try
        {
            Preconditions.OfCopySource(call.Request.Headers)
                .Check(entry, static () => S3Exception.PreconditionFailed("x-amz-copy-source-If-None-Match"));
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private sealed record Source(Bucket Bucket, StoredObject Entry, FileStream Body) : IDisposable
    {
        public void Dispose() => Body.Dispose();
    }
}
