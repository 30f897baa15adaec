using Hybrid.Sandbox.S3.Payload;
using Hybrid.Sandbox.S3.Protocol;
using Hybrid.Sandbox.S3.Storage;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Operations;

/// <summary>GetObjectTagging, PutObjectTagging and DeleteObjectTagging. Setting tags changes neither ETag nor time of an object.</summary>
internal static class TaggingOperations
{
    public static Task GetAsync(S3Call call)
    {
        var entry = call.Bucket.Find(call.Target.Key) ?? throw S3Exception.NoSuchKey(call.Target.Key);
        return call.WriteXmlAsync(S3Xml.Document("Tagging", writer => writer.Element("TagSet", set =>
        {
            foreach (var (key, value) in TagSet.Read(entry.Tags))
            {
                set.Element("Tag", tag =>
                {
                    tag.Element("Key", key);
                    tag.Element("Value", value);
                });
            }
        })));
    }

    public static async Task PutAsync(S3Call call)
    {
        var document = await BucketOperations.ReadXmlAsync(call).ConfigureAwait(false);
        var tags = BucketOperations.Children(document, "TagSet")
            .SelectMany(static set => BucketOperations.Children(set, "Tag"))
            .Select(static tag => KeyValuePair.Create(
                BucketOperations.Child(tag, "Key") ?? string.Empty, BucketOperations.Child(tag, "Value") ?? string.Empty))
            .ToList();
        await SetAsync(call, TagSet.Write(tags)).ConfigureAwait(false);
    }

    public static async Task DeleteAsync(S3Call call)
    {
        await SetAsync(call, null).ConfigureAwait(false);
        call.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task SetAsync(S3Call call, string? tags)
    {
        var bucket = call.Bucket;
        var (file, entry) = bucket.Open(call.Target.Key);
        using var body = new FileStream(file, FileAccess.Read, bufferSize: 1, isAsync: true);
        using var digests = new BodyDigests([]);
        await ObjectWrites.StageAsync(
            call,
            async staged =>
            {
                await ObjectWrites.CopyAsync(body, staged, entry.Size, digests, call.Aborted).ConfigureAwait(false);
                return entry with { Tags = tags };
            },
            (path, tagged) => bucket.Commit(path, tagged, new PutCondition(MustBeAbsent: false, entry.ETag))).ConfigureAwait(false);
    }
}
