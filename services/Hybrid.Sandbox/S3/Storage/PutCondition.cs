using Hybrid.Sandbox.S3.Protocol;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Storage;

/// <summary>
/// The condition of a conditional write: <c>If-None-Match: *</c> (create only) or <c>If-Match: etag</c> (replace only
/// that).
/// </summary>
internal readonly record struct PutCondition(bool MustBeAbsent, string? MustMatch)
{
    public static PutCondition None => default;

    /// <exception cref="S3Exception">NotImplemented for an <c>If-None-Match</c> other than <c>*</c>, as S3 answers it.</exception>
    public static PutCondition From(IHeaderDictionary headers)
    {
        var ifNoneMatch = headers.IfNoneMatch.ToString();
        var ifMatch = headers.IfMatch.ToString();
        if (ifNoneMatch.Length > 0 && ifNoneMatch != "*")
        {
            throw S3Exception.NotImplemented("If-None-Match with anything but * on a write");
        }

        return new PutCondition(ifNoneMatch == "*", ifMatch.Length > 0 ? ifMatch : null);
    }

    /// <exception cref="S3Exception">PreconditionFailed; NoSuchKey when an object to match does not exist.</exception>
    public void Check(string key, StoredObject? current)
    {
        if (MustBeAbsent && current is not null)
        {
            throw S3Exception.PreconditionFailed("If-None-Match");
        }

        if (MustMatch is null)
        {
            return;
        }

        if (current is null)
        {
            throw S3Exception.NoSuchKey(key);
        }

        if (!Preconditions.Matches(MustMatch, current.ETag))
        {
            throw S3Exception.PreconditionFailed("If-Match");
        }
    }
}
