using Hybrid.Sandbox.S3.Operations;
using Hybrid.Sandbox.S3.Protocol;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3;

/// <summary>An operation of the S3 API under the name that the API reference gives it.</summary>
internal sealed record S3Operation(string Name, Func<S3Call, Task> ExecuteAsync);

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

    /// <summary>The names of all operations.</summary>
    public static IEnumerable<string> Names { get; } =
    [
        "ListBuckets", "HeadBucket", "CreateBucket", "DeleteBucket", "PutBucketAcl", "DeleteObjects", "ListMultipartUploads", "ListObjectVersions",
        "ListObjectsV2", "ListObjects", "CreateMultipartUpload", "CompleteMultipartUpload", "UploadPartCopy", "UploadPart", "AbortMultipartUpload",
        "ListParts", "GetObjectAcl", "PutObjectAcl", "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging", "GetObject", "HeadObject",
        "CopyObject", "PutObject", "DeleteObject", .. BucketReadouts.Names,
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
                ? new("ListBuckets", BucketOperations.ListBucketsAsync)
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
            "HEAD" => new("HeadBucket", BucketOperations.HeadBucketAsync),
            "PUT" when call.HasQuery("acl") => new("PutBucketAcl", BucketReadouts.PutAclAsync),
            "PUT" => new("CreateBucket", BucketOperations.CreateBucketAsync),
            "DELETE" => new("DeleteBucket", BucketOperations.DeleteBucketAsync),
            "POST" when call.HasQuery("delete") => new("DeleteObjects", BucketOperations.DeleteObjectsAsync),
            _ => null,
        };
    }

    private static S3Operation OnListing(S3Call call) =>
        call.HasQuery("uploads") ? new("ListMultipartUploads", MultipartListings.ListUploadsAsync)
        : call.HasQuery("versions") ? new("ListObjectVersions", ListOperations.ListObjectVersionsAsync)
        : call.Query("list-type") == "2" ? new("ListObjectsV2", ListOperations.ListObjectsV2Async)
        : new("ListObjects", ListOperations.ListObjectsAsync);

    private static S3Operation? OnObject(S3Call call, string method) => method switch
    {
        "POST" when call.HasQuery("uploads") => new("CreateMultipartUpload", MultipartOperations.CreateAsync),
        "POST" when call.HasQuery("uploadId") => new("CompleteMultipartUpload", MultipartOperations.CompleteAsync),
        "PUT" when call.HasQuery("uploadId") && IsCopy(call) => new("UploadPartCopy", CopyOperations.UploadPartCopyAsync),
        "PUT" when call.HasQuery("uploadId") => new("UploadPart", MultipartOperations.UploadPartAsync),
        "DELETE" when call.HasQuery("uploadId") => new("AbortMultipartUpload", MultipartOperations.AbortAsync),
        "GET" when call.HasQuery("uploadId") => new("ListParts", MultipartListings.ListPartsAsync),
        "GET" when call.HasQuery("acl") => new("GetObjectAcl", BucketReadouts.GetObjectAclAsync),
        "PUT" when call.HasQuery("acl") => new("PutObjectAcl", BucketReadouts.PutAclAsync),
        "GET" when call.HasQuery("tagging") => new("GetObjectTagging", TaggingOperations.GetAsync),
        "PUT" when call.HasQuery("tagging") => new("PutObjectTagging", TaggingOperations.PutAsync),
        "DELETE" when call.HasQuery("tagging") => new("DeleteObjectTagging", TaggingOperations.DeleteAsync),
        "GET" => new("GetObject", ObjectReads.GetObjectAsync),
        "HEAD" => new("HeadObject", ObjectReads.HeadObjectAsync),
        "PUT" when IsCopy(call) => new("CopyObject", CopyOperations.CopyObjectAsync),
        "PUT" => new("PutObject", ObjectWrites.PutObjectAsync),
        "DELETE" => new("DeleteObject", ObjectWrites.DeleteObjectAsync),
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
