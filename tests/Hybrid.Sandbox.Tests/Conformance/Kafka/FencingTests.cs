using Confluent.Kafka;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

public sealed class FencingTests
{
    private static readonly TimeSpan Patience = RunningBroker.Patience;

    [Fact]
    public async Task Produce_OfAZombie_FailsAndItsRecordsAreNeverSeen()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("ledger", partitions: 2);
        using var zombie = running.TransactionalProducer("writer");
        zombie.InitTransactions(Patience);
        zombie.BeginTransaction();
        zombie.Produce(new TopicPartition("ledger", 0), Record("before"));
        zombie.Flush(Patience);
        using var successor = running.TransactionalProducer("writer");
        successor.InitTransactions(Patience);

        var known = new TaskCompletionSource<Error>();
        var added = new TaskCompletionSource<Error>();
        zombie.Produce(new TopicPartition("ledger", 0), Record("known"), report => known.TrySetResult(report.Error));
        zombie.Produce(new TopicPartition("ledger", 1), Record("added"), report => added.TrySetResult(report.Error));
        zombie.Flush(Patience);
        var commit = Assert.ThrowsAny<KafkaException>(() => zombie.CommitTransaction(Patience));
        successor.BeginTransaction();
        successor.Produce(new TopicPartition("ledger", 0), Record("kept"));
        successor.CommitTransaction(Patience);

        Assert.True((await known.Task).IsError);
        Assert.True((await added.Task).IsError);
        Assert.True(commit.Error.IsFatal, commit.Error.ToString());
        Assert.ThrowsAny<KafkaException>(zombie.BeginTransaction);
        Assert.Equal(["kept"], running.ReadAll("ledger").Select(record => record.Message.Value));
        Assert.Empty(running.ReadAll("ledger", partition: 1, IsolationLevel.ReadUncommitted));
    }

    [Fact]
    public async Task Producer_WhoseTransactionTimedOut_IsFencedForGoodAndItsIdGoesOn()
    {
        await using var running = await RunningBroker.StartAsync(options => options with
        {
            TransactionTimeoutCheckInterval = TimeSpan.FromMilliseconds(50),
        });
        await running.CreateTopicAsync("ledger");
        using var slow = running.TransactionalProducer("writer", timeoutMs: 3000);
        slow.InitTransactions(Patience);
        slow.BeginTransaction();
        slow.Produce(new TopicPartition("ledger", 0), Record("late"));
        slow.Flush(Patience);
        using var admin = running.Admin();
        Assert.Equal(0, await Offsets.LatestAsync(admin, "ledger", IsolationLevel.ReadCommitted));
        Assert.Equal(1, await Offsets.LatestAsync(admin, "ledger", IsolationLevel.ReadUncommitted));

        await Polling.UntilAsync(async () => await Offsets.LatestAsync(admin, "ledger", IsolationLevel.ReadCommitted) == 2);

        var commit = Assert.ThrowsAny<KafkaException>(() => slow.CommitTransaction(Patience));
        Assert.True(commit.Error.IsFatal, commit.Error.ToString());
        using var successor = running.TransactionalProducer("writer");
        successor.InitTransactions(Patience);
        successor.BeginTransaction();
        successor.Produce(new TopicPartition("ledger", 0), Record("kept"));
        successor.CommitTransaction(Patience);
        Assert.Equal(["kept"], running.ReadAll("ledger").Select(record => record.Message.Value));
    }

    [Fact]
    public async Task SendOffsets_WithTheMetadataOfAnEarlierGeneration_IsRefusedAndTheTransactionCanBeAborted()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("in", partitions: 2);
        using var first = Member(running);
        await Polling.UntilAsync(() => first.Assignment.Count == 2, first);
        var stale = first.ConsumerGroupMetadata;
        using var second = Member(running);
        await Polling.UntilAsync(() => first.Assignment.Count == 1 && second.Assignment.Count == 1, first, second);
        using var producer = running.TransactionalProducer("copier");
        producer.InitTransactions(Patience);
        var offsets = new[] { new TopicPartitionOffset("in", 0, 5) };

        producer.BeginTransaction();
        var refused = Assert.Throws<KafkaTxnRequiresAbortException>(() => producer.SendOffsetsToTransaction(offsets, stale, Patience));
        producer.AbortTransaction(Patience);
        producer.BeginTransaction();
        producer.SendOffsetsToTransaction(offsets, first.ConsumerGroupMetadata, Patience);
        producer.CommitTransaction(Patience);

        Assert.Equal(ErrorCode.IllegalGeneration, refused.Error.Code);
        Assert.Equal(5, first.Committed([new TopicPartition("in", 0)], Patience).Single().Offset.Value);
    }

    [Fact]
    public async Task PendingOffsets_OfAnOpenTransaction_AreUnstableToWhoAsksForStableOnes()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("in");
        using var consumer = Member(running);
        await Polling.UntilAsync(() => consumer.Assignment.Count == 1, consumer);
        using var producer = running.TransactionalProducer("copier");
        producer.InitTransactions(Patience);
        producer.BeginTransaction();
        producer.SendOffsetsToTransaction([new TopicPartitionOffset("in", 0, 3)], consumer.ConsumerGroupMetadata, Patience);
        using var admin = running.Admin();
        var asked = new ConsumerGroupTopicPartitions("members", [new TopicPartition("in", 0)]);

        var unstable = await Assert.ThrowsAsync<Confluent.Kafka.Admin.ListConsumerGroupOffsetsException>(
            () => admin.ListConsumerGroupOffsetsAsync([asked], new() { RequireStableOffsets = true }));
        var loose = await admin.ListConsumerGroupOffsetsAsync([asked], new() { RequireStableOffsets = false });
        producer.CommitTransaction(Patience);
        var stable = await admin.ListConsumerGroupOffsetsAsync([asked], new() { RequireStableOffsets = true });

        Assert.Equal(ErrorCode.UnstableOffsetCommit, unstable.Results.Single().Partitions.Single().Error.Code);
        Assert.Equal(Offset.Unset, loose.Single().Partitions.Single().Offset);
        Assert.Equal(3, stable.Single().Partitions.Single().Offset.Value);
    }

    private static Message<string, string> Record(string value) => new() { Key = "k", Value = value };

    private static IConsumer<string, string> Member(RunningBroker running)
    {
        var config = running.ConsumerConfig("members");
        config.HeartbeatIntervalMs = 50;
        var consumer = new ConsumerBuilder<string, string>(config).Build();
        consumer.Subscribe("in");
        return consumer;
    }
}
