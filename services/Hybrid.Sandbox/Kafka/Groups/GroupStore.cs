using System.Globalization;
using System.Text.Json;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Kafka.Storage;

namespace Hybrid.Sandbox.Kafka.Groups;

/// <summary>
/// Groups and their offsets in a journal. An offset committed within a transaction lies beside the others until the
/// transaction ends.
/// </summary>
internal sealed class GroupStore : IDisposable
{
    private const char Separator = '\0';
    private const string GroupKind = "group";
    private const string OffsetKind = "offset";
    private const string PendingKind = "pending";

    private readonly KeyedJournal _journal;

    /// <exception cref="IOException">The journal cannot be opened.</exception>
    public GroupStore(KafkaBrokerOptions options) =>
        _journal = new KeyedJournal(Path.Combine(options.DataDirectory, "groups.journal"), options.FlushEveryBatch, new Disk(options.Faults));

    /// <summary>Tells of everything that was stored.</summary>
    public void Load(
        Action<string, StoredGroup> group,
        Action<string, TopicPartition, CommittedOffset> offset,
        Action<string, long, TopicPartition, CommittedOffset> pending)
    {
        foreach (var (key, value) in _journal.Snapshot())
        {
            var parts = key.Split(Separator);
            switch (parts[0])
            {
                case GroupKind:
                    group(parts[1], JsonSerializer.Deserialize(value, GroupJson.Default.StoredGroup)!);
                    break;
                case OffsetKind:
                    offset(parts[1], PartitionOf(parts[2], parts[3]), CommittedOffset.FromBytes(value));
                    break;
                case PendingKind:
                    var producerId = long.Parse(parts[4], CultureInfo.InvariantCulture);
                    pending(parts[1], producerId, PartitionOf(parts[2], parts[3]), CommittedOffset.FromBytes(value));
                    break;
            }
        }
    }

    public static JournalChange OffsetChange(string group, TopicPartition partition, CommittedOffset? offset) =>
        new(Key(OffsetKind, group, partition), offset?.ToBytes());

    public static JournalChange PendingChange(string group, long producerId, TopicPartition partition, CommittedOffset? offset) =>
        new(Key(PendingKind, group, partition) + Separator + producerId.ToString(CultureInfo.InvariantCulture), offset?.ToBytes());

    public static JournalChange GroupChange(string group, StoredGroup? stored) => new(
        GroupKind + Separator + group,
        stored is null ? null : JsonSerializer.SerializeToUtf8Bytes(stored, GroupJson.Default.StoredGroup));

    /// <summary>Makes all changes or none.</summary>
    /// <exception cref="IOException">The disk did not take them.</exception>
    public void Write(params ReadOnlySpan<JournalChange> changes) => _journal.Write(changes);

    public void Dispose() => _journal.Dispose();

    private static string Key(string kind, string group, TopicPartition partition) =>
        string.Join(Separator, kind, group, partition.Topic, partition.Partition.ToString(CultureInfo.InvariantCulture));

    private static TopicPartition PartitionOf(string topic, string partition) =>
        new(topic, int.Parse(partition, CultureInfo.InvariantCulture));
}
