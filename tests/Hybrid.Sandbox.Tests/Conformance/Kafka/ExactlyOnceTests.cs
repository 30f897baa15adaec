using Confluent.Kafka;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

public sealed class ExactlyOnceTests
{
    private const int Records = 400;
    private const int Partitions = 4;
    private const int MostEmptyPolls = 200;

    private static readonly TimeSpan Patience = RunningBroker.Patience;

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Copies_OfAGroupWhoseMemberDiesInATransaction_AreCommittedOnce(PartitionAssignmentStrategy strategy)
    {
        await using var running = await RunningBroker.StartAsync(options => options with
        {
            MinSessionTimeout = TimeSpan.FromMilliseconds(100),
        });
        await running.CreateTopicAsync("in", Partitions);
        await running.CreateTopicAsync("out");
        using (var source = running.Producer())
        {
            for (var i = 0; i < Records; i++)
            {
                source.Produce(new TopicPartition("in", i % Partitions), new Message<string, string> { Key = "k", Value = $"{i}" });
            }
            source.Flush(Patience);
        }

        var copied = 0;
        using var survivor = new Copier(running, "survivor", strategy);
        using (var victim = new Copier(running, "victim", strategy))
        {
            copied += await CopySomeAsync(survivor);
            copied += await CopySomeAsync(victim);
            await CopySomeAsync(victim, commit: false);

            // A rebalance in between needs both of them polled.
            async Task<int> CopySomeAsync(Copier copier, bool commit = true)
            {
                while (true)
                {
                    await Polling.UntilAsync(() => Share(survivor) == 2 && Share(victim) == 2, survivor.Consumer, victim.Consumer);
                    survivor.Restart();
                    victim.Restart();
                    if (copier.Copy(20, atLeast: 1, commit) is { } some)
                    {
                        return some;
                    }
                }
            }
        }
        using var successor = new Copier(running, "victim", strategy);
        using var patience = new CancellationTokenSource(Patience);
        while (copied < Records)
        {
            copied += survivor.Copy(20)!.Value + successor.Copy(20)!.Value;
            patience.Token.ThrowIfCancellationRequested();
        }

        var values = running.ReadAll("out").Select(record => record.Message.Value).ToArray();
        Assert.Equal(Enumerable.Range(0, Records).Select(i => $"{i}"), values.OrderBy(int.Parse));
        Assert.True(running.ReadAll("out", isolation: IsolationLevel.ReadUncommitted).Count > Records);

        static int Share(Copier copier) => copier.Consumer.Assignment.Count;
    }

    /// <summary>Copies records in transactions, as a Kafka Streams task does: what it read is committed with what it wrote.</summary>
    private sealed class Copier : IDisposable
    {
        private readonly IProducer<string, string> _producer;

        public Copier(RunningBroker running, string name, PartitionAssignmentStrategy strategy)
        {
            var config = running.ConsumerConfig("copiers");
            config.PartitionAssignmentStrategy = strategy;
            config.HeartbeatIntervalMs = 50;
            config.SessionTimeoutMs = 1500;
            Consumer = new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build();
            Consumer.Subscribe("in");
            _producer = running.TransactionalProducer(name);
            _producer.InitTransactions(Patience);
        }

        public IConsumer<string, string> Consumer { get; }

        /// <summary>Forgets what was read since the last commit, and reads it again.</summary>
        public void Restart()
        {
            foreach (var committed in Consumer.Committed(Consumer.Assignment, Patience))
            {
                Consumer.Seek(new TopicPartitionOffset(
                    committed.TopicPartition, committed.Offset == Offset.Unset ? Offset.Beginning : committed.Offset));
            }
        }

        /// <summary>Copies up to a number of records in one transaction, fewer if no more come; gives how many are committed, null when too few came.</summary>
        public int? Copy(int count, int atLeast = 0, bool commit = true)
        {
            _producer.BeginTransaction();
            var generation = Consumer.ConsumerGroupMetadata;
            var offsets = new Dictionary<TopicPartition, Offset>();
            var copied = 0;
            for (var empty = 0; copied < count && (empty < 5 || (copied < atLeast && empty < MostEmptyPolls));)
            {
                if (Consumer.Consume(TimeSpan.FromMilliseconds(10)) is not { IsPartitionEOF: false } record)
                {
                    empty++;
                    continue;
                }
                _producer.Produce("out", record.Message);
                offsets[record.TopicPartition] = record.Offset + 1;
                copied++;
            }
            _producer.Flush(Patience);
            if (copied < atLeast)
            {
                _producer.AbortTransaction(Patience);
                return null;
            }
            if (!commit)
            {
                return 0;
            }
            try
            {
                _producer.SendOffsetsToTransaction(
                    offsets.Select(each => new TopicPartitionOffset(each.Key, each.Value)), generation, Patience);
                _producer.CommitTransaction(Patience);
                return copied;
            }
            catch (KafkaTxnRequiresAbortException)
            {
                // The group moved on meanwhile: what was copied in the earlier generation is taken back.
                _producer.AbortTransaction(Patience);
                Restart();
                return 0;
            }
        }

        /// <summary>Goes without leaving its group or ending its transaction, as when it is killed.</summary>
        public void Dispose()
        {
            Consumer.Dispose();
            _producer.Dispose();
        }
    }
}
