using System.Globalization;
using System.Net;
using System.Text.Json;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Publisher.Discovery.Notifications;

/// <summary>
/// Reads S3 event messages ("Event message structure" of the Amazon S3 User Guide), which S3-compatible stores also send to Kafka: what was
/// created and removed in one bucket, below one prefix. Other events are let pass.
/// </summary>
/// <param name="bucket">The bucket.</param>
/// <param name="prefix">What all keys begin with; taken off them.</param>
internal sealed class S3EventReader(string bucket, string prefix)
{
    /// <summary>Reads one message.</summary>
    /// <param name="message">JSON, UTF-8.</param>
    /// <param name="told">Where what it tells is added.</param>
    /// <returns>Why it is no event message, or null when it is one.</returns>
    public string? Read(ReadOnlyMemory<byte> message, List<Notification> told)
    {
        try
        {
            using var json = JsonDocument.Parse(message);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return "it is not an object";
            }

            if (!json.RootElement.TryGetProperty("Records", out var records))
            {
                return json.RootElement.TryGetProperty("Event", out var test) && test.ValueEquals("s3:TestEvent") ? null : "it has no Records";
            }

            foreach (var record in records.EnumerateArray())
            {
                if (Read(record) is { } one)
                {
                    told.Add(one);
                }
            }

            return null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            return wrong.Message.ReplaceLineEndings(" ");
        }
    }

    private Notification? Read(JsonElement record)
    {
        var name = record.GetProperty("eventName").GetString() ?? "";
        var s3 = record.GetProperty("s3");
        var isRemoval = Is(name, "ObjectRemoved:");
        if (!(isRemoval || Is(name, "ObjectCreated:")) || s3.GetProperty("bucket").GetProperty("name").GetString() != bucket)
        {
            return null;
        }

        var subject = s3.GetProperty("object");

        // Keys are encoded as in an HTML form: a space is a plus sign.
        var key = WebUtility.UrlDecode(subject.GetProperty("key").GetString()) ?? "";
        if (!key.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        key = key[prefix.Length..];
        if (isRemoval)
        {
            return new Notification(key, null);
        }

        // Without an ETag nobody can tell whether it was published already: the sweep finds it.
        return subject.TryGetProperty("eTag", out var tag) && tag.GetString() is { Length: > 0 } eTag
            ? new Notification(key, new ObjectEntry(
                key,
                eTag.Trim('"'),
                subject.TryGetProperty("size", out var size) && size.TryGetInt64(out var bytes) ? bytes : 0,
                DateTimeOffset.Parse(record.GetProperty("eventTime").GetString() ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)))
            : null;
    }

    // Some stores put "s3:" before the names.
    private static bool Is(string name, string kind) =>
        name.StartsWith(kind, StringComparison.Ordinal) || (name.StartsWith("s3:", StringComparison.Ordinal) && name.AsSpan(3).StartsWith(kind));
}
