using System.Globalization;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Kafka.Log;

namespace Hybrid.Sandbox.Kafka.Topics;

/// <summary>The types of configuration values, as DescribeConfigs numbers them.</summary>
internal enum ConfigType : sbyte
{
    Boolean = 1,
    String = 2,
    Int = 3,
    Long = 5,
    Double = 6,
    List = 7,
}

/// <summary>One setting that a topic may have.</summary>
internal sealed record TopicSetting(string Name, ConfigType Type, string Default);

/// <summary>A topic's settings: Kafka's defaults and what was set for the topic itself.</summary>
internal sealed class TopicConfig
{
    private const long MaxMilliseconds = long.MaxValue / TimeSpan.TicksPerMillisecond / 2;

    private readonly KafkaBrokerOptions _options;

    public TopicConfig(KafkaBrokerOptions options, IReadOnlyDictionary<string, string> overrides)
    {
        _options = options;
        Overrides = overrides;
        MinInSyncReplicas = Number("min.insync.replicas");
        Log = new LogSettings
        {
            SegmentBytes = (int)Math.Clamp(Number("segment.bytes"), 1024, int.MaxValue),
            IndexIntervalBytes = (int)Math.Clamp(Number("index.interval.bytes"), 0, int.MaxValue),
            SegmentAge = Time(HasPolicy("compact") ? Math.Min(Number("segment.ms"), Number("max.compaction.lag.ms")) : Number("segment.ms")),
            MaxMessageBytes = (int)Math.Clamp(Number("max.message.bytes"), 0, int.MaxValue),
            Retention = Number("retention.ms") is var retention and >= 0 and < MaxMilliseconds
                ? TimeSpan.FromMilliseconds(retention)
                : null,
            RetentionBytes = Number("retention.bytes") is var bytes and >= 0 ? bytes : null,
            Deletes = HasPolicy("delete"),
            Compacts = HasPolicy("compact"),
            MinDirtyRatio = double.Parse(Get("min.cleanable.dirty.ratio"), NumberStyles.Float, CultureInfo.InvariantCulture),
            MinCompactionLag = Time(Number("min.compaction.lag.ms")),
            MaxCompactionLag = Time(Number("max.compaction.lag.ms")),
            DeleteRetention = Time(Number("delete.retention.ms")),
            LogAppendTime = Get("message.timestamp.type") == "LogAppendTime",
            FlushEveryBatch = options.FlushEveryBatch,
            Disk = new Disk(options.Faults),
        };
    }

    /// <summary>What was set for the topic itself.</summary>
    public IReadOnlyDictionary<string, string> Overrides { get; }

    public LogSettings Log { get; }

    /// <summary>Replicas that must have a batch before it is acknowledged to all; there is one (min.insync.replicas).</summary>
    public long MinInSyncReplicas { get; }

    /// <summary>Every setting with its default on this broker.</summary>
    public static IEnumerable<TopicSetting> Settings(KafkaBrokerOptions options) =>
    [
        new("cleanup.policy", ConfigType.List, "delete"),
        new("compression.type", ConfigType.String, "producer"),
        new("delete.retention.ms", ConfigType.Long, "86400000"),
        new("file.delete.delay.ms", ConfigType.Long, "60000"),
        new("flush.messages", ConfigType.Long, "9223372036854775807"),
        new("flush.ms", ConfigType.Long, "9223372036854775807"),
        new("follower.replication.throttled.replicas", ConfigType.List, ""),
        new("index.interval.bytes", ConfigType.Int, Text(options.IndexIntervalBytes)),
        new("leader.replication.throttled.replicas", ConfigType.List, ""),
        new("max.compaction.lag.ms", ConfigType.Long, "9223372036854775807"),
        new("max.message.bytes", ConfigType.Int, Text(options.MaxMessageBytes)),
        new("message.downconversion.enable", ConfigType.Boolean, "true"),
        new("message.format.version", ConfigType.String, "2.8-IV1"),
        new("message.timestamp.difference.max.ms", ConfigType.Long, "9223372036854775807"),
        new("message.timestamp.type", ConfigType.String, "CreateTime"),
        new("min.cleanable.dirty.ratio", ConfigType.Double, "0.5"),
        new("min.compaction.lag.ms", ConfigType.Long, "0"),
        new("min.insync.replicas", ConfigType.Int, "1"),
        new("preallocate", ConfigType.Boolean, "false"),
        new("retention.bytes", ConfigType.Long, "-1"),
        new("retention.ms", ConfigType.Long, "604800000"),
        new("segment.bytes", ConfigType.Int, Text(options.SegmentBytes)),
        new("segment.index.bytes", ConfigType.Int, "10485760"),
        new("segment.jitter.ms", ConfigType.Long, "0"),
        new("segment.ms", ConfigType.Long, "604800000"),
        new("unclean.leader.election.enable", ConfigType.Boolean, "false"),
    ];

    /// <summary>Why a setting cannot be made; null when it can.</summary>
    public static string? Refusal(KafkaBrokerOptions options, string name, string? value)
    {
        if (Settings(options).FirstOrDefault(setting => setting.Name == name) is not { } setting)
        {
            return $"Unknown topic config name: {name}";
        }
        var valid = (setting.Type, name) switch
        {
            (_, _) when value is null => false,
            (ConfigType.Boolean, _) => bool.TryParse(value, out _),
            (ConfigType.Int, _) => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            (ConfigType.Long, _) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            (ConfigType.Double, _) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            (_, "cleanup.policy") => value!.Split(',').All(policy => policy.Trim() is "delete" or "compact"),
            (_, "message.timestamp.type") => value is "CreateTime" or "LogAppendTime",
            (_, "compression.type") => value is "producer" or "uncompressed" or "gzip" or "snappy" or "lz4" or "zstd",
            _ => true,
        };
        return valid ? null : $"Invalid value {value} for configuration {name}";
    }

    /// <summary>The value in force.</summary>
    public string Get(string name) =>
        Overrides.TryGetValue(name, out var value) ? value : Settings(_options).First(setting => setting.Name == name).Default;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static TimeSpan Time(long milliseconds) => TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, MaxMilliseconds));

    private bool HasPolicy(string policy) => Get("cleanup.policy").Split(',', StringSplitOptions.TrimEntries).Contains(policy);

    private long Number(string name) => long.Parse(Get(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
