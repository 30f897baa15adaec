using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Makes topics.</summary>
internal sealed class CreateTopicsApi(KafkaBrokerOptions options, TopicCatalog topics) : IApi
{
    private const sbyte TopicSource = 1;
    private const sbyte DefaultSource = 5;

    public ApiVersionRange Versions { get; } = new(ApiKey.CreateTopics, 0, 6, FlexibleFrom: 5);

    private sealed record Wanted(
        string Name, int Partitions, short ReplicationFactor, bool BadAssignment, Dictionary<string, string?> Config);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        var wanted = new Wanted[reader.ArrayLength()];
        for (var i = 0; i < wanted.Length; i++)
        {
            wanted[i] = Read(ref reader);
        }
        reader.Int32();
        var validateOnly = version >= 1 && reader.Boolean();
        if (version >= 2)
        {
            response.Int32(0);
        }
        response.ArrayLength(wanted.Length);
        foreach (var topic in wanted)
        {
            var (error, message) = wanted.Count(other => other.Name == topic.Name) > 1
                ? (ErrorCode.InvalidRequest, "The request names the topic more than once.")
                : Create(topic, validateOnly);
            response.String(topic.Name);
            response.Error(error);
            if (version >= 1)
            {
                response.String(message);
            }
            if (version >= 5)
            {
                WriteTopic(response, topic, error);
            }
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);
    }

    private static Wanted Read(ref RequestReader reader)
    {
        var name = reader.String();
        var partitions = reader.Int32();
        var replicationFactor = reader.Int16();
        var assignments = reader.ArrayLength();
        var bad = false;
        for (var i = 0; i < assignments; i++)
        {
            bad |= reader.Int32() != i;
            bad |= reader.Int32Array() is not [BrokerAddress.NodeId];
            reader.TaggedFields();
        }
        var config = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (var count = reader.ArrayLength(); count > 0; count--)
        {
            config[reader.String()] = reader.NullableString();
            reader.TaggedFields();
        }
        reader.TaggedFields();
        return new Wanted(name, assignments > 0 ? assignments : partitions, assignments > 0 ? (short)1 : replicationFactor, bad, config);
    }

    private (ErrorCode Error, string? Message) Create(Wanted topic, bool validateOnly)
    {
        if (!TopicCatalog.IsValidName(topic.Name))
        {
            return (ErrorCode.InvalidTopic, $"'{topic.Name}' is no topic name: 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-' are.");
        }
        if (topics.Find(topic.Name) is not null)
        {
            return (ErrorCode.TopicAlreadyExists, $"Topic '{topic.Name}' already exists.");
        }
        if (topics.Collision(topic.Name) is { } other)
        {
            return (ErrorCode.InvalidTopic, $"Topic '{topic.Name}' collides with existing topics: {other}");
        }
        if (topic.BadAssignment)
        {
            return (ErrorCode.InvalidReplicaAssignment, "Partitions are numbered from 0 and each has its one replica on broker 1.");
        }
        var partitions = topic.Partitions == -1 ? options.DefaultPartitions : topic.Partitions;
        if (TopicCatalog.CheckPartitionCount(partitions) is var invalid and not ErrorCode.None)
        {
            return (invalid, "The number of partitions must be between 1 and 10000.");
        }
        if (topic.ReplicationFactor is not (1 or -1))
        {
            return (ErrorCode.InvalidReplicationFactor, $"Replication factor: {topic.ReplicationFactor}, available brokers: 1.");
        }
        foreach (var (name, value) in topic.Config)
        {
            if (TopicConfig.Refusal(options, name, value) is { } refusal)
            {
                return (ErrorCode.InvalidConfig, refusal);
            }
        }
        return validateOnly
            ? (ErrorCode.None, null)
            : (topics.Create(topic.Name, partitions, topic.Config.ToDictionary(setting => setting.Key, setting => setting.Value!)), null);
    }

    private void WriteTopic(ResponseWriter response, Wanted wanted, ErrorCode error)
    {
        if (error != ErrorCode.None)
        {
            response.Int32(-1);
            response.Int16(-1);
            response.NullArray();
            return;
        }
        response.Int32(wanted.Partitions == -1 ? options.DefaultPartitions : wanted.Partitions);
        response.Int16(1);
        var settings = TopicConfig.Settings(options).ToArray();
        response.ArrayLength(settings.Length);
        foreach (var setting in settings)
        {
            var own = wanted.Config.TryGetValue(setting.Name, out var value);
            response.String(setting.Name);
            response.String(own ? value : setting.Default);
            response.Boolean(false);
            response.Int8(own ? TopicSource : DefaultSource);
            response.Boolean(false);
            response.TaggedFields();
        }
    }
}
