using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Protocol;

/// <summary>Request headers that ask for what this service does not do: to ignore them would promise it.</summary>
internal static class UnsupportedHeaders
{
    private static readonly string[] Prefixes =
    [
        "x-amz-server-side-encryption", "x-amz-object-lock-", "x-amz-bucket-object-lock-", "x-amz-website-redirect-location",
        "x-amz-write-offset-bytes", "x-amz-copy-source-server-side-encryption",
    ];

    /// <exception cref="S3Exception">NotImplemented, InvalidStorageClass or AccessControlListNotSupported.</exception>
    public static void Refuse(IHeaderDictionary headers)
    {
        foreach (var (name, value) in headers)
        {
            if (!name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                throw S3Exception.NotImplemented($"the header {name}");
            }

            if (name.Equals("x-amz-storage-class", StringComparison.OrdinalIgnoreCase) && value != "STANDARD")
            {
                throw S3Exception.InvalidStorageClass(value.ToString());
            }

            var grants = name.StartsWith("x-amz-grant-", StringComparison.OrdinalIgnoreCase);
            if (grants || (name.Equals("x-amz-acl", StringComparison.OrdinalIgnoreCase) && value.ToString() is not ("private" or "bucket-owner-full-control")))
            {
                throw S3Exception.AccessControlListNotSupported();
            }
        }
    }
}
