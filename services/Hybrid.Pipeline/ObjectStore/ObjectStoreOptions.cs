using System.ComponentModel.DataAnnotations;

namespace Hybrid.Pipeline.ObjectStore;

/// <summary>Where the objects are (section <c>ObjectStore</c>): any service with the S3 API.</summary>
public sealed class ObjectStoreOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ObjectStore";

    /// <summary>The endpoint, such as <c>http://127.0.0.1:9000</c>; null for AWS itself.</summary>
    public string? ServiceUrl { get; set; }

    /// <summary>The bucket.</summary>
    [Required]
    public string Bucket { get; set; } = "hybrid";

    /// <summary>The source's root within the bucket; empty or ending with a slash.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The access key; null for the SDK's own chain.</summary>
    public string? AccessKey { get; set; }

    /// <summary>The secret key; null for the SDK's own chain.</summary>
    public string? SecretKey { get; set; }

    /// <summary>The region.</summary>
    [Required]
    public string Region { get; set; } = "us-east-1";

    /// <summary>Path-style addressing, which most servers other than AWS need.</summary>
    public bool ForcePathStyle { get; set; } = true;

    /// <summary>How often a failed request is tried again, with growing delays (up to 1 s, 2 s, 4 s, …), before it counts as failed.</summary>
    [Range(0, 20)]
    public int MaxRetries { get; set; } = 3;
}
