using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Gives topics more partitions.</summary>
internal sealed class CreatePartitionsApi(TopicCatalog topics) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.CreatePartitions, 0, 3, FlexibleFrom: 2);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var reader = request.Reader();
        var wanted = new (string Name, int Count)[reader.ArrayLength()];
        for (var i = 0; i < wanted.Length; i++)
        {
            wanted[i] = (reader.String(), reader.Int32());
            for (var assignments = reader.ArrayLength(); assignments > 0; assignments--)
            {
                reader.Int32Array();
                reader.TaggedFields();
            }
            reader.TaggedFields();
        }
        reader.Int32();
        var validateOnly = reader.Boolean();
        response.Int32(0);
        response.ArrayLength(wanted.Length);
        foreach (var (name, count) in wanted)
        {
            var error = topics.Expand(name, count, validateOnly);
            response.String(name);
            response.Error(error);
            response.String(error == ErrorCode.InvalidPartitions
                ? $"The topic has {topics.Find(name)?.Partitions.Length} partitions; {count} were asked for, which must be more."
                : null);
            response.TaggedFields();
        }
        response.TaggedFields();
        return new(true);
    }
}
