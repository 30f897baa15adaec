using Hybrid.Sandbox.Kafka.Log;

namespace Hybrid.Sandbox.Kafka.Topics;

/// <summary>A topic and the logs of its partitions.</summary>
internal sealed class Topic(string name, TopicConfig config)
{
    private volatile PartitionLog[] _partitions = [];
    private volatile TopicConfig _config = config;

    public string Name { get; } = name;

    public TopicConfig Config
    {
        get => _config;
        set => _config = value;
    }

    public PartitionLog[] Partitions
    {
        get => _partitions;
        set => _partitions = value;
    }

    public PartitionLog? Partition(int index)
    {
        var partitions = _partitions;
        return (uint)index < (uint)partitions.Length ? partitions[index] : null;
    }
}
