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
        "accelerate", "acl", "analytics", "attributes", "cors", "encryption", "intelligent-tiering", "inventory", "legal-hold",
        "lifecycle", "logging", "metrics", "notification", "object-lock", "ownershipControls", "policy", "policyStatus",
        "publicAccessBlock", "replication", "requestPayment", "restore", "retention", "select", "tagging", "torrent", "versionId",
        "versions", "website",
    ];

    /// <exception cref="S3Exception">MethodNotAllowed or NotImplemented.</exception>
    public static S3Operation Find(S3Call call)
    {
        foreach (var subresource in Unsupported)
        {
            if (call.HasQuery(subresource))
            {
                throw S3Exception.NotImplemented($"the subresource '{subresource}'");
            }
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

    private static S3Operation? OnBucket(S3Call call, string method) => method switch
    {
        "GET" when call.HasQuery("location") => new("GetBucketLocation", BucketOperations.GetBucketLocationAsync),
        "GET" when call.HasQuery("versioning") => new("GetBucketVersioning", BucketOperations.GetBucketVersioningAsync),
        "GET" when call.HasQuery("uploads") => new("ListMultipartUploads", MultipartOperations.ListUploadsAsync),
        "GET" when call.Query("list-type") == "2" => new("ListObjectsV2", ListOperations.ListObjectsV2Async),
        "GET" => new("ListObjects", ListOperations.ListObjectsAsync),
        "HEAD" => new("HeadBucket", BucketOperations.HeadBucketAsync),
        "PUT" when call.HasQuery("versioning") => throw S3Exception.NotImplemented("versioning"),
        "PUT" => new("CreateBucket", BucketOperations.CreateBucketAsync),
        "DELETE" => new("DeleteBucket", BucketOperations.DeleteBucketAsync),
        "POST" when call.HasQuery("delete") => new("DeleteObjects", BucketOperations.DeleteObjectsAsync),
        _ => null,
    };

    private static S3Operation? OnObject(S3Call call, string method) => method switch
    {
        "POST" when call.HasQuery("uploads") => new("CreateMultipartUpload", MultipartOperations.CreateAsync),
        "POST" when call.HasQuery("uploadId") => new("CompleteMultipartUpload", MultipartOperations.CompleteAsync),
        "PUT" when call.HasQuery("uploadId") && IsCopy(call) => throw S3Exception.NotImplemented("UploadPartCopy"),
        "PUT" when call.HasQuery("uploadId") => new("UploadPart", MultipartOperations.UploadPartAsync),
        "DELETE" when call.HasQuery("uploadId") => new("AbortMultipartUpload", MultipartOperations.AbortAsync),
        "GET" when call.HasQuery("uploadId") => new("ListParts", MultipartOperations.ListPartsAsync),
        _ when call.HasQuery("partNumber") => throw S3Exception.NotImplemented("reading single parts"),
        "GET" => new("GetObject", ObjectReads.GetObjectAsync),
        "HEAD" => new("HeadObject", ObjectReads.HeadObjectAsync),
        "PUT" when IsCopy(call) => new("CopyObject", ObjectWrites.CopyObjectAsync),
        "PUT" => new("PutObject", ObjectWrites.PutObjectAsync),
        "DELETE" => new("DeleteObject", ObjectWrites.DeleteObjectAsync),
        _ => null,
    };

    private static bool IsCopy(S3Call call) => call.Request.Headers.ContainsKey("x-amz-copy-source");
}
