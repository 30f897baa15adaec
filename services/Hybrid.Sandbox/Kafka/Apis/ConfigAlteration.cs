using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>What both ways to alter a topic's settings have in common.</summary>
internal static class ConfigAlteration
{
    private enum Operation : sbyte
    {
        Set = 0,
        Delete = 1,
        Append = 2,
        Subtract = 3,
    }

    private sealed record Change(string Name, Operation Operation, string? Value);

    public static ValueTask<bool> Handle(
        KafkaRequest request, ResponseWriter response, KafkaBrokerOptions options, TopicCatalog topics, bool incremental)
    {
        var reader = request.Reader();
        var resources = new (sbyte Type, string Name, List<Change> Changes)[reader.ArrayLength()];
        for (var i = 0; i < resources.Length; i++)
        {
            resources[i] = (reader.Int8(), reader.String(), []);
            for (var count = reader.ArrayLength(); count > 0; count--)
            {
                var name = reader.String();
                var operation = incremental ? (Operation)reader.Int8() : Operation.Set;
                resources[i].Changes.Add(new Change(name, operation, reader.NullableString()));
                reader.TaggedFields();
            }
            reader.TaggedFields();
        }
        var validateOnly = reader.Boolean();
        response.Int32(0);
        response.ArrayLength(resources.Length);
        foreach (var (type, name, changes) in resources)
        {
            var (error, message) = Alter((ConfigResource)type, name, changes);
            response.Error(error);
            response.String(message);
            response.Int8(type);
            response.String(name);
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);

        (ErrorCode, string?) Alter(ConfigResource type, string name, List<Change> changes)
        {
            if (type != ConfigResource.Topic)
            {
                return (ErrorCode.InvalidRequest, "Only the settings of topics can be altered.");
            }
            if (topics.Find(name) is not { } topic)
            {
                return (ErrorCode.UnknownTopicOrPartition, null);
            }
            var config = incremental
                ? new Dictionary<string, string>(topic.Config.Overrides, StringComparer.Ordinal)
                : new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var change in changes)
            {
                if (Apply(change, topic.Config, config, options) is { } refusal)
                {
                    return (ErrorCode.InvalidConfig, refusal);
                }
            }
            return (validateOnly ? ErrorCode.None : topics.Configure(name, config), null);
        }
    }

    /// <summary>Makes one change to a topic's settings; why it cannot be made, or null when it was.</summary>
    private static string? Apply(Change change, TopicConfig present, Dictionary<string, string> config, KafkaBrokerOptions options)
    {
        if (change.Operation == Operation.Delete)
        {
            config.Remove(change.Name);
            return null;
        }
        if (change.Operation == Operation.Set)
        {
            return Set(change.Value);
        }
        if (TopicConfig.Settings(options).FirstOrDefault(setting => setting.Name == change.Name) is not { Type: ConfigType.List })
        {
            return $"Config value {change.Operation} is not allowed for config key: {change.Name}";
        }
        var items = Items(config.GetValueOrDefault(change.Name) ?? present.Get(change.Name));
        var changed = Items(change.Value ?? "");
        return Set(string.Join(',', change.Operation == Operation.Append ? items.Union(changed) : items.Except(changed)));

        string? Set(string? value)
        {
            var refusal = TopicConfig.Refusal(options, change.Name, value);
            if (refusal is null)
            {
                config[change.Name] = value!;
            }
            return refusal;
        }

        static string[] Items(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
