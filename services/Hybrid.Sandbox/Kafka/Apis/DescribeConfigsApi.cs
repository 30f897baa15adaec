using System.Globalization;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Gives the settings of topics and of the broker.</summary>
internal sealed class DescribeConfigsApi(KafkaBrokerOptions options, TopicCatalog topics) : IApi
{
    private const sbyte TopicSource = 1;
    private const sbyte StaticBrokerSource = 4;
    private const sbyte DefaultSource = 5;

    public ApiVersionRange Versions { get; } = new(ApiKey.DescribeConfigs, 0, 4, FlexibleFrom: 4);

    private sealed record Entry(string Name, string Value, ConfigType Type, sbyte Source);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        response.Int32(0);
        var count = reader.ArrayLength();
        response.ArrayLength(count);
        for (; count > 0; count--)
        {
            var type = reader.Int8();
            var name = reader.String();
            var keyCount = reader.NullableArrayLength();
            var keys = keyCount < 0 ? null : new HashSet<string>(StringComparer.Ordinal);
            for (; keyCount > 0; keyCount--)
            {
                keys!.Add(reader.String());
            }
            reader.TaggedFields();
            var (error, entries) = Describe((ConfigResource)type, name);
            response.Error(error);
            response.String(null);
            response.Int8(type);
            response.String(name);
            var wanted = entries.Where(entry => keys is null || keys.Contains(entry.Name)).ToArray();
            response.ArrayLength(wanted.Length);
            foreach (var entry in wanted)
            {
                Write(response, version, entry);
            }
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);
    }

    private static void Write(ResponseWriter response, short version, Entry entry)
    {
        response.String(entry.Name);
        response.String(entry.Value);
        response.Boolean(entry.Source == StaticBrokerSource);
        if (version == 0)
        {
            response.Boolean(entry.Source == DefaultSource);
        }
        else
        {
            response.Int8(entry.Source);
        }
        response.Boolean(false);
        if (version >= 1)
        {
            response.ArrayLength(0);
        }
        if (version >= 3)
        {
            response.Int8((sbyte)entry.Type);
            response.String(null);
        }
        response.TaggedFields();
    }

    private (ErrorCode Error, IEnumerable<Entry> Entries) Describe(ConfigResource type, string name)
    {
        switch (type)
        {
            case ConfigResource.Topic when topics.Find(name) is { } topic:
                return (ErrorCode.None, TopicConfig.Settings(options).Select(setting => new Entry(
                    setting.Name, topic.Config.Get(setting.Name), setting.Type,
                    topic.Config.Overrides.ContainsKey(setting.Name) ? TopicSource : DefaultSource)));
            case ConfigResource.Topic:
                return (TopicCatalog.IsValidName(name) ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopic, []);
            case ConfigResource.Broker when name.Length == 0 || name == BrokerAddress.NodeId.ToString(CultureInfo.InvariantCulture):
                return (ErrorCode.None, BrokerSettings());
            default:
                return (ErrorCode.InvalidRequest, []);
        }
    }

    private IEnumerable<Entry> BrokerSettings()
    {
        yield return Broker("auto.create.topics.enable", options.AutoCreateTopics ? "true" : "false", ConfigType.Boolean);
        yield return Broker("broker.id", BrokerAddress.NodeId, ConfigType.Int);
        yield return Broker("default.replication.factor", 1, ConfigType.Int);
        yield return Broker("group.initial.rebalance.delay.ms", options.InitialRebalanceDelay.TotalMilliseconds, ConfigType.Int);
        yield return Broker("group.max.session.timeout.ms", options.MaxSessionTimeout.TotalMilliseconds, ConfigType.Int);
        yield return Broker("group.min.session.timeout.ms", options.MinSessionTimeout.TotalMilliseconds, ConfigType.Int);
        yield return Broker("log.segment.bytes", options.SegmentBytes, ConfigType.Int);
        yield return Broker("message.max.bytes", options.MaxMessageBytes, ConfigType.Int);
        yield return Broker("num.partitions", options.DefaultPartitions, ConfigType.Int);
        yield return Broker("transaction.max.timeout.ms", options.MaxTransactionTimeout.TotalMilliseconds, ConfigType.Int);

        static Entry Broker(string name, IConvertible value, ConfigType type) =>
            new(name, value.ToString(CultureInfo.InvariantCulture), type, StaticBrokerSource);
    }
}
