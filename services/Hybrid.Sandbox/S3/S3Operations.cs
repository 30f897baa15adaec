using System.Runtime.CompilerServices;
using Hybrid.Sandbox.S3.Operations;
using Hybrid.Sandbox.S3.Protocol;

namespace Hybrid.Sandbox.S3;

/// <summary>An operation of the S3 API under the name that the API reference gives it.</summary>
internal sealed record S3Operation(string Name, Func<S3Call, Task> ExecuteAsync);

/// <summary>The operations that this service has, beside what a bucket reads out.</summary>
internal static class S3Operations
{
    private static readonly List<S3Operation> Defined = [];

    public static readonly S3Operation ListBuckets = Define(BucketOperations.ListBucketsAsync);
    public static readonly S3Operation HeadBucket = Define(BucketOperations.HeadBucketAsync);
    public static readonly S3Operation PutBucketAcl = Define(BucketReadouts.PutAclAsync);
    public static readonly S3Operation CreateBucket = Define(BucketOperations.CreateBucketAsync);
    public static readonly S3Operation DeleteBucket = Define(BucketOperations.DeleteBucketAsync);
    public static readonly S3Operation DeleteObjects = Define(BucketOperations.DeleteObjectsAsync);
    public static readonly S3Operation ListMultipartUploads = Define(MultipartListings.ListUploadsAsync);
    public static readonly S3Operation ListObjectVersions = Define(ListOperations.ListObjectVersionsAsync);
    public static readonly S3Operation ListObjectsV2 = Define(ListOperations.ListObjectsV2Async);
    public static readonly S3Operation ListObjects = Define(ListOperations.ListObjectsAsync);
    public static readonly S3Operation CreateMultipartUpload = Define(MultipartOperations.CreateAsync);
    public static readonly S3Operation CompleteMultipartUpload = Define(MultipartOperations.CompleteAsync);
    public static readonly S3Operation UploadPartCopy = Define(CopyOperations.UploadPartCopyAsync);
    public static readonly S3Operation UploadPart = Define(MultipartOperations.UploadPartAsync);
    public static readonly S3Operation AbortMultipartUpload = Define(MultipartOperations.AbortAsync);
    public static readonly S3Operation ListParts = Define(MultipartListings.ListPartsAsync);
    public static readonly S3Operation GetObjectAcl = Define(BucketReadouts.GetObjectAclAsync);
    public static readonly S3Operation PutObjectAcl = Define(BucketReadouts.PutAclAsync);
    public static readonly S3Operation GetObjectTagging = Define(TaggingOperations.GetAsync);
    public static readonly S3Operation PutObjectTagging = Define(TaggingOperations.PutAsync);
    public static readonly S3Operation DeleteObjectTagging = Define(TaggingOperations.DeleteAsync);
    public static readonly S3Operation GetObject = Define(ObjectReads.GetObjectAsync);
    public static readonly S3Operation HeadObject = Define(ObjectReads.HeadObjectAsync);
    public static readonly S3Operation CopyObject = Define(CopyOperations.CopyObjectAsync);
    public static readonly S3Operation PutObject = Define(ObjectWrites.PutObjectAsync);
    public static readonly S3Operation DeleteObject = Define(ObjectWrites.DeleteObjectAsync);

    /// <summary>The names of all operations, those of <see cref="BucketReadouts"/> too.</summary>
    public static IEnumerable<string> Names => Defined.Select(static operation => operation.Name).Concat(BucketReadouts.Names);

    private static S3Operation Define(Func<S3Call, Task> executeAsync, [CallerMemberName] string name = "")
    {
        var operation = new S3Operation(name, executeAsync);
        Defined.Add(operation);
        return operation;
    }
}
