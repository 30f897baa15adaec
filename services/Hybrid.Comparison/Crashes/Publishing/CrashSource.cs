using System.Globalization;
using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Crashes.Publishing;

/// <summary>A source whose partitions come fast: its clock, its names on the stack, and the options of its publishers.</summary>
internal sealed class CrashSource
{
    /// <summary>Partitions of the topic of deltas.</summary>
    public const int KafkaPartitions = 3;

    /// <summary>How many partitions behind the watermark the publisher looks at again: far more than the input is ever late by.</summary>
    private const int OverlapPartitions = 200;

    private const string Anything = "crash";

    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);
    private static readonly DateTimeOffset Origin = new(2011, 12, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly EventClock _clock;
    private readonly ClockOptions _options;
    private readonly StackEndpoints _endpoints;
    private readonly TimeSpan _lag;

    /// <param name="shards">How many publishers share it.</param>
    /// <param name="endpoints">The stack.</param>
    /// <param name="lag">How long an object stays hidden from listings at most.</param>
    public CrashSource(int shards, StackEndpoints endpoints, TimeSpan lag)
    {
        Shards = shards;
        _endpoints = endpoints;
        _lag = lag;
        _options = new ClockOptions { Origin = Origin, Start = DateTimeOffset.UtcNow, Speed = Period / WallPeriod };
        _clock = new EventClock(_options);
    }

    /// <summary>A partition's length in event time.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromMinutes(5);

    /// <summary>A partition's length in wall time.</summary>
    public static TimeSpan WallPeriod { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many publishers share it.</summary>
    public int Shards { get; }

    /// <summary>Its name, bucket and prefix on the stack.</summary>
    public string Name => Shards == 1 ? "whole" : "shared";

    /// <summary>What the names of its topics and transactional ids begin with.</summary>
    public string TopicPrefix => Name + ".";

    /// <summary>How partitions are named.</summary>
    public PartitionLayout Layout { get; } = new(PartitionLayout.DefaultTemplate, Period);

    /// <summary>How many partitions ahead an object is put that is in time whatever the lag.</summary>
    public int SafelyAhead => (int)Math.Ceiling(_lag / WallPeriod) + 2;

    /// <summary>The partition so many after that of now; the first one when that would be before it.</summary>
    public PartitionId FromNow(int partitions)
    {
        var start = PartitionId.Containing(_clock.GetUtcNow(), Period).Start + (partitions * Period);
        return new PartitionId(start < Origin ? Origin : start, Period);
    }

    /// <summary>Whether every listing shows an object once its partition is due.</summary>
    /// <param name="end">Its partition's end.</param>
    /// <param name="settled">When its put was answered, wall time.</param>
    public bool IsOnTime(DateTimeOffset end, DateTimeOffset settled) => settled + _lag < _clock.ToWall(end);

    /// <summary>The end of the first partition that is due only after everything that is put by now can be listed.</summary>
    public DateTimeOffset EndAfter(PartitionId last)
    {
        var visible = FromNow(SafelyAhead);
        return (visible.CompareTo(last) > 0 ? visible : last).End;
    }

    /// <summary>The transactional id of a publisher.</summary>
    public string TransactionalId(int shard) =>
        TopicPrefix + (Shards == 1 ? $"hybrid-publisher-{Anything}" : $"hybrid-publisher-{Anything}-{shard}-of-{Shards}");

    /// <summary>The options that lead to the source on the stack.</summary>
    public Dictionary<string, string?> StackSettings() => new()
    {
        ["Kafka:BootstrapServers"] = _endpoints.KafkaBootstrapServers,
        ["Kafka:TopicPrefix"] = TopicPrefix,
        ["Kafka:Partitions"] = Text(KafkaPartitions),
        ["Avro:RegistryUrl"] = _endpoints.RegistryUrl,
        ["ObjectStore:ServiceUrl"] = _endpoints.S3Url,
        ["ObjectStore:Bucket"] = Name,
        ["ObjectStore:AccessKey"] = _endpoints.AccessKey ?? Anything,
        ["ObjectStore:SecretKey"] = _endpoints.SecretKey ?? Anything,
    };

    /// <summary>The environment of a publisher.</summary>
    /// <param name="shard">Which.</param>
    /// <param name="end">Where it ends, event time; null for nowhere.</param>
    public Dictionary<string, string> PublisherEnvironment(int shard, DateTimeOffset? end)
    {
        var settings = StackSettings();
        settings["Source:Name"] = Anything;
        settings["Source:Layout"] = Layout.Template;
        settings["Source:Period"] = Period.ToString("c");
        settings["Clock:Origin"] = Text(Origin);
        settings["Clock:Start"] = Text(_options.Start!.Value);
        settings["Clock:Speed"] = _options.Speed.ToString(CultureInfo.InvariantCulture);
        settings["Publisher:From"] = Text(Origin);
        settings["Publisher:Until"] = end is { } until ? Text(until) : null;
        settings["Publisher:ExitWhenDone"] = end is null ? null : "true";
        settings["Publisher:Shard"] = Text(shard);
        settings["Publisher:Shards"] = Text(Shards);
        settings["Publisher:SettleDelay"] = Settle.ToString("c");
        settings["Publisher:PollInterval"] = "00:00:00.050";
        settings["Publisher:OverlapPartitions"] = Text(OverlapPartitions);
        settings["Publisher:TransactionRecords"] = "400";
        settings["Health:Port"] = "0";
        return Processes.Settings.Variables(settings);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);
}
