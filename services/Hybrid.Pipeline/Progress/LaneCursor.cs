using System.Text.Json;
using System.Text.Json.Serialization;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Pipeline.Progress;

/// <summary>
/// How far a lane without Kafka is: one object in the store, which is written only over the version that was read (RFC 9110, If-Match and
/// If-None-Match). Of two instances that move on from the same place one succeeds, and the other knows that it did not. Not for concurrent use.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="key">The object's key, see <see cref="KeyOf"/>.</param>
public sealed class LaneCursor(IObjectStore store, string key)
{
    private string _etag = ObjectCondition.Absent;
    private long _sequence;

    /// <summary>The cursor's key.</summary>
    public string Key => key;

    /// <summary>Which version was read or written last; changes whenever anybody writes.</summary>
    public string Version => _etag;

    /// <summary>The key of a lane's cursor for a source.</summary>
    /// <param name="statePrefix">Where lanes keep their state, ending in a slash.</param>
    /// <param name="lane">The lane's name.</param>
    /// <param name="source">The source's name.</param>
    public static string KeyOf(string statePrefix, string lane, string source) => $"{statePrefix}{lane}/{source}/cursor.json";

    /// <summary>Reads it; what is written next has to be based on this.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was written last, or null when nothing ever was.</returns>
    /// <exception cref="HybridException">The store does not answer, or the object is no cursor.</exception>
    public async Task<CursorRecord?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var content = await store.OpenAsync(key, cancellationToken).ConfigureAwait(false);
        if (content is null)
        {
            (_etag, _sequence) = (ObjectCondition.Absent, 0);
            return null;
        }

        try
        {
            var record = await JsonSerializer.DeserializeAsync(content.Body, CursorJson.Default.CursorRecord, cancellationToken).ConfigureAwait(false)
                ?? throw new JsonException("null is no cursor");
            if (record.Format > CursorRecord.CurrentFormat)
            {
                throw new JsonException($"it is of format {record.Format}, written by a later version; this one reads up to {CursorRecord.CurrentFormat}");
            }

            (_etag, _sequence) = (content.Entry.ETag, record.Sequence);
            return record;
        }
        catch (JsonException broken)
        {
            throw HybridException.Failure(
                $"the cursor '{key}' cannot be read ({broken.Message.ReplaceLineEndings(" ")}): delete it to begin anew, or use another Source:Name", broken);
        }
    }

    /// <summary>Writes it, unless somebody else did since it was read or written here.</summary>
    /// <param name="record">What to write; its sequence is set here.</param>
    /// <param name="cancellationToken">Gives up; whether it was written is then not known: read it again.</param>
    /// <returns>Whether it was written.</returns>
    /// <exception cref="HybridException">The store does not answer; whether it was written is not known: read it again.</exception>
    public async Task<bool> TryAdvanceAsync(CursorRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        record = record with { Sequence = _sequence + 1 };
        var json = JsonSerializer.SerializeToUtf8Bytes(record, CursorJson.Default.CursorRecord);
        using var content = new MemoryStream(json, writable: false);
        if (await store.PutAsync(key, content, _etag, cancellationToken).ConfigureAwait(false) is { } etag)
        {
            (_etag, _sequence) = (etag, record.Sequence);
            return true;
        }

        // The client tries a request again whose answer was lost, and is then refused for what it wrote itself.
        return await ReadAsync(cancellationToken).ConfigureAwait(false) is { } found
            && JsonSerializer.SerializeToUtf8Bytes(found, CursorJson.Default.CursorRecord).AsSpan().SequenceEqual(json);
    }
}

/// <summary>What a cursor holds.</summary>
public sealed record CursorRecord
{
    /// <summary>The format written. A later one only adds fields.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The record's format, from 1.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Which instance wrote it: a name made anew with every start.</summary>
    public required string Instance { get; init; }

    /// <summary>How often the cursor was written, this time included.</summary>
    public long Sequence { get; init; }

    /// <summary>
    /// Whether an object whose signals were counted was replaced or deleted since all states of the window were written last: the next move of
    /// the watermark writes them all again.
    /// </summary>
    public bool Recount { get; init; }

    /// <summary>What is in the index: the watermark, the objects of the overlap window, totals.</summary>
    public required SourceProgress Progress { get; init; }
}

/// <summary>Serialization of <see cref="CursorRecord"/> without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CursorRecord))]
internal sealed partial class CursorJson : JsonSerializerContext;
