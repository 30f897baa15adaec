using Hybrid.Contracts.Lanes;
using Testcontainers.Kafka;

namespace Hybrid.Containers.Tests;

/// <summary>Publisher and micro-batch lane over one Kafka: Apache's in a container, and the sandbox's, which must not differ.</summary>
public sealed class PublisherToLaneTests
{
    private const string Image = "apache/kafka:4.1.1";

    [DockerFact]
    public async Task OnApacheKafka_PartitionsEndInTheIndex_AndTheCountsAddUp()
    {
        await using var kafka = new KafkaBuilder(Image).Build();
        await kafka.StartAsync();

        await PartitionsEndInTheIndexAsync(kafka.GetBootstrapAddress());
    }

    [Fact]
    public Task OnTheSandbox_PartitionsEndInTheIndex_AndTheCountsAddUp() => PartitionsEndInTheIndexAsync(bootstrapServers: null);

    private static async Task PartitionsEndInTheIndexAsync(string? bootstrapServers)
    {
        await using var pipeline = await PipelineRun.StartAsync(bootstrapServers);
        var input = new Partitions(seed: 5, partitions: 6, linesInEach: 400);
        await pipeline.PutAsync(input);

        await pipeline.PublishAsync(input);
        await pipeline.IndexAsync(LaneNames.MicroBatch, input);

        Assert.Equal(input.Lines, pipeline.LinesRead);
        Assert.Equal(input.Lines - input.Malformed, pipeline.RecordsPublished);
        Assert.Equal(input.Malformed, pipeline.DeadLetters);
        Assert.Equal(input.Lines - input.Malformed, pipeline.RecordsConsumed);
        Assert.Equal(input.Truth, await pipeline.ReadIndexAsync());
    }
}
