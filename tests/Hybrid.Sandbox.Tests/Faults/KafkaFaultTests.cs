using System.Net.Sockets;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Hybrid.Sandbox.Faults;

namespace Hybrid.Sandbox.Tests.Faults;

public sealed class KafkaFaultTests(FaultFixture fixture) : IClassFixture<FaultFixture>
{
    [Fact]
    public async Task Errors_OfEveryApiOfATransactionAndAGroup_AreRetriedByTheClientUntilTheyEnd()
    {
        await fixture.CreateTopicAsync("tried");
        (string Api, string Error)[] errors =
        [
            ("Metadata", "LEADER_NOT_AVAILABLE"), ("FindCoordinator", "COORDINATOR_NOT_AVAILABLE"), ("InitProducerId", "COORDINATOR_LOAD_IN_PROGRESS"),
            ("AddPartitionsToTxn", "CONCURRENT_TRANSACTIONS"), ("Produce", "NOT_LEADER_OR_FOLLOWER"), ("EndTxn", "COORDINATOR_LOAD_IN_PROGRESS"),
            ("JoinGroup", "COORDINATOR_LOAD_IN_PROGRESS"), ("SyncGroup", "REBALANCE_IN_PROGRESS"), ("OffsetFetch", "COORDINATOR_LOAD_IN_PROGRESS"),
            ("ListOffsets", "NOT_LEADER_OR_FOLLOWER"), ("Fetch", "NOT_LEADER_OR_FOLLOWER"), ("Heartbeat", "COORDINATOR_NOT_AVAILABLE"),
            ("OffsetCommit", "COORDINATOR_LOAD_IN_PROGRESS"),
        ];
        var faults = errors.Select(each => fixture.Inject(new() { Service = "kafka", Operation = each.Api, Error = each.Error, Times = 1 })).ToList();

        using (var producer = fixture.Producer(config => config.TransactionalId = "tried"))
        {
            producer.InitTransactions(FaultFixture.Patience);
            producer.BeginTransaction();
            producer.Produce("tried", new Message<string, string> { Key = "k", Value = "v" });
            producer.CommitTransaction(FaultFixture.Patience);
        }

        var config = new ConsumerConfig
        {
            BootstrapServers = fixture.Kafka,
            GroupId = "tried",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            HeartbeatIntervalMs = 50,
            SessionTimeoutMs = 6000,
            RetryBackoffMs = 5,
            FetchErrorBackoffMs = 5,
            TopicMetadataRefreshIntervalMs = 500,
        };
        using (var consumer = new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build())
        {
            consumer.Subscribe("tried");
            var record = consumer.Consume(FaultFixture.Patience);
            Assert.Equal("v", record.Message.Value);
            await FaultFixture.UntilAsync(() =>
            {
                try
                {
                    consumer.Commit(record);
                    return Task.FromResult(true);
                }
                catch (KafkaException exception) when (!exception.Error.IsFatal)
                {
                    return Task.FromResult(false);
                }
            });
            await FaultFixture.UntilAsync(() =>
            {
                consumer.Consume(TimeSpan.FromMilliseconds(20));
                return Task.FromResult(faults.TrueForAll(fault => fault.Status.Hits == 1));
            });
        }

        Assert.All(faults, fault => Assert.False(fault.Status.InForce));
        Assert.Equal(["v"], fixture.Records("tried"));
        faults.ForEach(fault => fault.Dispose());
    }

    [Fact]
    public async Task Error_OfOneTopic_IsWhatTheProducerHearsUntilItIsCleared()
    {
        await fixture.CreateTopicAsync("forbidden");
        await fixture.CreateTopicAsync("allowed");
        using var producer = fixture.Producer();
        using (fixture.Inject(new() { Service = "kafka", Operation = "Produce", Target = "forb*", Error = "TOPIC_AUTHORIZATION_FAILED" }))
        {
            var refused = await Assert.ThrowsAsync<ProduceException<string, string>>(() => ProduceAsync(producer, "forbidden", "no"));
            Assert.Equal(ErrorCode.TopicAuthorizationFailed, refused.Error.Code);
            await ProduceAsync(producer, "allowed", "yes");
        }

        await ProduceAsync(producer, "forbidden", "now");
        Assert.Equal(["now"], fixture.Records("forbidden"));
    }

    [Fact]
    public async Task Error_OfAnAdministrator_IsReadByItsClient()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = fixture.Kafka }).Build();
        using var fault = fixture.Inject(new() { Service = "kafka", Operation = "CreateTopics", Error = "POLICY_VIOLATION", Times = 1 });
        var topics = new[] { new TopicSpecification { Name = "policed", NumPartitions = 1, ReplicationFactor = 1 } };

        var refused = await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync(topics));
        await admin.CreateTopicsAsync(topics);

        Assert.Equal(ErrorCode.PolicyViolation, refused.Results[0].Error.Code);
    }

    [Theory]
    [InlineData("before", false, 1)]
    [InlineData("after", false, 2)]
    [InlineData("after", true, 1)]
    public async Task Drop_OfAnAnswerOnly_DuplicatesUnlessTheProducerIsIdempotent(string when, bool idempotent, int copies)
    {
        var topic = $"dropped-{when}-{idempotent}";
        await fixture.CreateTopicAsync(topic);
        using var fault = fixture.Inject(new() { Service = "kafka", Operation = "Produce", Target = topic, Drop = true, When = when, Times = 1 });
        using var producer = fixture.Producer(config => config.EnableIdempotence = idempotent);

        await ProduceAsync(producer, topic, "once");

        Assert.Equal(1, fault.Status.Hits);
        Assert.Equal(Enumerable.Repeat("once", copies), fixture.Records(topic));
    }

    [Fact]
    public async Task Down_ClosesConnectionsUntilItIsOverAndLosesNothing()
    {
        await fixture.CreateTopicAsync("outage");
        using var producer = fixture.Producer();
        await ProduceAsync(producer, "outage", "before");
        using var idle = new TcpClient();
        await idle.ConnectAsync("127.0.0.1", new Uri($"tcp://{fixture.Kafka}").Port);
        Task during;
        using (var fault = fixture.Inject(new() { Service = "kafka", Down = true }))
        {
            Assert.True(await IsClosedAsync(idle));
            during = ProduceAsync(producer, "outage", "during");
            var refused = fault.Status.Hits;
            await FaultFixture.UntilAsync(() => Task.FromResult(fault.Status.Hits > refused + 1));
            Assert.False(during.IsCompleted);
        }

        await during;
        Assert.Equal(["before", "during"], fixture.Records("outage"));
    }

    [Fact]
    public async Task Stall_HoldsEveryRequestOfTheOperationUntilItsEnd()
    {
        await fixture.CreateTopicAsync("stalled");
        using var first = fixture.Producer();
        using var second = fixture.Producer();
        Task[] held;
        using (var fault = fixture.Inject(new() { Service = "kafka", Operation = "Produce", Target = "stalled", Stall = "1h" }))
        {
            held = [ProduceAsync(first, "stalled", "a"), ProduceAsync(second, "stalled", "b")];
            await FaultFixture.UntilAsync(() => Task.FromResult(fault.Status.Hits == 2));
            Assert.All(held, each => Assert.False(each.IsCompleted));
        }

        await Task.WhenAll(held);
        Assert.Equal(["a", "b"], fixture.Records("stalled").Order());
    }

    private static Task ProduceAsync(IProducer<string, string> producer, string topic, string value) =>
        producer.ProduceAsync(topic, new Message<string, string> { Key = "k", Value = value });

    private static async Task<bool> IsClosedAsync(TcpClient client)
    {
        using var limit = new CancellationTokenSource(FaultFixture.Patience);
        try
        {
            return await client.GetStream().ReadAsync(new byte[1], limit.Token) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
