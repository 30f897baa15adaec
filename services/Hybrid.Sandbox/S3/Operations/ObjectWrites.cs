using Hybrid.Sandbox.S3.Payload;
using Hybrid.Sandbox.S3.Protocol;
using Hybrid.Sandbox.S3.Storage;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Operations;

/// <summary>PutObject and DeleteObject, and what all writes share.</summary>
internal static class ObjectWrites
{
    private const long LargestPut = 5L << 30;
    private const int LargestUserMetadata = 2 * 1024;
    private const int BufferSize = 128 * 1024;
    private const int DescriptionSize = 1024;
    private const string UserMetadataPrefix = "x-amz-meta-";

    private static readonly string[] KeptHeaders = ["Content-Type", "Cache-Control", "Content-Disposition", "Content-Language", "Expires"];

    public static async Task PutObjectAsync(S3Call call)
    {
        var bucket = call.Bucket;
        var condition = PutCondition.From(call.Request.Headers);
        condition.Check(call.Target.Key, bucket.Find(call.Target.Key));
        var headers = HeadersToKeep(call.Request.Headers);
        var tags = TagSet.FromHeader(call.Request.Headers);

        var entry = await StageAsync(call, Write, (path, written) => bucket.Commit(path, written, condition)).ConfigureAwait(false);
        Describe(call, entry);

        async Task<StoredObject> Write(Stream file)
        {
            var received = await PayloadReceiver.ReceiveAsync(call, file, LargestPut).ConfigureAwait(false);
            return new StoredObject
            {
                Key = call.Target.Key,
                Size = received.Length,
                ETag = received.Md5,
                LastModified = Now(),
                Headers = headers,
                Checksums = received.Checksums,
                Tags = tags,
            };
        }
    }

    public static Task DeleteObjectAsync(S3Call call)
    {
        call.Bucket.Delete(call.Target.Key, PutCondition.From(call.Request.Headers));
        call.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Answers a write with the ETag and the checksums of what was written.</summary>
    public static void Describe(S3Call call, StoredObject entry)
    {
        call.Response.Headers.ETag = entry.QuotedETag;
        foreach (var (name, value) in entry.Checksums)
        {
            call.Response.Headers[name] = value;
        }
    }

    /// <summary>Now, in the milliseconds that listings show.</summary>
    public static DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    /// <summary>The request's headers that belong to the object.</summary>
    /// <exception cref="S3Exception">
    /// MetadataTooLarge: more than 2 KB of user metadata; an error of its own for what the object cannot have here.
    /// </exception>
    public static IReadOnlyDictionary<string, string> HeadersToKeep(IHeaderDictionary headers)
    {
        UnsupportedHeaders.Refuse(headers);
        var kept = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in KeptHeaders)
        {
            if (headers[name].ToString() is { Length: > 0 } value)
            {
                kept[name] = value;
            }
        }

        var encodings = headers.ContentEncoding.ToString()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(static encoding => !encoding.Equals("aws-chunked", StringComparison.OrdinalIgnoreCase));
        if (string.Join(", ", encodings) is { Length: > 0 } contentEncoding)
        {
            kept["Content-Encoding"] = contentEncoding;
        }

        var metadata = 0;
        foreach (var (name, value) in headers)
        {
            if (name.StartsWith(UserMetadataPrefix, StringComparison.OrdinalIgnoreCase))
            {
                kept[name.ToLowerInvariant()] = value.ToString();
                metadata += name.Length - UserMetadataPrefix.Length + value.ToString().Length;
            }
        }

        return metadata <= LargestUserMetadata
            ? kept
            : throw S3Exception.MetadataTooLarge(metadata, LargestUserMetadata);
    }

    /// <summary>Writes an object to a temporary file and hands it over whole, or leaves no trace.</summary>
    /// <param name="call">The request.</param>
    /// <param name="write">Writes the body and tells its description.</param>
    /// <param name="commit">Gets the finished file's path and must move it away; it is deleted when this throws.</param>
    public static async Task<StoredObject> StageAsync(
        S3Call call, Func<Stream, Task<StoredObject>> write, Action<string, StoredObject> commit)
    {
        var path = call.Store.NewTemporaryPath();

        // A small object needs no buffer of the largest size, which would be garbage that only a full collection takes away.
        var buffer = (int)Math.Clamp((call.Request.ContentLength ?? BufferSize) + DescriptionSize, DescriptionSize, BufferSize);
        try
        {
            StoredObject entry;
            await using (var file = call.Store.Disk.Create(path, buffer))
            {
                entry = await write(file).ConfigureAwait(false);
                ObjectFile.AppendDescription(file, entry);
            }

            commit(path, entry);
            return entry;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Copies so many bytes from the source's position and adds them to the digests.</summary>
    public static async Task CopyAsync(
        Stream source, Stream destination, long count, BodyDigests digests, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (count > 0)
        {
            var read = await source.ReadAsync(
                buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new EndOfStreamException("An object's file is shorter than its description says.");
            }

            digests.Append(buffer.AsSpan(0, read));
            destination.Write(buffer.AsSpan(0, read));
            count -= read;
        }
    }
}
