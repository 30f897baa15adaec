using Hybrid.Sandbox.Kafka.Log;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Gives record batches, and waits for them if there are too few. No fetch session is kept: every fetch is a full one.</summary>
internal sealed class FetchApi(KafkaBrokerOptions options, TopicCatalog topics) : IApi
{
    private const sbyte ReadCommitted = 1;

    public ApiVersionRange Versions { get; } = new(ApiKey.Fetch, 4, 12, FlexibleFrom: 12);

    public bool MayWait => true;

    private sealed record Wanted(int Partition, int LeaderEpoch, long Offset, int MaxBytes);

    private sealed record WantedTopic(string Name, Wanted[] Partitions);

    private sealed record Fetch(
        short Version, int MaxWait, int MinBytes, int MaxBytes, bool Committed, int SessionId, int SessionEpoch, WantedTopic[] Topics);

    public async ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var fetch = Read(request);
        var start = response.Length;
        if (fetch.SessionId != 0 && fetch.SessionEpoch > 0)
        {
            Write(response, fetch with { Topics = [] }, ErrorCode.FetchSessionIdNotFound);
            return true;
        }
        var deadline = Environment.TickCount64 + fetch.MaxWait;
        var satisfied = Write(response, fetch, ErrorCode.None) || fetch.Topics.Length == 0;
        while (!satisfied && deadline - Environment.TickCount64 is var left and > 0)
        {
            var waiter = new AppendWaiter();
            var watched = Watch(fetch, waiter);
            try
            {
                // Once more, now that nothing that is appended can be missed.
                response.Truncate(start);
                satisfied = Write(response, fetch, ErrorCode.None);
                if (!satisfied)
                {
                    await waiter.WaitAsync(TimeSpan.FromMilliseconds(left), cancellationToken).ConfigureAwait(false);
                    cancellationToken.ThrowIfCancellationRequested();
                    response.Truncate(start);
                    satisfied = Write(response, fetch, ErrorCode.None);
                }
            }
            finally
            {
                watched.ForEach(log => log.Unregister(waiter));
            }
        }
        return true;
    }

    private static Fetch Read(KafkaRequest request)
    {
        var version = request.Version;
        var reader = request.Reader();
        reader.Int32();
        var maxWait = reader.Int32();
        var minBytes = reader.Int32();
        var maxBytes = reader.Int32();
        var isolation = reader.Int8();
        var (sessionId, sessionEpoch) = version >= 7 ? (reader.Int32(), reader.Int32()) : (0, -1);
        var wanted = new WantedTopic[reader.ArrayLength()];
        for (var i = 0; i < wanted.Length; i++)
        {
            var name = reader.String();
            var partitions = new Wanted[reader.ArrayLength()];
            for (var j = 0; j < partitions.Length; j++)
            {
                var index = reader.Int32();
                var leaderEpoch = version >= 9 ? reader.Int32() : -1;
                var offset = reader.Int64();
                if (version >= 12)
                {
                    reader.Int32();
                }
                if (version >= 5)
                {
                    reader.Int64();
                }
                partitions[j] = new Wanted(index, leaderEpoch, offset, reader.Int32());
                reader.TaggedFields();
            }
            reader.TaggedFields();
            wanted[i] = new WantedTopic(name, partitions);
        }
        return new Fetch(version, maxWait, minBytes, maxBytes, isolation == ReadCommitted, sessionId, sessionEpoch, wanted);
    }

    private List<PartitionLog> Watch(Fetch fetch, AppendWaiter waiter)
    {
        var watched = new List<PartitionLog>();
        foreach (var topic in fetch.Topics)
        {
            foreach (var wanted in topic.Partitions)
            {
                if (topics.FindPartition(topic.Name, wanted.Partition) is { } log)
                {
                    log.Register(waiter);
                    watched.Add(log);
                }
            }
        }
        return watched;
    }

    /// <summary>Writes what there is now; true if that is enough to answer with.</summary>
    private bool Write(ResponseWriter response, Fetch fetch, ErrorCode error)
    {
        response.Int32(0);
        if (fetch.Version >= 7)
        {
            response.Error(error);
            response.Int32(0);
        }
        var budget = Math.Clamp(fetch.MaxBytes, 0, options.MaxFetchBytes);
        var total = 0;
        var failed = false;
        var aborted = new List<AbortedTransaction>();
        response.ArrayLength(fetch.Topics.Length);
        foreach (var topic in fetch.Topics)
        {
            response.String(topic.Name);
            response.ArrayLength(topic.Partitions.Length);
            foreach (var wanted in topic.Partitions)
            {
                var (partitionError, bytes) = WritePartition(response, fetch, topic.Name, wanted, budget - total, total == 0, aborted);
                total += bytes;
                failed |= partitionError != ErrorCode.None;
            }
            response.TaggedFields();
        }
        response.TaggedFields();
        return failed || total >= fetch.MinBytes;
    }

    private (ErrorCode Error, int Bytes) WritePartition(
        ResponseWriter response, Fetch fetch, string topic, Wanted wanted, int budget, bool atLeastOne, List<AbortedTransaction> aborted)
    {
        var log = topics.FindPartition(topic, wanted.Partition);
        var maxBytes = Math.Clamp(wanted.MaxBytes, 0, Math.Max(budget, 0));
        var plan = log is null ? new ReadPlan(ErrorCode.UnknownTopicOrPartition)
            : wanted.LeaderEpoch > 0 ? new ReadPlan(ErrorCode.UnknownLeaderEpoch)
            : log.Plan(wanted.Offset, maxBytes, fetch.Committed, aborted);
        response.Int32(wanted.Partition);
        response.Error(plan.Error);
        response.Int64(plan.HighWatermark);
        response.Int64(plan.LastStableOffset);
        if (fetch.Version >= 5)
        {
            response.Int64(plan.StartOffset);
        }
        if (fetch.Committed && plan.Error == ErrorCode.None)
        {
            response.ArrayLength(aborted.Count);
            foreach (var transaction in aborted)
            {
                response.Int64(transaction.ProducerId);
                response.Int64(transaction.FirstOffset);
                response.TaggedFields();
            }
        }
        else
        {
            response.NullArray();
        }
        if (fetch.Version >= 11)
        {
            response.Int32(-1);
        }
        var records = response.BeginBytes();
        var bytes = plan.Error == ErrorCode.None && log is not null
            ? log.Give(plan, maxBytes, atLeastOne, response)
            : 0;
        response.EndBytes(records);
        response.TaggedFields();
        return (plan.Error, bytes);
    }
}
