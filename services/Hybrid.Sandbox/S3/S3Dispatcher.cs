using Hybrid.Sandbox.S3.Operations;
using Hybrid.Sandbox.S3.Protocol;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3;

/// <summary>Finds the operation that a request asks for, by method, target and subresource.</summary>
internal static class S3Dispatcher
{
    /// <summary>Subresources that S3 has and this service does not: to ignore them would answer another question than was asked.</summary>
    private static readonly string[] Unsupported =
    [
        "analytics", "attributes", "intelligent-tiering", "inventory", "legal-hold", "metrics", "restore", "retention", "select", "torrent",
    ];

    /// <summary>Subresources of a bucket that can be read but not set.</summary>
    private static readonly string[] ReadOnly =
    [
        "accelerate", "cors", "encryption", "lifecycle", "location", "logging", "notification", "object-lock", "ownershipControls", "policy",
        "policyStatus", "publicAccessBlock", "replication", "requestPayment", "tagging", "versioning", "versions", "website",
    ];

    /// <exception cref="S3Exception">MethodNotAllowed or NotImplemented.</exception>
    public static S3Operation Find(S3Call call)
    {
        RefuseAny(call, Unsupported);
        if (call.HasQuery("versionId") && call.Query("versionId") != "null")
        {
            throw S3Exception.NotImplemented("versions of an object");
        }

        var method = call.Request.Method;
        if (call.Target.Bucket.Length == 0)
        {
            return HttpMethods.IsGet(method)
                ? S3Operations.ListBuckets
                : throw S3Exception.MethodNotAllowed(method);
        }

        return (call.Target.Key.Length == 0 ? OnBucket(call, method) : OnObject(call, method))
            ?? throw S3Exception.MethodNotAllowed(method);
    }

    private static S3Operation? OnBucket(S3Call call, string method)
    {
        if (method == "GET")
        {
            return BucketReadouts.Find(call) ?? OnListing(call);
        }

        RefuseAny(call, ReadOnly);
        return method switch
        {
            "HEAD" => S3Operations.HeadBucket,
            "PUT" when call.HasQuery("acl") => S3Operations.PutBucketAcl,
            "PUT" => S3Operations.CreateBucket,
            "DELETE" => S3Operations.DeleteBucket,
            "POST" when call.HasQuery("delete") => S3Operations.DeleteObjects,
            _ => null,
        };
    }

    private static S3Operation OnListing(S3Call call) =>
        call.HasQuery("uploads") ? S3Operations.ListMultipartUploads
        : call.HasQuery("versions") ? S3Operations.ListObjectVersions
        : call.Query("list-type") == "2" ? S3Operations.ListObjectsV2
        : S3Operations.ListObjects;

    private static S3Operation? OnObject(S3Call call, string method) => method switch
    {
        "POST" when call.HasQuery("uploads") => S3Operations.CreateMultipartUpload,
        "POST" when call.HasQuery("uploadId") => S3Operations.CompleteMultipartUpload,
        "PUT" when call.HasQuery("uploadId") && IsCopy(call) => S3Operations.UploadPartCopy,
        "PUT" when call.HasQuery("uploadId") => S3Operations.UploadPart,
        "DELETE" when call.HasQuery("uploadId") => S3Operations.AbortMultipartUpload,
        "GET" when call.HasQuery("uploadId") => S3Operations.ListParts,
        "GET" when call.HasQuery("acl") => S3Operations.GetObjectAcl,
        "PUT" when call.HasQuery("acl") => S3Operations.PutObjectAcl,
        "GET" when call.HasQuery("tagging") => S3Operations.GetObjectTagging,
        "PUT" when call.HasQuery("tagging") => S3Operations.PutObjectTagging,
        "DELETE" when call.HasQuery("tagging") => S3Operations.DeleteObjectTagging,
        "GET" => S3Operations.GetObject,
        "HEAD" => S3Operations.HeadObject,
        "PUT" when IsCopy(call) => S3Operations.CopyObject,
        "PUT" => S3Operations.PutObject,
        "DELETE" => S3Operations.DeleteObject,
        _ => null,
    };

    private static void RefuseAny(S3Call call, string[] subresources)
    {
        foreach (var subresource in subresources)
        {
            if (call.HasQuery(subresource))
            {
                throw S3Exception.NotImplemented($"{call.Request.Method} of the subresource '{subresource}'");
            }
        }
    }

    private static bool IsCopy(S3Call call) => call.Request.Headers.ContainsKey("x-amz-copy-source");
}
