using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Publisher.Discovery.Notifications;

namespace Hybrid.Unit.Tests.Publisher;

public sealed class NotifiedDiscoveryTests : IDisposable
{
    private static readonly PartitionLayout s_layout = new(PartitionLayout.DefaultTemplate, TimeSpan.FromMinutes(5));
    private static readonly PartitionId s_first = new(new DateTimeOffset(2011, 12, 1, 8, 0, 0, TimeSpan.Zero), s_layout.Period);

    private readonly HybridMetrics _metrics = new();
    private readonly NotifiedDiscovery _discovery;

    public NotifiedDiscoveryTests() => _discovery = new NotifiedDiscovery(
        new SweepDiscovery(new InMemoryStore(), s_layout, new DiscoverySettings(), _metrics), s_layout, DiscoverySettings.DefaultMarker);

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task FloodOfNotifications_IsHeldInBoundedMemory_AndWhatIsPastIsForgotten()
    {
        for (var i = 0; i < 3 * NotifiedDiscovery.MostHeld; i += 1_000)
        {
            _discovery.Take([.. Enumerable.Range(i, 1_000).Select(number => Created(s_first, $"part-{number}"))]);
        }

        Assert.Equal(NotifiedDiscovery.MostHeld, _discovery.Held);
        Assert.Equal(NotifiedDiscovery.MostHeld, (await _discovery.ListAsync([s_first], default)).Of(s_first).Objects.Count);

        await _discovery.ListAsync([s_first.Next], default);
        Assert.Equal(0, _discovery.Held);
        _discovery.Take([Created(s_first.Next, "part-0")]);
        Assert.Single((await _discovery.ListAsync([s_first.Next], default)).Of(s_first.Next).Objects);
    }

    [Fact]
    public void ObjectsThatComeAndGo_LeaveNothing()
    {
        for (var i = 0; i < 10_000; i++)
        {
            var partition = new PartitionId(s_first.Start + (i * s_layout.Period), s_layout.Period);
            _discovery.Take([Created(partition, "part-0"), new Notification(s_layout.Prefix(partition) + "part-0", null)]);
        }

        Assert.Equal(0, _discovery.Held);
        Assert.Equal(0, _discovery.HeldPartitions);
    }

    private static Notification Created(PartitionId partition, string name) =>
        new(s_layout.Prefix(partition) + name, new ObjectEntry(s_layout.Prefix(partition) + name, "e", 1, partition.End));
}
