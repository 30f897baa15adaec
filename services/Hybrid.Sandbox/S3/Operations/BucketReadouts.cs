using System.Xml.Linq;
using Hybrid.Sandbox.S3.Protocol;

namespace Hybrid.Sandbox.S3.Operations;

/// <summary>
/// What a bucket answers that was never configured: clients ask for it before or after what they are about. None of it can be set
/// here.
/// </summary>
internal static class BucketReadouts
{
    /// <summary>Subresources that have an empty document while nothing is set. An empty location stands for us-east-1.</summary>
    private static readonly Dictionary<string, (string Operation, string Root)> Empty = new(StringComparer.Ordinal)
    {
        ["location"] = ("GetBucketLocation", "LocationConstraint"),
        ["versioning"] = ("GetBucketVersioning", "VersioningConfiguration"),
        ["logging"] = ("GetBucketLogging", "BucketLoggingStatus"),
        ["notification"] = ("GetBucketNotificationConfiguration", "NotificationConfiguration"),
        ["accelerate"] = ("GetBucketAccelerateConfiguration", "AccelerateConfiguration"),
    };

    /// <summary>Subresources that are an error while nothing is set.</summary>
    private static readonly Dictionary<string, (string Operation, string Code, string What)> Missing = new(StringComparer.Ordinal)
    {
        ["policy"] = ("GetBucketPolicy", "NoSuchBucketPolicy", "policy"),
        ["policyStatus"] = ("GetBucketPolicyStatus", "NoSuchBucketPolicy", "policy"),
        ["cors"] = ("GetBucketCors", "NoSuchCORSConfiguration", "CORS configuration"),
        ["lifecycle"] = ("GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration", "lifecycle configuration"),
        ["tagging"] = ("GetBucketTagging", "NoSuchTagSet", "tags"),
        ["website"] = ("GetBucketWebsite", "NoSuchWebsiteConfiguration", "website configuration"),
        ["replication"] = ("GetBucketReplication", "ReplicationConfigurationNotFoundError", "replication configuration"),
        ["encryption"] = ("GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError", "encryption configuration"),
        ["object-lock"] = ("GetObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "object lock configuration"),
        ["publicAccessBlock"] = ("GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration", "public access block"),
        ["ownershipControls"] = ("GetBucketOwnershipControls", "OwnershipControlsNotFoundError", "ownership controls"),
    };

    /// <summary>The names of the read-outs.</summary>
    public static IEnumerable<string> Names =>
        Empty.Values.Select(static readout => readout.Operation)
            .Concat(Missing.Values.Select(static readout => readout.Operation))
            .Concat(["GetBucketRequestPayment", "GetBucketAcl"]);

    /// <summary>The read-out that a GET on a bucket asks for, or null when it asks for none.</summary>
    public static S3Operation? Find(S3Call call)
    {
        foreach (var subresource in call.Request.Query.Keys)
        {
            if (Empty.TryGetValue(subresource, out var empty))
            {
                return new(empty.Operation, asked => WriteEmptyAsync(asked, empty.Root));
            }

            if (Missing.TryGetValue(subresource, out var missing))
            {
                return new(missing.Operation, asked =>
                {
                    _ = asked.Bucket;
                    throw S3Exception.NotConfigured(missing.Code, missing.What);
                });
            }
        }

        return call.HasQuery("requestPayment") ? new("GetBucketRequestPayment", GetRequestPaymentAsync)
            : call.HasQuery("acl") ? new("GetBucketAcl", GetBucketAclAsync)
            : null;
    }

    public static Task GetObjectAclAsync(S3Call call)
    {
        _ = call.Bucket.Find(call.Target.Key) ?? throw S3Exception.NoSuchKey(call.Target.Key);
        return WriteAclAsync(call);
    }

    /// <summary>
    /// Takes an ACL that says what holds anyhow, canned or written out, and refuses any other, as a bucket does whose owner owns every
    /// object.
    /// </summary>
    public static async Task PutAclAsync(S3Call call)
    {
        _ = call.Bucket;
        UnsupportedHeaders.Refuse(call.Request.Headers);
        if (call.Request.Headers.ContainsKey("x-amz-acl"))
        {
            return;
        }

        var policy = await BucketOperations.ReadXmlAsync(call).ConfigureAwait(false);
        var grants = BucketOperations.Children(policy, "AccessControlList").SelectMany(static list => BucketOperations.Children(list, "Grant"));
        if (!grants.All(IsOwners))
        {
            throw S3Exception.AccessControlListNotSupported();
        }
    }

    private static bool IsOwners(XElement grant) =>
        BucketOperations.Child(grant, "Permission") == "FULL_CONTROL"
        && BucketOperations.Children(grant, "Grantee").All(static grantee => BucketOperations.Child(grantee, "ID") == "sandbox");

    private static Task GetBucketAclAsync(S3Call call)
    {
        _ = call.Bucket;
        return WriteAclAsync(call);
    }

    private static Task GetRequestPaymentAsync(S3Call call)
    {
        _ = call.Bucket;
        return call.WriteXmlAsync(S3Xml.Document(
            "RequestPaymentConfiguration", static writer => writer.Element("Payer", "BucketOwner")));
    }

    private static Task WriteEmptyAsync(S3Call call, string root)
    {
        _ = call.Bucket;
        return call.WriteXmlAsync(S3Xml.Document(root, static _ => { }));
    }

    private static Task WriteAclAsync(S3Call call) => call.WriteXmlAsync(S3Xml.Document("AccessControlPolicy", static writer =>
    {
        writer.Owner();
        writer.Element("AccessControlList", static list => list.Element("Grant", static grant =>
        {
            grant.Element("Grantee", static grantee =>
            {
                grantee.WriteAttributeString("xsi", "type", "http://www.w3.org/2001/XMLSchema-instance", "CanonicalUser");
                grantee.Element("ID", "sandbox");
                grantee.Element("DisplayName", "sandbox");
            });
            grant.Element("Permission", "FULL_CONTROL");
        }));
    }));
}
