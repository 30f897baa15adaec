using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Kafka.Log;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Storage;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka.Topics;

/// <summary>The topics that there are; what is made, altered or deleted here is durable when the call returns.</summary>
internal sealed partial class TopicCatalog : IDisposable
{
    private const string DeletedSuffix = ".deleted";
    private const int MaxNameLength = 249;
    private const int MaxPartitions = 10_000;

    private readonly KafkaBrokerOptions _options;
    private readonly ILogger _logger;
    private readonly KeyedJournal _journal;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Topic> _topics = new(StringComparer.Ordinal);

    /// <exception cref="IOException">The data directory cannot be read or written.</exception>
    public TopicCatalog(KafkaBrokerOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _journal = new KeyedJournal(Path.Combine(options.DataDirectory, "topics.journal"), options.FlushEveryBatch, new Disk(options.Faults));
        foreach (var deleted in Directory.EnumerateDirectories(options.DataDirectory, "*" + DeletedSuffix))
        {
            Directory.Delete(deleted, recursive: true);
        }
        foreach (var (name, value) in _journal.Snapshot())
        {
            var stored = JsonSerializer.Deserialize(value, TopicJson.Default.StoredTopic)!;
            var topic = new Topic(name, new TopicConfig(options, stored.Config));
            topic.Partitions = [.. stored.StartOffsets.Select((start, index) => OpenLog(topic, index, start))];
            _topics[name] = topic;
        }
        ReportOrphans();
    }

    public IEnumerable<Topic> All => _topics.Values;

    public Topic? Find(string name) => _topics.GetValueOrDefault(name);

    public PartitionLog? FindPartition(string topic, int partition) => Find(topic)?.Partition(partition);

    public static bool IsValidName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name is not ("." or "..") && LegalName().IsMatch(name);

    public static ErrorCode CheckPartitionCount(int count) =>
        count is > 0 and <= MaxPartitions ? ErrorCode.None : ErrorCode.InvalidPartitions;

    /// <summary>The topic whose name differs in '.' and '_' only, which Kafka's metrics cannot tell apart; null without one.</summary>
    public string? Collision(string name)
    {
        var plain = name.Replace('.', '_');
        return _topics.Keys.FirstOrDefault(other => other != name && other.Length == name.Length && other.Replace('.', '_') == plain);
    }

    /// <summary>Makes a topic; its name, partitions and settings are valid.</summary>
    public ErrorCode Create(string name, int partitions, IReadOnlyDictionary<string, string> config)
    {
        lock (_gate)
        {
            if (_topics.ContainsKey(name))
            {
                return ErrorCode.TopicAlreadyExists;
            }
            if (Collision(name) is not null)
            {
                return ErrorCode.InvalidTopic;
            }
            var topic = new Topic(name, new TopicConfig(_options, config));
            Store(topic, new long[partitions]);
            topic.Partitions = [.. Enumerable.Range(0, partitions).Select(index => OpenLog(topic, index, startOffset: 0))];
            _topics[name] = topic;
            return ErrorCode.None;
        }
    }

    public ErrorCode Delete(string name)
    {
        lock (_gate)
        {
            if (!_topics.TryRemove(name, out var topic))
            {
                return ErrorCode.UnknownTopicOrPartition;
            }
            var renamed = new List<string>();
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                topic.Partitions[index].Dispose();
                var directory = DirectoryOf(name, index);
                renamed.Add(directory + DeletedSuffix);
                Directory.Move(directory, renamed[^1]);
            }
            _journal.Write(new JournalChange(name, null));
            renamed.ForEach(directory => Directory.Delete(directory, recursive: true));
            return ErrorCode.None;
        }
    }

    /// <summary>Gives a topic more partitions, up to <paramref name="count"/>.</summary>
    public ErrorCode Expand(string name, int count, bool validateOnly)
    {
        lock (_gate)
        {
            if (Find(name) is not { } topic)
            {
                return ErrorCode.UnknownTopicOrPartition;
            }
            var present = topic.Partitions;
            if (count <= present.Length || CheckPartitionCount(count) != ErrorCode.None)
            {
                return ErrorCode.InvalidPartitions;
            }
            if (!validateOnly)
            {
                var added = Enumerable.Range(present.Length, count - present.Length);
                Store(topic, [.. present.Select(log => log.StartOffset), .. added.Select(_ => 0L)]);
                topic.Partitions = [.. present, .. added.Select(index => OpenLog(topic, index, startOffset: 0))];
            }
            return ErrorCode.None;
        }
    }

    /// <summary>Replaces what is set for a topic.</summary>
    public ErrorCode Configure(string name, IReadOnlyDictionary<string, string> config)
    {
        lock (_gate)
        {
            if (Find(name) is not { } topic)
            {
                return ErrorCode.UnknownTopicOrPartition;
            }
            topic.Config = new TopicConfig(_options, config);
            Store(topic, [.. topic.Partitions.Select(log => log.StartOffset)]);
            return ErrorCode.None;
        }
    }

    /// <summary>Drops a partition's records before an offset, −1 for all there are.</summary>
    public ErrorCode DeleteRecords(string name, int partition, long before, out long startOffset)
    {
        lock (_gate)
        {
            startOffset = -1;
            if (Find(name) is not { } topic || topic.Partition(partition) is not { } log)
            {
                return ErrorCode.UnknownTopicOrPartition;
            }
            if (!topic.Config.Log.Deletes)
            {
                return ErrorCode.PolicyViolation;
            }
            var error = log.AdvanceStart(before);
            if (error == ErrorCode.None)
            {
                startOffset = log.StartOffset;
                Store(topic, [.. topic.Partitions.Select(each => each.StartOffset)]);
            }
            return error;
        }
    }

    public void Dispose()
    {
        foreach (var log in _topics.Values.SelectMany(topic => topic.Partitions))
        {
            log.Dispose();
        }
        _journal.Dispose();
    }

    [GeneratedRegex("^[a-zA-Z0-9._-]+$")]
    private static partial Regex LegalName();

    private string DirectoryOf(string topic, int partition) => Path.Combine(_options.DataDirectory, $"{topic}-{partition}");

    private PartitionLog OpenLog(Topic topic, int partition, long startOffset) =>
        new(DirectoryOf(topic.Name, partition), startOffset, () => topic.Config.Log, _logger);

    private void Store(Topic topic, long[] startOffsets)
    {
        var stored = new StoredTopic(startOffsets, new(topic.Config.Overrides));
        _journal.Write(new JournalChange(topic.Name, JsonSerializer.SerializeToUtf8Bytes(stored, TopicJson.Default.StoredTopic)));
    }

    private void ReportOrphans()
    {
        foreach (var directory in Directory.EnumerateDirectories(_options.DataDirectory))
        {
            var name = Path.GetFileName(directory);
            var dash = name.LastIndexOf('-');
            if (dash > 0 && int.TryParse(name.AsSpan(dash + 1), out var index) && FindPartition(name[..dash], index) is null)
            {
                _logger.OrphanDirectory(directory);
            }
        }
    }
}
