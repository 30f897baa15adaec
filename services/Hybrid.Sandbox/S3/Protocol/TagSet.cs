using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Hybrid.Sandbox.S3.Protocol;

/// <summary>An object's tags: at most 10, keys of 1 to 128 and values of 0 to 256 characters, no key twice.</summary>
internal static class TagSet
{
    private const int Most = 10;
    private const int LongestKey = 128;
    private const int LongestValue = 256;

    /// <summary>The tags of the header <c>x-amz-tagging</c>, checked; null when there are none.</summary>
    /// <exception cref="S3Exception">InvalidTag or BadRequest.</exception>
    public static string? FromHeader(IHeaderDictionary headers) =>
        headers["x-amz-tagging"].ToString() is { Length: > 0 } text ? Write(Read(text)) : null;

    /// <summary>Reads tags as they are kept.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string? text) =>
        [.. QueryHelpers.ParseQuery(text).SelectMany(static pair => pair.Value, static (pair, value) => KeyValuePair.Create(pair.Key, value ?? string.Empty))];

    /// <summary>Checks tags and writes them as they are kept; null when there are none.</summary>
    /// <exception cref="S3Exception">InvalidTag or BadRequest.</exception>
    public static string? Write(IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        if (tags.Count > Most)
        {
            throw S3Exception.BadRequest($"{tags.Count} tags were given; an object can have {Most}.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            if (key.Length is 0 or > LongestKey || value.Length > LongestValue || !seen.Add(key))
            {
                throw S3Exception.InvalidTag($"The tag '{key}' is empty, too long or given twice.");
            }
        }

        return tags.Count == 0
            ? null
            : string.Join('&', tags.Select(static tag => $"{Uri.EscapeDataString(tag.Key)}={Uri.EscapeDataString(tag.Value)}"));
    }
}
