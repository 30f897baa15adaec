using Hybrid.Comparison.Load.Input;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Unit.Tests.Comparison;

public sealed class LayoutInferenceTests
{
    [Fact]
    public void Infer_FiveMinutePartitionsWithGaps_FindsTheirLength()
    {
        var layout = LayoutInference.Infer(
            ["dt=2011-12-01/hh=08/mm=05/part-0.ndjson", "dt=2011-12-01/hh=08/mm=20/part-0.ndjson", "dt=2011-12-01/hh=09/mm=30/part-0.ndjson"], null, null, "here");
        Assert.Equal((PartitionLayout.DefaultTemplate, TimeSpan.FromMinutes(5)), (layout.Template, layout.Period));
    }

    [Fact]
    public void Infer_HourlyDirectories_FindsTheHour()
    {
        var layout = LayoutInference.Infer(["2011/12/01/08/a.gz", "2011/12/01/09/a.gz"], null, null, "here");
        Assert.Equal(("{yyyy}/{MM}/{dd}/{HH}/", TimeSpan.FromHours(1)), (layout.Template, layout.Period));
    }

    [Fact]
    public void Infer_OnePartitionOnTheFiveMinutes_TakesFiveMinutes() =>
        Assert.Equal(TimeSpan.FromMinutes(5), LayoutInference.Infer(["dt=2011-12-01/hh=08/mm=05/a"], null, null, "here").Period);

    [Fact]
    public void Infer_PeriodGiven_Wins() =>
        Assert.Equal(TimeSpan.FromMinutes(1), LayoutInference.Infer(["dt=2011-12-01/hh=08/mm=05/a"], null, TimeSpan.FromMinutes(1), "here").Period);

    [Fact]
    public void Infer_NoPartition_SaysWhatIsExpected()
    {
        var mistake = Assert.Throws<HybridException>(() => LayoutInference.Infer(["notes.txt"], null, null, "/data/in"));
        Assert.Equal(ExitCodes.WrongCall, mistake.ExitCode);
        Assert.Contains("/data/in", mistake.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', mistake.Message);
    }

    [Fact]
    public void Infer_LayoutThatCannotTellPartitionsApart_IsAWrongCall() =>
        Assert.Equal(
            ExitCodes.WrongCall,
            Assert.Throws<HybridException>(() => LayoutInference.Infer(["dt=2011-12-01/a"], "dt={yyyy-MM-dd}/", TimeSpan.FromMinutes(5), "here")).ExitCode);
}
