using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Logging;

namespace Hybrid.Unit.Tests.Publisher;

public sealed class StrayObjectsTests : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(5);
    private static readonly PartitionLayout s_layout = new(PartitionLayout.DefaultTemplate, s_period);
    private static readonly PartitionId s_first = new(new DateTimeOffset(2011, 12, 1, 8, 0, 0, TimeSpan.Zero), s_period);

    private readonly HybridMetrics _metrics = new();
    private readonly MetricsRecorder _recorder;
    private readonly Lines _lines = new();
    private readonly StrayObjects _strays;

    public StrayObjectsTests()
    {
        _recorder = new MetricsRecorder(_metrics);
        _strays = new StrayObjects(s_layout, _metrics, _lines);
    }

    private long Counted => _recorder.Counters()[Instruments.ObjectsPassedOver];

    public void Dispose()
    {
        _recorder.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task ObjectsAmongThePartitions_ThatAreInNone_AreSaidOnce_AndHiddenOnesNever()
    {
        var store = new InMemoryStore();
        store.Keys.UnionWith(
        [
            "dt=2011-12-01/hh=08/mm=00/part-0",
            "dt=2011-12-01/hh=08/mm=03/part-0",
            "dt=2011-12-01/hh=08/mm=05/_SUCCESS",
            "dt=2011-12-01/hh=08/mm=5/part-0",
            "dt=2011-12-01/hh=08/_temporary/part-0",
            "dt=2011-12-01/hh=08/mm=06/.part-0.crc",
            "dt=2011-12-01/hh=08/mm=10/part-0",
        ]);
        var discovery = new SweepDiscovery(store, s_layout, new DiscoverySettings(), _metrics, _strays);
        PartitionId[] window = [s_first, s_first.Next, s_first.Next.Next];

        for (var look = 0; look < 3; look++)
        {
            Assert.Equal([window[0], window[1], window[2]], (await discovery.ListAsync(window, default)).Partitions.Keys.Order());
        }

        Assert.Equal(1, Counted);
        Assert.Equal(
            ["object dt=2011-12-01/hh=08/mm=03/part-0 is in no partition and passed over: its time begins none of 00:05:00; is Source:Period right?"],
            _lines.All);
    }

    [Fact]
    public void ObjectOfAnotherLayout_IsSaidToBe()
    {
        _strays.Add([new StrayObject("dt=2011-12-01/hh=8/mm=05/part-0", LayoutMatch.Foreign)]);
        _strays.Report();

        Assert.Equal(
            ["object dt=2011-12-01/hh=8/mm=05/part-0 is in no partition and passed over: its key is not of the layout dt={yyyy-MM-dd}/hh={HH}/mm={mm}/"], _lines.All);
    }

    [Fact]
    public void FloodOfStrays_IsANumber_AndOnceOnly_InBoundedMemory()
    {
        for (var look = 0; look < 5; look++)
        {
            _strays.Add(Enumerable.Range(0, 50_000).Select(i => new StrayObject($"x{i:00000}", LayoutMatch.Foreign)));
            _strays.Report();
        }

        Assert.Equal(StrayObjects.MostALook, Counted);
        Assert.Equal(11, _lines.All.Count);
        Assert.Equal($"and {StrayObjects.MostALook - 10} more objects that are in no partition", _lines.All[^1]);
    }

    [Theory]
    [InlineData("_raw/dt=2011-12-01/part-0", true)]
    [InlineData("a/dt=2011-12-01/../../etc/passwd", true)]
    [InlineData("a/dt=2011-12-01/_x", false)]
    [InlineData("a/dt=2011-12-01/_temporary/0/part-0", false)]
    [InlineData("a/dt=2011-12-01/.staging/x", false)]
    [InlineData("a/dt=2011-12-01/sub/", false)]
    public void HiddenObjectsAndDirectories_AndPlaceholders_AreNoData(string key, bool isData) => Assert.Equal(isData, ListedPartition.IsData(key, 2));

    private sealed class Lines : ILogger
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception));
    }
}
