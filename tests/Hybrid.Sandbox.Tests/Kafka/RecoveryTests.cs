using Confluent.Kafka;

namespace Hybrid.Sandbox.Tests.Kafka;

public sealed class RecoveryTests
{
    private static readonly TimeSpan Patience = RunningBroker.Patience;

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(5000)]
    public async Task Restart_WithATornTail_KeepsWhatWasWholeAndGoesOn(int tornBytes)
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("torn");
        using (var producer = running.Producer())
        {
            for (var i = 0; i < 100; i++)
            {
                await producer.ProduceAsync("torn", new Message<string, string> { Key = "k", Value = $"{i}" });
            }
        }
        await running.StopAsync();
        var segment = Path.Combine(running.Directory, "torn-0", "00000000000000000000.log");
        var whole = new FileInfo(segment).Length;
        await using (var file = new FileStream(segment, FileMode.Append))
        {
            var half = new byte[tornBytes];
            new Random(1).NextBytes(half);
            file.Write(half);
        }

        await running.RestartAsync();

        Assert.Equal(whole, new FileInfo(segment).Length);
        using (var producer = running.Producer())
        {
            await producer.ProduceAsync("torn", new Message<string, string> { Key = "k", Value = "100" });
        }
        Assert.Equal(Enumerable.Range(0, 101).Select(i => $"{i}"), running.ReadAll("torn").Select(record => record.Message.Value));
    }

    [Fact]
    public async Task Restart_WithoutIndexesAndSnapshots_RebuildsThemFromTheLog()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("rebuilt", config: new() { ["segment.bytes"] = "20000", ["index.interval.bytes"] = "1000" });
        using (var producer = running.Producer(config => config.BatchNumMessages = 10))
        {
            for (var i = 0; i < 2000; i++)
            {
                producer.Produce("rebuilt", new Message<string, string> { Key = "k", Value = $"{i}" });
            }
            producer.Flush(Patience);
        }
        await running.StopAsync();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(running.Directory, "rebuilt-0")).Where(file => !file.EndsWith(".log")))
        {
            File.Delete(file);
        }

        await running.RestartAsync();

        Assert.Equal("1500", running.ReadAll("rebuilt", from: 1500)[0].Message.Value);
        Assert.Equal(2000, running.ReadAll("rebuilt").Count);
    }

    [Fact]
    public async Task Restart_DuringATransaction_LetsItsProducerFinish()
    {
        await using var running = await RunningBroker.StartAsync();
        var port = running.Broker.Port;
        await running.CreateTopicAsync("ledger");
        using var producer = running.TransactionalProducer("writer");
        producer.InitTransactions(Patience);
        producer.BeginTransaction();
        producer.Produce("ledger", new Message<string, string> { Key = "k", Value = "before" });
        producer.Flush(Patience);

        await running.RestartAsync(port);

        producer.Produce("ledger", new Message<string, string> { Key = "k", Value = "after" });
        producer.CommitTransaction(Patience);
        Assert.Equal(["before", "after"], running.ReadAll("ledger").Select(record => record.Message.Value));
    }

    [Fact]
    public async Task Restart_AfterAbortedTransactions_StillHidesThem()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("ledger", config: new() { ["segment.bytes"] = "1024" });
        using (var producer = running.TransactionalProducer("writer"))
        {
            producer.InitTransactions(Patience);
            for (var i = 0; i < 30; i++)
            {
                producer.BeginTransaction();
                producer.Produce("ledger", new Message<string, string> { Key = "k", Value = $"{i}" });
                producer.Flush(Patience);
                if (i % 2 == 0)
                {
                    producer.CommitTransaction(Patience);
                }
                else
                {
                    producer.AbortTransaction(Patience);
                }
            }
        }

        await running.RestartAsync();

        Assert.Equal(
            Enumerable.Range(0, 15).Select(i => $"{2 * i}"), running.ReadAll("ledger").Select(record => record.Message.Value));
    }

    [Fact]
    public async Task Restart_WithALostTransactionJournal_AbortsWhatWasOpen()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("ledger");
        using (var producer = running.TransactionalProducer("writer"))
        {
            producer.InitTransactions(Patience);
            producer.BeginTransaction();
            producer.Produce("ledger", new Message<string, string> { Key = "k", Value = "open" });
            producer.Flush(Patience);
            await running.StopAsync();
        }
        File.Delete(Path.Combine(running.Directory, "transactions.journal"));

        await running.RestartAsync();

        using (var producer = running.TransactionalProducer("writer"))
        {
            producer.InitTransactions(Patience);
            producer.BeginTransaction();
            producer.Produce("ledger", new Message<string, string> { Key = "k", Value = "next" });
            producer.CommitTransaction(Patience);
        }
        Assert.Equal(["next"], running.ReadAll("ledger").Select(record => record.Message.Value));
    }

    [Fact]
    public async Task Start_OnADirectoryInUse_IsRefused()
    {
        await using var running = await RunningBroker.StartAsync();
        await using var second = new Hybrid.Sandbox.Kafka.KafkaBroker(
            new() { DataDirectory = running.Directory }, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

        await Assert.ThrowsAsync<IOException>(() => second.StartAsync(CancellationToken.None));
    }
}
