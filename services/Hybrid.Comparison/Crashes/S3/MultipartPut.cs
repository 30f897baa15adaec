using Amazon.S3;
using Amazon.S3.Model;

namespace Hybrid.Comparison.Crashes.S3;

/// <summary>An object put in two parts.</summary>
internal static class MultipartPut
{
    /// <summary>What S3 asks of every part but the last, bytes.</summary>
    public const int SmallestPart = 5 << 20;

    /// <summary>Puts an object.</summary>
    /// <param name="client">The client.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="content">More than <see cref="SmallestPart"/> bytes, or as many.</param>
    public static async Task RunAsync(AmazonS3Client client, string bucket, string key, byte[] content)
    {
        var upload = await client.InitiateMultipartUploadAsync(bucket, key).ConfigureAwait(false);
        var parts = new List<PartETag>();
        foreach (var (start, length) in new[] { (0, SmallestPart), (SmallestPart, content.Length - SmallestPart) })
        {
            var part = await client.UploadPartAsync(new UploadPartRequest
            {
                BucketName = bucket,
                Key = key,
                UploadId = upload.UploadId,
                PartNumber = parts.Count + 1,
                InputStream = new MemoryStream(content, start, length),
                PartSize = length,
            }).ConfigureAwait(false);
            parts.Add(new PartETag(parts.Count + 1, part.ETag));
        }

        await client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
        {
            BucketName = bucket,
            Key = key,
            UploadId = upload.UploadId,
            PartETags = parts,
        }).ConfigureAwait(false);
    }
}
