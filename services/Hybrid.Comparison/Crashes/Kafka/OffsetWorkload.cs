using Confluent.Kafka;

namespace Hybrid.Comparison.Crashes.Kafka;

/// <summary>Groups that commit ever higher offsets, one commit after the other.</summary>
internal sealed class OffsetWorkload(CrashClients clients) : ICrashWorkload
{
    private const string Topic = "crash-offsets";
    private const int Groups = 3;
    private const int LongestPause = 4;
    private const int FirstWriter = 110;

    private static readonly TopicPartition Partition = new(Topic, 0);

    private readonly IConsumer<byte[], byte[]>?[] _members = new IConsumer<byte[], byte[]>?[Groups];
    private readonly long[] _acknowledged = new long[Groups];
    private readonly long[] _sent = new long[Groups];
    private long _commits;

    public string Name => "offset commits";

    public long Acknowledged => Interlocked.Read(ref _commits);

    public Task PrepareAsync(CancellationToken cancellationToken) => clients.CreateTopicAsync(Topic, 1);

    public Task RunAsync(LoadRound round, Violations violations) =>
        Task.WhenAll(Enumerable.Range(0, Groups).Select(group => Task.Run(() => CommitAsync(group, round))));

    public Task CheckAsync(Violations violations, CancellationToken cancellationToken)
    {
        for (var group = 0; group < Groups; group++)
        {
            var committed = CrashClients.Committed(Member(group), Partition, cancellationToken);
            var found = committed == Offset.Unset ? 0 : committed.Value;
            if (found < _acknowledged[group] || found > _sent[group])
            {
                violations.Add(Name, $"group {group} stands at {found}: {_acknowledged[group]} was acknowledged and {_sent[group]} sent");
            }

            _acknowledged[group] = found;
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        for (var group = 0; group < Groups; group++)
        {
            _members[group]?.Dispose();
            _members[group] = null;
        }

        return ValueTask.CompletedTask;
    }

    private async Task CommitAsync(int group, LoadRound round)
    {
        var choices = round.Choices(FirstWriter + group);
        var member = Member(group);
        while (!round.IsOver)
        {
            var offset = ++_sent[group];
            try
            {
                await Task.Run(() => member.Commit([new TopicPartitionOffset(Partition, offset)])).WaitAsync(round.Stopping).ConfigureAwait(false);
                _acknowledged[group] = offset;
                Interlocked.Increment(ref _commits);
            }
            catch (KafkaException)
            {
                // Not acknowledged; the next one is higher.
            }
            catch (OperationCanceledException)
            {
                // The call may wait for a broker that nobody starts any more, and as long as it does its client cannot be disposed of.
                _members[group] = null;
                return;
            }

            await round.PauseAsync(choices.Next(LongestPause)).ConfigureAwait(false);
        }

        if (!round.ClientsSurvive)
        {
            member.Dispose();
            _members[group] = null;
        }
    }

    private IConsumer<byte[], byte[]> Member(int group) => _members[group] ??= clients.CreateConsumer($"crash-group-{group}");
}
