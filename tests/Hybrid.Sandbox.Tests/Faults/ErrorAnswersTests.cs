using Hybrid.Sandbox.Kafka;
using Hybrid.Sandbox.Kafka.Apis;
using Hybrid.Sandbox.Kafka.Apis.Errors;
using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Network;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;
using Hybrid.Sandbox.Kafka.Transactions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Faults;

/// <summary>An injected error is, byte for byte and in every version, the broker's own answer to a request that it refuses.</summary>
public sealed class ErrorAnswersTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly KafkaBrokerOptions _options;
    private readonly BrokerAddress _address = new() { Port = 9092 };
    private readonly TopicCatalog _topics;
    private readonly GroupCoordinator _groups;
    private readonly TransactionCoordinator _transactions;

    public ErrorAnswersTests()
    {
        _options = new KafkaBrokerOptions { DataDirectory = _directory.Path, AutoCreateTopics = false };
        _topics = new TopicCatalog(_options, NullLogger.Instance);
        _groups = new GroupCoordinator(_options, NullLogger.Instance);
        _transactions = new TransactionCoordinator(_options, _topics, _groups, NullLogger.Instance);
    }

    public void Dispose()
    {
        _transactions.Dispose();
        _groups.Dispose();
        _topics.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public Task Produce() => Compare(new ProduceApi(_topics, _transactions), ErrorCode.UnknownTopicOrPartition, (body, version) =>
    {
        if (version >= 3)
        {
            body.String(null);
        }

        body.Int16(-1);
        body.Int32(1000);
        Partitions(body, () => body.Bytes([1, 2, 3]));
    }, from: 3);

    [Fact]
    public Task Fetch() => Compare(new FetchApi(_options, _topics), ErrorCode.UnknownTopicOrPartition, (body, version) =>
    {
        body.Int32(-1);
        body.Int32(0);
        body.Int32(1);
        body.Int32(1000);
        body.Int8(0);
        if (version >= 7)
        {
            body.Int32(0);
            body.Int32(-1);
        }

        Partitions(body, () =>
        {
            if (version >= 9)
            {
                body.Int32(-1);
            }

            body.Int64(0);
            if (version >= 12)
            {
                body.Int32(-1);
            }

            if (version >= 5)
            {
                body.Int64(0);
            }

            body.Int32(1000);
        });
        if (version >= 7)
        {
            body.ArrayLength(0);
        }

        if (version >= 11)
        {
            body.String("");
        }
    });

    [Fact]
    public Task ListOffsets() => Compare(new ListOffsetsApi(_topics), ErrorCode.UnknownTopicOrPartition, (body, version) =>
    {
        body.Int32(-1);
        if (version >= 2)
        {
            body.Int8(0);
        }

        Partitions(body, () =>
        {
            if (version >= 4)
            {
                body.Int32(-1);
            }

            body.Int64(-1);
            if (version == 0)
            {
                body.Int32(1);
            }
        });
    });

    [Fact]
    public Task Metadata() => Compare(new MetadataApi(_options, _address, _topics), ErrorCode.UnknownTopicOrPartition, (body, version) =>
    {
        body.ArrayLength(1);
        body.String("none");
        body.TaggedFields();
        if (version >= 4)
        {
            body.Boolean(false);
        }

        if (version >= 8)
        {
            body.Boolean(false);
            body.Boolean(false);
        }
    });

    [Fact]
    public Task DeleteRecords() => Compare(new DeleteRecordsApi(_topics), ErrorCode.UnknownTopicOrPartition, (body, _) => Partitions(body, () => body.Int64(5)));

    [Fact]
    public Task OffsetForLeaderEpoch() => Compare(new OffsetForLeaderEpochApi(_topics), ErrorCode.UnknownTopicOrPartition, (body, version) =>
    {
        if (version >= 3)
        {
            body.Int32(-1);
        }

        Partitions(body, () =>
        {
            if (version >= 2)
            {
                body.Int32(-1);
            }

            body.Int32(0);
        });
    });

    [Fact]
    public Task OffsetCommit() => Compare(new OffsetCommitApi(_groups, _topics), ErrorCode.UnknownTopicOrPartition, (body, version) =>
    {
        body.String("g");
        if (version >= 1)
        {
            body.Int32(-1);
            body.String("");
        }

        if (version >= 7)
        {
            body.String(null);
        }

        if (version is >= 2 and <= 4)
        {
            body.Int64(-1);
        }

        Partitions(body, () => Commit(body, hasEpoch: version >= 6, hasTime: version == 1));
    });

    [Fact]
    public Task TxnOffsetCommit() => Compare(new TxnOffsetCommitApi(_transactions, _topics), ErrorCode.UnknownTopicOrPartition, (body, version) =>
    {
        _transactions.Initialise("t", TimeSpan.FromMinutes(1), -1, -1);
        var identity = _transactions.Initialise("t", TimeSpan.FromMinutes(1), -1, -1);
        _transactions.AddGroup("t", identity.ProducerId, identity.Epoch, "g");
        body.String("t");
        body.String("g");
        body.Int64(identity.ProducerId);
        body.Int16(identity.Epoch);
        if (version >= 3)
        {
            body.Int32(-1);
            body.String("");
            body.String(null);
        }

        Partitions(body, () => Commit(body, hasEpoch: version >= 2, hasTime: false));
    });

    [Fact]
    public Task FindCoordinator() => Compare(new FindCoordinatorApi(_address), ErrorCode.InvalidRequest, (body, version) =>
    {
        if (version < 4)
        {
            body.String("");
            body.Int8(1);
            return;
        }

        body.Int8(1);
        body.ArrayLength(1);
        body.String("");
    }, from: 1);

    [Fact]
    public Task JoinGroup() => Compare(new JoinGroupApi(_groups), ErrorCode.InvalidGroupId, (body, version) =>
    {
        body.String("");
        body.Int32(6000);
        if (version >= 1)
        {
            body.Int32(6000);
        }

        body.String("");
        if (version >= 5)
        {
            body.String(null);
        }

        body.String("consumer");
        body.ArrayLength(0);
    });

    [Fact]
    public Task SyncGroup() => Compare(new SyncGroupApi(_groups), ErrorCode.UnknownMemberId, (body, version) =>
    {
        Member(body, version);
        if (version >= 5)
        {
            body.String(null);
            body.String(null);
        }

        body.ArrayLength(0);
    });

    [Fact]
    public Task Heartbeat() => Compare(new HeartbeatApi(_groups), ErrorCode.UnknownMemberId, Member);

    [Fact]
    public Task LeaveGroup() => Compare(new LeaveGroupApi(_groups), ErrorCode.UnknownMemberId, (body, _) =>
    {
        body.String("g");
        body.String("m");
    }, to: 2);

    [Fact]
    public Task InitProducerId() => Compare(new InitProducerIdApi(_transactions), ErrorCode.InvalidTransactionTimeout, (body, version) =>
    {
        body.String("t");
        body.Int32(0);
        if (version >= 3)
        {
            body.Int64(-1);
            body.Int16(-1);
        }
    });

    [Fact]
    public Task AddPartitionsToTxn() => Compare(new AddPartitionsToTxnApi(_transactions, _topics), ErrorCode.UnknownTopicOrPartition, (body, _) =>
    {
        Producer(body);
        body.ArrayLength(1);
        body.String("none");
        body.Int32Array([0, 1]);
        body.TaggedFields();
    });

    [Fact]
    public Task AddOffsetsToTxn() => Compare(new AddOffsetsToTxnApi(_transactions), ErrorCode.InvalidProducerIdMapping, (body, _) =>
    {
        Producer(body);
        body.String("g");
    });

    [Fact]
    public Task EndTxn() => Compare(new EndTxnApi(_transactions), ErrorCode.InvalidProducerIdMapping, (body, _) =>
    {
        Producer(body);
        body.Boolean(true);
    });

    [Fact]
    public Task DeleteTopics() => Compare(new DeleteTopicsApi(_topics, _groups), ErrorCode.UnknownTopicOrPartition, (body, _) =>
    {
        body.ArrayLength(1);
        body.String("none");
        body.Int32(1000);
    });

    [Fact]
    public Task DeleteGroups() => Compare(new DeleteGroupsApi(_groups), ErrorCode.GroupIdNotFound, (body, _) =>
    {
        body.ArrayLength(1);
        body.String("none");
    });

    [Fact]
    public Task CreatePartitions() => Compare(new CreatePartitionsApi(_topics), ErrorCode.UnknownTopicOrPartition, (body, _) =>
    {
        body.ArrayLength(1);
        body.String("none");
        body.Int32(2);
        body.ArrayLength(0);
        body.TaggedFields();
        body.Int32(1000);
        body.Boolean(false);
    });

    [Fact]
    public Task OffsetDelete() => Compare(new OffsetDeleteApi(_groups, _topics), ErrorCode.GroupIdNotFound, (body, _) =>
    {
        body.String("none");
        body.ArrayLength(0);
    });

    private static void Partitions(ResponseWriter body, Action rest)
    {
        body.ArrayLength(1);
        body.String("none");
        body.ArrayLength(2);
        for (var partition = 0; partition < 2; partition++)
        {
            body.Int32(partition);
            rest();
            body.TaggedFields();
        }

        body.TaggedFields();
    }

    private static void Commit(ResponseWriter body, bool hasEpoch, bool hasTime)
    {
        body.Int64(5);
        if (hasEpoch)
        {
            body.Int32(-1);
        }

        if (hasTime)
        {
            body.Int64(-1);
        }

        body.String(null);
    }

    private static void Member(ResponseWriter body, short version)
    {
        body.String("g");
        body.Int32(1);
        body.String("m");
        if (version >= 3)
        {
            body.String(null);
        }
    }

    private static void Producer(ResponseWriter body)
    {
        body.String("nobody");
        body.Int64(77);
        body.Int16(0);
    }

    private async Task Compare(IApi api, ErrorCode error, Action<ResponseWriter, short> write, short? from = null, short? to = null)
    {
        var range = api.Versions;
        for (var version = from ?? range.Min; version <= (to ?? range.Max); version++)
        {
            var flexible = version >= range.FlexibleFrom;
            using var body = Frame(flexible);
            write(body, version);
            body.TaggedFields();
            var request = new KafkaRequest(range.Key, version, 0, "test", "here", flexible, body.Written[FrameHead..].ToArray());
            using var own = Frame(flexible);
            using var injected = Frame(flexible);

            await api.HandleAsync(request, own, CancellationToken.None);
            Assert.True(new ErrorAnswers(_address).Write(request, injected, error));

            Assert.True(own.Written.Span.SequenceEqual(injected.Written.Span), $"v{version}: {Convert.ToHexString(own.Written.Span)} {Convert.ToHexString(injected.Written.Span)}");
        }
    }

    private const int FrameHead = 8;

    private static ResponseWriter Frame(bool flexible)
    {
        // Answers so small need no buffer that counts, so no connection to count it for.
        var writer = new ResponseWriter(new ConnectionBuffers(new ConnectionLimits(1, 0, NullLogger.Instance), null!));
        writer.BeginFrame(0, flexible, flexibleHeader: false);
        return writer;
    }
}
