using System.Diagnostics.Metrics;
using Hybrid.Pipeline.Measurement;
using Hybrid.Unit.Tests.Repository;

namespace Hybrid.Unit.Tests.Measurement;

public sealed class LaneInstrumentsTests
{
    [Theory]
    [InlineData("hybrid.lane.records", typeof(Counter<long>), "{record}")]
    [InlineData("hybrid.lane.records_compacted", typeof(Counter<long>), "{record}")]
    [InlineData("hybrid.lane.records_replayed", typeof(Counter<long>), "{record}")]
    [InlineData("hybrid.lane.batches", typeof(Counter<long>), "{batch}")]
    [InlineData("hybrid.lane.batches.by_interval", typeof(Counter<long>), "{batch}")]
    [InlineData("hybrid.lane.batches.by_records", typeof(Counter<long>), "{batch}")]
    [InlineData("hybrid.lane.batches.by_bytes", typeof(Counter<long>), "{batch}")]
    [InlineData("hybrid.lane.batches.by_available_now", typeof(Counter<long>), "{batch}")]
    [InlineData("hybrid.lane.batches.by_drain", typeof(Counter<long>), "{batch}")]
    [InlineData("hybrid.lane.batch_failures", typeof(Counter<long>), "{batch}")]
    [InlineData("hybrid.lane.partial_failures", typeof(Counter<long>), "{batch}")]
    [InlineData("hybrid.lane.commit_log.records", typeof(Counter<long>), "{record}")]
    [InlineData("hybrid.lane.commit_log.failures", typeof(Counter<long>), "{record}")]
    [InlineData("hybrid.lane.commits", typeof(Counter<long>), "{commit}")]
    [InlineData("hybrid.dead_letters", typeof(Counter<long>), "{record}")]
    [InlineData("hybrid.solr.retries", typeof(Counter<long>), "{request}")]
    [InlineData("hybrid.lane.batch_size", typeof(Histogram<long>), "{item}")]
    [InlineData("hybrid.lane.batch_latency", typeof(Histogram<double>), "s")]
    [InlineData("hybrid.lane.record_latency", typeof(Histogram<double>), "s")]
    [InlineData("hybrid.solr.request_duration", typeof(Histogram<double>), "s")]
    public void Instrument_HasItsNameKindAndUnit_AndIsInTheDocs(string name, Type kind, string unit)
    {
        using var metrics = new HybridMetrics();
        var instrument = Assert.Single(Instruments(metrics), instrument => instrument.Name == name);

        Assert.Equal(kind, instrument.GetType());
        Assert.Equal(unit, instrument.Unit);
        Assert.Contains($"`{name}`", File.ReadAllText(RepositoryRoot.File("docs/operating.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Gauge_HasTheUnitThatItIsSetWith()
    {
        using var metrics = new HybridMetrics();
        metrics.SetGauge("hybrid.lane.lag_seconds", 1.5, "s");

        var gauge = Assert.Single(Instruments(metrics), instrument => instrument.Name == "hybrid.lane.lag_seconds");
        Assert.Equal("s", gauge.Unit);
        Assert.IsType<ObservableGauge<double>>(gauge);
    }

    private static List<Instrument> Instruments(HybridMetrics metrics)
    {
        var instruments = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter, metrics.Meter))
                {
                    instruments.Add(instrument);
                }
            },
        };
        listener.Start();
        return instruments;
    }
}
