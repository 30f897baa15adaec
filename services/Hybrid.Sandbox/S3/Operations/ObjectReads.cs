using System.Globalization;
using Hybrid.Sandbox.S3.Protocol;
using Hybrid.Sandbox.S3.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;

namespace Hybrid.Sandbox.S3.Operations;

/// <summary>GetObject and HeadObject.</summary>
internal static class ObjectReads
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Query parameters of a read that set a header of its answer.</summary>
    private static readonly (string Query, string Header)[] Overrides =
    [
        ("response-content-type", "Content-Type"),
        ("response-content-language", "Content-Language"),
        ("response-expires", "Expires"),
        ("response-cache-control", "Cache-Control"),
        ("response-content-disposition", "Content-Disposition"),
        ("response-content-encoding", "Content-Encoding"),
    ];

    public static async Task GetObjectAsync(S3Call call)
    {
        var (file, entry) = call.Bucket.Open(call.Target.Key);
        using (file)
        {
            var range = Describe(call, entry);
            await SendAsync(call.Response, file, range?.Start ?? 0, range?.Length ?? entry.Size, call.Aborted).ConfigureAwait(false);
        }
    }

    public static Task HeadObjectAsync(S3Call call)
    {
        var entry = call.Bucket.Find(call.Target.Key) ?? throw S3Exception.NoSuchKey(call.Target.Key);
        Describe(call, entry);
        return Task.CompletedTask;
    }

    private static ByteRange? Describe(S3Call call, StoredObject entry)
    {
        var response = call.Response;
        response.Headers.ETag = entry.QuotedETag;
        response.Headers.LastModified = entry.LastModified.ToString("R", CultureInfo.InvariantCulture);
        Preconditions.OfRead(call.Request.Headers).Check(entry, S3Exception.NotModified);

        var range = Range(call, entry);
        response.Headers.AcceptRanges = "bytes";
        response.ContentType = "binary/octet-stream";
        foreach (var (name, value) in entry.Headers)
        {
            response.Headers[name] = value;
        }

        foreach (var (query, header) in Overrides)
        {
            if (call.Query(query) is { Length: > 0 } value)
            {
                response.Headers[header] = value;
            }
        }

        if (range is { } part)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture, $"bytes {part.Start}-{part.Start + part.Length - 1}/{entry.Size}");
        }

        if (entry.Tags is not null)
        {
            response.Headers["x-amz-tagging-count"] = TagSet.Read(entry.Tags).Count.ToString(CultureInfo.InvariantCulture);
        }

        if (range is null && string.Equals(call.Request.Headers["x-amz-checksum-mode"], "ENABLED", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var (name, value) in entry.Checksums)
            {
                response.Headers[name] = value;
                response.Headers["x-amz-checksum-type"] = value.Contains('-', StringComparison.Ordinal) ? "COMPOSITE" : "FULL_OBJECT";
            }
        }

        response.ContentLength = range?.Length ?? entry.Size;
        return range;
    }

    /// <summary>The bytes asked for by range or by part number; null is all of them, without a word about parts.</summary>
    private static ByteRange? Range(S3Call call, StoredObject entry)
    {
        var header = call.Request.Headers.Range.ToString();
        if (!call.HasQuery("partNumber"))
        {
            return ByteRange.Parse(header, entry.Size);
        }

        if (header.Length > 0)
        {
            throw S3Exception.InvalidRequest("A read names a range or a part, not both.");
        }

        var number = MultipartUploads.ParsePartNumber(call.Query("partNumber"));
        var parts = entry.PartSizes ?? [entry.Size];
        if (number > parts.Count)
        {
            throw S3Exception.InvalidPartNumber(number, parts.Count);
        }

        if (entry.PartSizes is not null)
        {
            call.Response.Headers["x-amz-mp-parts-count"] = parts.Count.ToString(CultureInfo.InvariantCulture);
        }

        return parts[number - 1] == 0 ? null : new ByteRange(parts.Take(number - 1).Sum(), parts[number - 1]);
    }

    private static async Task SendAsync(
        HttpResponse response, SafeFileHandle file, long offset, long count, CancellationToken cancellationToken)
    {
        var writer = response.BodyWriter;
        while (count > 0)
        {
            var memory = writer.GetMemory((int)Math.Min(BufferSize, count));
            var wanted = memory[..(int)Math.Min(memory.Length, count)];
            var read = await RandomAccess.ReadAsync(file, wanted, offset, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new EndOfStreamException("An object's file is shorter than its description says.");
            }

            writer.Advance(read);
            offset += read;
            count -= read;
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
