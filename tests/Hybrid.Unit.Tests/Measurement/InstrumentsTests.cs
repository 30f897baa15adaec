using System.Diagnostics.Metrics;
using System.Reflection;
using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Hybrid.Publisher.Measurement;
using Hybrid.Unit.Tests.Repository;

namespace Hybrid.Unit.Tests.Measurement;

public sealed class InstrumentsTests
{
    /// <summary>What the publisher and the parts that it shares with the lanes measure; the lanes' own are their page's.</summary>
    private static readonly string[] Publishers =
        ["hybrid.publisher.", "hybrid.object_store.", "hybrid.kafka.", "hybrid.dead_letters", "hybrid.freshness.landed", "hybrid.freshness.discovered", "hybrid.freshness.published"];

    public static TheoryData<string> OfThePublisher => [.. typeof(Instruments).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(constant => (string)constant.GetRawConstantValue()!)
        .Where(name => Array.Exists(Publishers, begin => name.StartsWith(begin, StringComparison.Ordinal)))];

    [Theory]
    [MemberData(nameof(OfThePublisher))]
    public void InstrumentOfThePublisher_IsOnTheMeter_AndOnThePage(string name)
    {
        using var metrics = new HybridMetrics();
        var meter = new PublisherMeter(metrics, new EventClock(new ClockOptions()));
        meter.Lags(DateTimeOffset.UnixEpoch, default);
        meter.Clocks(default);
        var instruments = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter))
            {
                instruments.Add(instrument.Name);
            }
        };
        listener.Start();

        Assert.Contains(name, instruments);
        Assert.Contains($"`{name}`", File.ReadAllText(RepositoryRoot.File("docs/operating.md")));
    }
}
