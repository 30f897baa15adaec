using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Confluent.Kafka;
using Hybrid.Pipeline.Kafka;

namespace Hybrid.Publisher.DeadLetters;

/// <summary>That a dead letter was published again: the value of its record in the compacted topic of replays, JSON.</summary>
/// <param name="At">When, wall time.</param>
/// <param name="Written">When the dead letter was written: a topic made anew counts its offsets from 0 again.</param>
/// <param name="DocumentId">The document whose delta was published.</param>
/// <param name="Corrected">Whether the operator had corrected the bytes.</param>
public sealed record ReplayEntry(DateTimeOffset At, DateTimeOffset Written, string DocumentId, bool Corrected);

/// <summary>Which dead letters were published again. An entry is written in the transaction of its record.</summary>
internal sealed class ReplayLedger
{
    private readonly Dictionary<LetterPosition, ReplayEntry> _entries = [];

    /// <summary>Reads the ledger.</summary>
    /// <exception cref="Pipeline.Hosting.HybridException">The cluster cannot be reached.</exception>
    public static ReplayLedger Read(KafkaClients kafka, CancellationToken cancellationToken)
    {
        var ledger = new ReplayLedger();
        foreach (var record in TopicScan.Read(kafka, kafka.Topics.Replays, since: null, cancellationToken))
        {
            if (record.Message is { Key: { } key, Value: { } value } && LetterPosition.TryParse(Encoding.UTF8.GetString(key), out var position)
                && JsonSerializer.Deserialize(value, ReplayJson.Default.ReplayEntry) is { } entry)
            {
                ledger._entries[position] = entry;
            }
        }

        return ledger;
    }

    /// <summary>The record of an entry.</summary>
    public static Message<byte[], byte[]> ToMessage(LetterPosition position, ReplayEntry entry) => new()
    {
        Key = Encoding.UTF8.GetBytes(position.ToString()),
        Value = JsonSerializer.SerializeToUtf8Bytes(entry, ReplayJson.Default.ReplayEntry),
    };

    /// <summary>A letter with what the ledger says of it.</summary>
    public StoredLetter Apply(StoredLetter letter) =>
        _entries.TryGetValue(letter.Position, out var entry) && entry.Written == letter.Written ? letter with { Replayed = entry.At } : letter;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ReplayEntry))]
internal sealed partial class ReplayJson : JsonSerializerContext;
