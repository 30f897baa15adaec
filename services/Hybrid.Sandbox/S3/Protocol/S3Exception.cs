using System.Globalization;
using Hybrid.Sandbox.Faults;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Protocol;

/// <summary>An answer from the list of error responses in the Amazon S3 API reference.</summary>
internal sealed class S3Exception : Exception
{
    private S3Exception(int status, string code, string message)
        : base(message)
    {
        Status = status;
        Code = code;
    }

    public int Status { get; }

    public string Code { get; }

    /// <summary>The elements that the error document has besides code, message, resource and request.</summary>
    public IReadOnlyList<(string Name, string Value)> Details { get; private init; } = [];

    public static S3Exception NoSuchBucket(string bucket) =>
        new(StatusCodes.Status404NotFound, "NoSuchBucket", $"The bucket '{bucket}' does not exist.") { Details = [("BucketName", bucket)] };

    public static S3Exception NoSuchKey(string key) =>
        new(StatusCodes.Status404NotFound, "NoSuchKey", $"The key '{key}' does not exist.") { Details = [("Key", key)] };

    public static S3Exception NoSuchUpload() =>
        new(StatusCodes.Status404NotFound, "NoSuchUpload", "The multipart upload does not exist; it may have been aborted or completed.");

    /// <summary>What a bucket that was never given some configuration answers when asked for it.</summary>
    public static S3Exception NotConfigured(string code, string what) =>
        new(StatusCodes.Status404NotFound, code, $"The bucket has no {what}.");

    public static S3Exception BucketAlreadyOwnedByYou(string bucket) =>
        new(StatusCodes.Status409Conflict, "BucketAlreadyOwnedByYou", $"The bucket '{bucket}' exists already.") { Details = [("BucketName", bucket)] };

    public static S3Exception BucketNotEmpty(string bucket) =>
        new(StatusCodes.Status409Conflict, "BucketNotEmpty", $"The bucket '{bucket}' is not empty; delete its objects first.") { Details = [("BucketName", bucket)] };

    public static S3Exception InvalidBucketName(string bucket) =>
        new(StatusCodes.Status400BadRequest, "InvalidBucketName", $"'{bucket}' is not a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens.") { Details = [("BucketName", bucket)] };

    public static S3Exception PreconditionFailed(string condition) =>
        new(StatusCodes.Status412PreconditionFailed, "PreconditionFailed", $"The condition {condition} did not hold.") { Details = [("Condition", condition)] };

    public static S3Exception NotModified() =>
        new(StatusCodes.Status304NotModified, "NotModified", "Not modified.");

    public static S3Exception InvalidRange(string range, long size) =>
        new(StatusCodes.Status416RangeNotSatisfiable, "InvalidRange", $"The range '{range}' is outside the object's {size} bytes.")
        {
            Details = [("RangeRequested", range), ("ActualObjectSize", size.ToString(CultureInfo.InvariantCulture))],
        };

    public static S3Exception InvalidPartNumber(int part, int parts) =>
        new(StatusCodes.Status416RangeNotSatisfiable, "InvalidPartNumber", $"The object has {parts} parts; part {part} is not one of them.")
        {
            Details =
            [
                ("PartNumberRequested", part.ToString(CultureInfo.InvariantCulture)),
                ("ActualPartCount", parts.ToString(CultureInfo.InvariantCulture)),
            ],
        };

    public static S3Exception BadDigest(string header) =>
        new(StatusCodes.Status400BadRequest, "BadDigest", $"The body does not match {header}.");

    public static S3Exception InvalidDigest(string header) =>
        new(StatusCodes.Status400BadRequest, "InvalidDigest", $"{header} is not a valid digest.");

    public static S3Exception ContentHashMismatch() =>
        new(StatusCodes.Status400BadRequest, "XAmzContentSHA256Mismatch", "The body does not match x-amz-content-sha256.");

    public static S3Exception IncompleteBody(string message) =>
        new(StatusCodes.Status400BadRequest, "IncompleteBody", message);

    public static S3Exception EntityTooLarge(long limit) =>
        new(StatusCodes.Status400BadRequest, "EntityTooLarge", $"The body is longer than {limit} bytes.");

    public static S3Exception EntityTooSmall(int part) =>
        new(StatusCodes.Status400BadRequest, "EntityTooSmall", $"Part {part} is smaller than 5 MiB and not the last.");

    public static S3Exception InvalidPart(int part) =>
        new(StatusCodes.Status400BadRequest, "InvalidPart", $"Part {part} was not uploaded, or its ETag differs.");

    public static S3Exception InvalidPartOrder() =>
        new(StatusCodes.Status400BadRequest, "InvalidPartOrder", "The parts are not in ascending order.");

    public static S3Exception KeyTooLong(int bytes) =>
        new(StatusCodes.Status400BadRequest, "KeyTooLongError", $"The key has {bytes} bytes in UTF-8; at most 1024 are allowed.");

    public static S3Exception InvalidUri(string detail) =>
        new(StatusCodes.Status400BadRequest, "InvalidURI", detail);

    public static S3Exception InvalidArgument(string detail) =>
        new(StatusCodes.Status400BadRequest, "InvalidArgument", detail);

    public static S3Exception InvalidRequest(string detail) =>
        new(StatusCodes.Status400BadRequest, "InvalidRequest", detail);

    public static S3Exception MetadataTooLarge(int size, int limit) =>
        new(StatusCodes.Status400BadRequest, "MetadataTooLarge", $"The user metadata has {size} bytes; at most {limit} are allowed.")
        {
            Details = [("Size", size.ToString(CultureInfo.InvariantCulture)), ("MaxSizeAllowed", limit.ToString(CultureInfo.InvariantCulture))],
        };

    public static S3Exception BadRequest(string detail) =>
        new(StatusCodes.Status400BadRequest, "BadRequest", detail);

    public static S3Exception InvalidTag(string detail) =>
        new(StatusCodes.Status400BadRequest, "InvalidTag", detail);

    public static S3Exception InvalidStorageClass(string name) =>
        new(StatusCodes.Status400BadRequest, "InvalidStorageClass", $"The storage class '{name}' is not served here; STANDARD is.");

    public static S3Exception AccessControlListNotSupported() =>
        new(StatusCodes.Status400BadRequest, "AccessControlListNotSupported", "The bucket takes no access control lists: its owner owns every object.");

    public static S3Exception MalformedXml(string detail) =>
        new(StatusCodes.Status400BadRequest, "MalformedXML", detail);

    public static S3Exception MethodNotAllowed(string method) =>
        new(StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", $"{method} is not allowed here.");

    public static S3Exception NotImplemented(string what) =>
        new(StatusCodes.Status501NotImplemented, "NotImplemented", $"The sandbox does not implement {what}.");

    public static S3Exception AccessDenied(string detail) =>
        new(StatusCodes.Status403Forbidden, "AccessDenied", detail);

    public static S3Exception InvalidAccessKeyId(string accessKey) =>
        new(StatusCodes.Status403Forbidden, "InvalidAccessKeyId", $"The access key '{accessKey}' is not known here.");

    public static S3Exception SignatureDoesNotMatch() =>
        new(StatusCodes.Status403Forbidden, "SignatureDoesNotMatch", "The request's signature does not match; check the secret key and the signing method.");

    public static S3Exception RequestTimeTooSkewed() =>
        new(StatusCodes.Status403Forbidden, "RequestTimeTooSkewed", "The request was signed more than 15 minutes from the server's time.");

    public static S3Exception Injected(HttpFaultError error) => new(error.Status, error.Code, HttpFaultError.Message);

    public static S3Exception InternalError(string detail) =>
        new(StatusCodes.Status500InternalServerError, "InternalError", detail);
}
