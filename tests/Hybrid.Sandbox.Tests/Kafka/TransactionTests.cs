using Confluent.Kafka;

namespace Hybrid.Sandbox.Tests.Kafka;

public sealed class TransactionTests
{
    private static readonly TimeSpan Patience = RunningBroker.Patience;

    [Fact]
    public async Task ReadCommitted_AfterAbortAndCommit_SeesTheCommittedRecordsOnly()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("ledger");
        using var producer = running.TransactionalProducer("writer");
        producer.InitTransactions(Patience);
        Write(producer, "ledger", "a1", "a2");
        producer.Flush(Patience);
        producer.AbortTransaction(Patience);
        Write(producer, "ledger", "b1", "b2");
        producer.CommitTransaction(Patience);

        Assert.Equal(["b1", "b2"], Values(running.ReadAll("ledger")));
        Assert.Equal(["a1", "a2", "b1", "b2"], Values(running.ReadAll("ledger", isolation: IsolationLevel.ReadUncommitted)));
    }

    [Fact]
    public async Task ReadCommitted_WhileATransactionIsOpen_StopsAtTheLastStableOffset()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("ledger");
        using var producer = running.TransactionalProducer("writer");
        using var other = running.Producer();
        producer.InitTransactions(Patience);
        Write(producer, "ledger", "open");
        producer.Flush(Patience);
        await other.ProduceAsync("ledger", new Message<string, string> { Key = "k", Value = "behind" });

        Assert.Empty(running.ReadAll("ledger"));
        producer.CommitTransaction(Patience);
        Assert.Equal(["open", "behind"], Values(running.ReadAll("ledger")));
    }

    [Fact]
    public async Task ReadCommitted_InSmallFetchesFromAnywhere_NeverSeesAnAbortedRecord()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("ledger", config: new() { ["index.interval.bytes"] = "1000" });
        using var producer = running.TransactionalProducer("writer");
        producer.InitTransactions(Patience);
        for (var i = 0; i < 150; i++)
        {
            Write(producer, "ledger", i % 3 == 0 ? $"kept {i}" : $"aborted {i}");
            producer.Flush(Patience);
            if (i % 3 == 0)
            {
                producer.CommitTransaction(Patience);
            }
            else
            {
                producer.AbortTransaction(Patience);
            }
        }
        var config = running.ConsumerConfig("small");
        config.MaxPartitionFetchBytes = 700;

        for (var start = 0; start < 300; start += 10)
        {
            using var consumer = new ConsumerBuilder<string, string>(config).Build();
            consumer.Assign(new TopicPartitionOffset("ledger", 0, start));
            var seen = new List<string>();
            while (consumer.Consume(Patience) is { IsPartitionEOF: false } record)
            {
                seen.Add(record.Message.Value);
            }
            Assert.Equal(Enumerable.Range(0, 150).Where(i => i % 3 == 0 && 2 * i >= start).Select(i => $"kept {i}"), seen);
        }
    }

    [Fact]
    public async Task ManyTransactions_BackToBack_AreAllSeenInOrder()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("ledger", partitions: 3);
        using var producer = running.TransactionalProducer("writer");
        producer.InitTransactions(Patience);
        for (var i = 0; i < 60; i++)
        {
            producer.BeginTransaction();
            for (var partition = 0; partition < 3; partition++)
            {
                producer.Produce(new TopicPartition("ledger", partition), new Message<string, string> { Key = "k", Value = $"{i}" });
            }
            if (i % 3 == 0)
            {
                producer.AbortTransaction(Patience);
            }
            else
            {
                producer.CommitTransaction(Patience);
            }
        }

        var expected = Enumerable.Range(0, 60).Where(i => i % 3 != 0).Select(i => $"{i}").ToArray();
        Assert.All(Enumerable.Range(0, 3), partition => Assert.Equal(expected, Values(running.ReadAll("ledger", partition))));
    }

    [Fact]
    public async Task Commit_OfAProducerWhoseIdWasTakenOver_IsFencedForGood()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("ledger");
        using var zombie = running.TransactionalProducer("writer");
        zombie.InitTransactions(Patience);
        Write(zombie, "ledger", "lost");
        zombie.Flush(Patience);
        using var successor = running.TransactionalProducer("writer");
        successor.InitTransactions(Patience);
        Write(successor, "ledger", "kept");
        successor.CommitTransaction(Patience);

        var error = Assert.ThrowsAny<KafkaException>(() => zombie.CommitTransaction(Patience));

        Assert.True(error.Error.IsFatal, error.Error.ToString());
        Assert.Equal(["kept"], Values(running.ReadAll("ledger")));
    }

    [Fact]
    public async Task Transaction_PastItsTimeout_IsAborted()
    {
        await using var running = await RunningBroker.StartAsync(options => options with
        {
            TransactionTimeoutCheckInterval = TimeSpan.FromMilliseconds(50),
        });
        await running.CreateTopicAsync("ledger");
        using var producer = running.TransactionalProducer("slow", timeoutMs: 1000);
        using var other = running.Producer();
        producer.InitTransactions(Patience);
        Write(producer, "ledger", "late");
        producer.Flush(Patience);
        await other.ProduceAsync("ledger", new Message<string, string> { Key = "k", Value = "behind" });
        using var consumer = running.Consumer("committed");
        consumer.Assign(new TopicPartitionOffset("ledger", 0, Offset.Beginning));

        ConsumeResult<string, string>? seen = null;
        for (var deadline = Environment.TickCount64 + 30_000; (seen is null || seen.IsPartitionEOF) && Environment.TickCount64 < deadline;)
        {
            seen = consumer.Consume(Patience);
        }

        Assert.Equal("behind", seen!.Message.Value);
        Assert.ThrowsAny<KafkaException>(() => producer.CommitTransaction(Patience));
    }

    [Fact]
    public async Task SendOffsets_OfACommittedTransaction_MovesTheGroup()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("in");
        await running.CreateTopicAsync("out");
        using (var source = running.Producer())
        {
            await source.ProduceAsync("in", new Message<string, string> { Key = "k", Value = "v" });
        }
        using var consumer = running.Consumer("copier");
        consumer.Subscribe("in");
        while (consumer.Consume(Patience) is { IsPartitionEOF: true })
        {
        }
        using var producer = running.TransactionalProducer("copier");
        producer.InitTransactions(Patience);
        var offsets = new[] { new TopicPartitionOffset("in", 0, 1) };

        Write(producer, "out", "aborted");
        producer.Flush(Patience);
        producer.SendOffsetsToTransaction(offsets, consumer.ConsumerGroupMetadata, Patience);
        producer.AbortTransaction(Patience);
        var afterAbort = consumer.Committed([new TopicPartition("in", 0)], Patience).Single().Offset;
        Write(producer, "out", "copied");
        producer.SendOffsetsToTransaction(offsets, consumer.ConsumerGroupMetadata, Patience);
        producer.CommitTransaction(Patience);
        var afterCommit = consumer.Committed([new TopicPartition("in", 0)], Patience).Single().Offset;

        Assert.Equal(Offset.Unset, afterAbort);
        Assert.Equal(1, afterCommit.Value);
        Assert.Equal(["copied"], Values(running.ReadAll("out")));
    }

    [Fact]
    public async Task SendOffsets_WithTheMetadataOfAGoneMember_IsRefused()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("in");
        IConsumerGroupMetadata stale;
        using (var consumer = running.Consumer("copier"))
        {
            consumer.Subscribe("in");
            consumer.Consume(Patience);
            stale = consumer.ConsumerGroupMetadata;
            consumer.Close();
        }
        using var producer = running.TransactionalProducer("copier");
        producer.InitTransactions(Patience);
        producer.BeginTransaction();

        var error = Assert.ThrowsAny<KafkaException>(
            () => producer.SendOffsetsToTransaction([new TopicPartitionOffset("in", 0, 1)], stale, Patience));

        Assert.IsType<KafkaTxnRequiresAbortException>(error);
        producer.AbortTransaction(Patience);
    }

    [Fact]
    public async Task IdempotentProducer_OverManyBatches_WritesEachRecordOnce()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("once", partitions: 2);
        using var producer = running.Producer(config =>
        {
            config.EnableIdempotence = true;
            config.BatchNumMessages = 50;
        });
        for (var i = 0; i < 4000; i++)
        {
            producer.Produce(new TopicPartition("once", i % 2), new Message<string, string> { Key = "k", Value = $"{i}" });
        }
        producer.Flush(Patience);

        Assert.Equal(Enumerable.Range(0, 4000).Where(i => i % 2 == 0).Select(i => $"{i}"), Values(running.ReadAll("once", 0)));
        Assert.Equal(Enumerable.Range(0, 4000).Where(i => i % 2 == 1).Select(i => $"{i}"), Values(running.ReadAll("once", 1)));
    }

    private static void Write(IProducer<string, string> producer, string topic, params string[] values)
    {
        producer.BeginTransaction();
        foreach (var value in values)
        {
            producer.Produce(new TopicPartition(topic, 0), new Message<string, string> { Key = "k", Value = value });
        }
    }

    private static IEnumerable<string> Values(IEnumerable<ConsumeResult<string, string>> records) =>
        records.Select(record => record.Message.Value);
}
