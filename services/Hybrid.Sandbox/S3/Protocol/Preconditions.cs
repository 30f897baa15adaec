using Hybrid.Sandbox.S3.Storage;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Protocol;

/// <summary>The conditions of a conditional read, in the order of RFC 9110, section 13.2.2.</summary>
internal sealed record Preconditions(
    string? IfMatch, string? IfNoneMatch, DateTimeOffset? IfModifiedSince, DateTimeOffset? IfUnmodifiedSince)
{
    /// <summary>The conditions on the object read.</summary>
    public static Preconditions OfRead(IHeaderDictionary headers) => From(headers, string.Empty);

    /// <summary>The conditions on the source of a copy.</summary>
    public static Preconditions OfCopySource(IHeaderDictionary headers) => From(headers, "x-amz-copy-source-");

    /// <summary>Whether a list of entity tags, or <c>*</c>, holds an ETag given without quotes.</summary>
    public static bool Matches(string condition, string etag)
    {
        foreach (var candidate in condition.Split(',', StringSplitOptions.TrimEntries))
        {
            var tag = candidate.StartsWith("W/", StringComparison.Ordinal) ? candidate[2..] : candidate;
            if (tag == "*" || string.Equals(tag.Trim('"'), etag, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="entry">The object.</param>
    /// <param name="unchanged">What to throw when the object is the one known already: a 304 for a read, a 412 for a copy.</param>
    /// <exception cref="S3Exception">PreconditionFailed, or what <paramref name="unchanged"/> gives.</exception>
    public void Check(StoredObject entry, Func<S3Exception> unchanged)
    {
        var modified = DateTimeOffset.FromUnixTimeSeconds(entry.LastModified.ToUnixTimeSeconds());
        if (IfMatch is not null)
        {
            if (!Matches(IfMatch, entry.ETag))
            {
                throw S3Exception.PreconditionFailed("If-Match");
            }
        }
        else if (modified > IfUnmodifiedSince)
        {
            throw S3Exception.PreconditionFailed("If-Unmodified-Since");
        }

        if (IfNoneMatch is not null ? Matches(IfNoneMatch, entry.ETag) : modified <= IfModifiedSince)
        {
            throw unchanged();
        }
    }

    private static Preconditions From(IHeaderDictionary headers, string prefix) => new(
        Text(headers, prefix + "if-match"),
        Text(headers, prefix + "if-none-match"),
        Date(headers, prefix + "if-modified-since"),
        Date(headers, prefix + "if-unmodified-since"));

    private static string? Text(IHeaderDictionary headers, string name) => headers[name].ToString() is { Length: > 0 } value ? value : null;

    private static DateTimeOffset? Date(IHeaderDictionary headers, string name) =>
        DateTimeOffset.TryParse(headers[name].ToString(), out var date) ? date : null;
}
