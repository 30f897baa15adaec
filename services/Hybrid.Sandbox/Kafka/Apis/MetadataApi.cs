using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Tells of the broker and of topics, and makes topics that are asked for by name.</summary>
internal sealed class MetadataApi(KafkaBrokerOptions options, BrokerAddress address, TopicCatalog topics) : IApi
{
    /// <param name="Names">The topics asked for; null for all of them.</param>
    /// <param name="Create">Whether to make those that are not there.</param>
    /// <param name="ClusterOperations">Whether to say what the client may do with the cluster.</param>
    /// <param name="TopicOperations">Whether to say what the client may do with each topic.</param>
    private readonly record struct Wanted(string[]? Names, bool Create, bool ClusterOperations, bool TopicOperations);

    public ApiVersionRange Versions { get; } = new(ApiKey.Metadata, 0, 9, FlexibleFrom: 9);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var wanted = Read(request);
        if (version >= 3)
        {
            response.Int32(0);
        }
        WriteCluster(response, version, address);
        string[] names = wanted.Names ?? [.. topics.All.Select(topic => topic.Name).Order(StringComparer.Ordinal)];
        response.ArrayLength(names.Length);
        foreach (var name in names)
        {
            WriteTopic(response, version, name, wanted);
        }
        if (version >= 8)
        {
            response.Int32(AuthorisedOperations.OnCluster(wanted.ClusterOperations));
        }
        response.TaggedFields();
        return new(true);
    }

    /// <summary>The part of an answer that tells of the brokers, the cluster and its controller.</summary>
    public static void WriteCluster(ResponseWriter response, short version, BrokerAddress address)
    {
        response.ArrayLength(1);
        response.Int32(BrokerAddress.NodeId);
        response.String(address.Host);
        response.Int32(address.Port);
        if (version >= 1)
        {
            response.String(null);
        }
        response.TaggedFields();
        if (version >= 2)
        {
            response.String(address.ClusterId);
        }
        if (version >= 1)
        {
            response.Int32(BrokerAddress.NodeId);
        }
    }

    private static Wanted Read(KafkaRequest request)
    {
        var reader = request.Reader();
        var count = reader.NullableArrayLength();
        string[]? names = count < 0 || (count == 0 && request.Version == 0) ? null : new string[count];
        for (var i = 0; i < names?.Length; i++)
        {
            names[i] = reader.String();
            reader.TaggedFields();
        }
        var create = request.Version < 4 || reader.Boolean();
        return request.Version >= 8
            ? new Wanted(names, create, reader.Boolean(), reader.Boolean())
            : new Wanted(names, create, ClusterOperations: false, TopicOperations: false);
    }

    private void WriteTopic(ResponseWriter response, short version, string name, Wanted wanted)
    {
        var topic = topics.Find(name);
        var error = topic is not null ? ErrorCode.None
            : !TopicCatalog.IsValidName(name) ? ErrorCode.InvalidTopic
            : ErrorCode.UnknownTopicOrPartition;
        if (error == ErrorCode.UnknownTopicOrPartition && wanted.Create && options.AutoCreateTopics)
        {
            error = topics.Create(name, options.DefaultPartitions, new Dictionary<string, string>());
            topic = topics.Find(name);
            error = topic is null ? error : ErrorCode.None;
        }
        response.Error(error);
        response.String(name);
        if (version >= 1)
        {
            response.Boolean(false);
        }
        var partitions = topic?.Partitions.Length ?? 0;
        response.ArrayLength(partitions);
        for (var index = 0; index < partitions; index++)
        {
            response.Error(ErrorCode.None);
            response.Int32(index);
            response.Int32(BrokerAddress.NodeId);
            if (version >= 7)
            {
                response.Int32(0);
            }
            response.Int32Array([BrokerAddress.NodeId]);
            response.Int32Array([BrokerAddress.NodeId]);
            if (version >= 5)
            {
                response.Int32Array([]);
            }
            response.TaggedFields();
        }
        if (version >= 8)
        {
            response.Int32(AuthorisedOperations.OnTopic(wanted.TopicOperations));
        }
        response.TaggedFields();
    }
}
