using System.Diagnostics.Metrics;
using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Unit.Tests.Measurement;

public sealed class StageHistogramTests
{
    private const long Due = 1_322_726_400_000;

    [Fact]
    public void EqualSamples_CountEachOne()
    {
        using var metrics = new HybridMetrics();
        using var recorder = new MetricsRecorder(metrics);
        metrics.FreshnessPublished.Record(0.5, 3);
        metrics.FreshnessPublished.Record(-1, 2);
        metrics.FreshnessPublished.Record(0.5, 0);

        var snapshot = recorder.Histograms()[Instruments.FreshnessPublished];
        Assert.Equal(3, snapshot.Count);
        Assert.Equal(2, snapshot.Negative);
        Assert.Equal(1.5, snapshot.SumSeconds, 6);
        Assert.Equal(3, recorder.Samples(Instruments.FreshnessPublished));
    }

    [Fact]
    public void AnotherListener_TakesThemOneByOne()
    {
        using var metrics = new HybridMetrics();
        using var recorder = new MetricsRecorder(metrics);
        var heard = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter, metrics.Meter) && instrument.Name == Instruments.FreshnessPublished)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => heard++);
        listener.Start();
        metrics.FreshnessPublished.Record(0.5, 3);

        Assert.Equal(3, heard);
        Assert.Equal(3, recorder.Samples(Instruments.FreshnessPublished));
    }

    [Fact]
    public void RecorderThatIsDisposed_HearsNoMore()
    {
        using var metrics = new HybridMetrics();
        using var stays = new MetricsRecorder(metrics);
        var recorder = new MetricsRecorder(metrics);
        recorder.Dispose();
        metrics.FreshnessPublished.Record(0.5);

        Assert.Equal(0, recorder.Samples(Instruments.FreshnessPublished));
        Assert.Equal(1, stays.Samples(Instruments.FreshnessPublished));
    }

    [Fact]
    public void Freshness_OfABulkOfManyPartitions_HasASampleForEachDocumentThatHasOne()
    {
        using var metrics = new HybridMetrics();
        using var recorder = new MetricsRecorder(metrics);
        new LaneFreshness(metrics, new EventClock(new ClockOptions())).Posted([Due, Due, null, Due, Due + 1, null]);

        Assert.Equal(4, recorder.Samples(Instruments.FreshnessPosted));
    }

    /// <summary>Records of a warm-up that a lane takes late, when the warm-up is over, are the warm-up's all the same.</summary>
    [Fact]
    public void Freshness_OfAWarmUp_IsNotRecorded_HoweverLateItIsTaken()
    {
        using var metrics = new HybridMetrics();
        using var recorder = new MetricsRecorder(metrics);
        var from = DateTimeOffset.FromUnixTimeMilliseconds(Due);
        var freshness = new LaneFreshness(metrics, new EventClock(new ClockOptions { MeasuredFrom = from }));
        freshness.Consumed(Due - 1, records: 100);
        freshness.Consumed(Due, records: 3);

        Assert.Equal(3, recorder.Samples(Instruments.FreshnessConsumed));
    }
}
