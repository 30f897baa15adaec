using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Experiments.Plans;
using Hybrid.Comparison.Experiments.Running;
using Hybrid.Comparison.Experiments.Summaries;
using Hybrid.Comparison.Observer;
using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Reports.Experiments;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Unit.Tests.Experiments;

public sealed class ExperimentTests
{
    [Fact]
    public void Estimate_OfThreeRuns_HasStudentsInterval()
    {
        var estimate = Estimates.Of([11, 12, 13, null])!;
        Assert.Equal((12, 12, 11, 13, 3), (estimate.Mean, estimate.Median, estimate.Min, estimate.Max, estimate.Runs));
        Assert.Equal(12 - (4.303 / Math.Sqrt(3)), estimate.Low!.Value, 6);
        Assert.Equal(12 + (4.303 / Math.Sqrt(3)), estimate.High!.Value, 6);
    }

    [Fact]
    public void Estimate_OfOneRunOrNone_HasNoIntervalOrIsAbsent()
    {
        Assert.Null(Estimates.Of([1])!.Low);
        Assert.Null(Estimates.Of([null, double.NaN]));
    }

    [Fact]
    public void Estimate_OfWhatCannotBeBelowZero_EndsThere()
    {
        Assert.Equal(0, Estimates.Of([1, 2, 3])!.Low);
        Assert.True(Estimates.Of([-1, 2, 3])!.Low < -1);
    }

    [Fact]
    public void Front_LeavesOutWhatIsBeatenInBothAndKeepsWhatIsBestInOne()
    {
        var points = ParetoFront.Mark([Point("a", 1, 100), Point("b", 2, 50), Point("c", 2, 60), Point("d", 5, 10), Point("e", null, 1)]);
        Assert.Equal([true, true, false, true, null], points.Select(point => point.OnFront));
    }

    [Theory]
    [InlineData(3_000.0, 2_000.0, 4_000.0)]
    [InlineData(400.0, 250.0, 500.0)]
    [InlineData(1e9, 32_000.0, null)]
    public void Search_DoublesAndThenHalvesTheInterval(double capacity, double sustained, double? refused)
    {
        var searcher = new RateSearcher(1_000, 32_000, capacity > 1_000 ? 0 : 2);
        var trials = 0;
        while (searcher.Next() is { } rate)
        {
            searcher.Tried(rate, rate <= capacity);
            Assert.True(++trials < 20);
        }

        Assert.Equal((sustained, refused), (searcher.Sustained, searcher.Refused));
    }

    [Fact]
    public void Search_Refined_ComesNearerToTheCapacity()
    {
        var searcher = new RateSearcher(1_000, 32_000, 5);
        while (searcher.Next() is { } rate)
        {
            searcher.Tried(rate, rate <= 3_100);
        }

        Assert.InRange(searcher.Sustained!.Value, 3_000, 3_100);
        Assert.InRange(searcher.Refused!.Value, 3_100, 3_200);
    }

    [Fact]
    public void Difference_OfHistograms_IsWhatCameBetween()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(9);
        var before = histogram.Snapshot();
        histogram.Record(0.1);
        histogram.Record(0.2);
        var left = HistogramDifference.Of(histogram.Snapshot(), before);
        Assert.Equal(2, left.Count);
        Assert.InRange(left.MaxSeconds, 0.2, 0.207);
        Assert.Equal(0.3, left.SumSeconds, 3);
    }

    [Fact]
    public void MachineLoad_TellsOthersFromOneself()
    {
        var before = MachineLoad.Parse("cpu 100 0 100 700 50 0 0 50 0 0")!.Value;
        var after = MachineLoad.Parse("cpu 150 0 150 750 50 0 0 100 0 0")!.Value;
        Assert.Equal(0.25, after.StealSince(before)!.Value, 6);
        Assert.Equal(0.5 - (0.5 / 2), after.OthersSince(before, 0.5, 1, 2)!.Value, 6);
        Assert.Null(MachineLoad.Parse("cpu0 1 2"));
    }

    [Fact]
    public void Commits_AreAddedOverACollectionsCores()
    {
        var answer = """{"metrics":{"solr.core.a":{"UPDATE.updateHandler.commits":{"count":3}},"solr.core.b.shard1.replica_n1":{"UPDATE.updateHandler.commits":2},"solr.core.bb":{"UPDATE.updateHandler.commits":9}}}"""u8;
        Assert.Equal(3, SolrCommits.Read(answer, "a"));
        Assert.Equal(2, SolrCommits.Read(answer, "b"));
        Assert.Null(SolrCommits.Read(answer, "c"));
    }

    [Theory]
    [InlineData(0.2, 0, 0, "the hypervisor took")]
    [InlineData(0, 0.5, 0, "other processes took")]
    [InlineData(0, 0, 1, "the generator was late by 5.0 paces")]
    [InlineData(0.01, 0.1, 0.01, null)]
    public void NoisyRun_IsDiscardedAndSaysWhy(double steal, double others, double late, string? says)
    {
        var noise = new NoiseReport { StealShare = steal, OtherLoadShare = others, GeneratorLatenessP99Seconds = late };
        var why = new RunReporter(new ExperimentSettings()).Discard(noise, TimeSpan.FromMilliseconds(200));
        Assert.Equal(says is null, why is null);
        Assert.StartsWith(says ?? "", why ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frequency", null, "holds 'frequency'")]
    [InlineData(null, "huge", "there is no profile 'huge'")]
    [InlineData("nowhere.json", null, "nowhere.json cannot be read")]
    [InlineData("nowhere.json", "quick", "both given")]
    public void Settings_WrongCall_SaysWhat(string? experiments, string? profile, string says) =>
        Assert.Contains(says, Wrong(new ExperimentOptions { Experiments = experiments, Profile = profile }), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"repeat":0}""", "repeat is 0")]
    [InlineData("""{"repet":2}""", "repet")]
    [InlineData("""{"pace":"soon"}""", "pace holds 'soon'")]
    [InlineData("""{"faults":["fire"]}""", "faults holds 'fire'")]
    [InlineData("""{"visibilities":["at once"]}""", "visibilities")]
    [InlineData("""{"experiments":[]}""", "experiments is empty")]
    [InlineData("nonsense", "is wrong")]
    public void SettingsFile_Mistake_IsOneLineThatNamesTheFile(string content, string says)
    {
        var file = Path.Combine(Path.GetTempPath(), $"hybrid-{Guid.NewGuid():N}.json");
        try
        {
            File.WriteAllText(file, content);
            var message = Wrong(new ExperimentOptions { Experiments = file });
            Assert.Contains(says, message, StringComparison.Ordinal);
            Assert.Contains(file, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Settings_Profiles_AreSoundAndTheCommandLineGoesBeforeThem()
    {
        Assert.All((string[])["quick", "standard", "full"], profile => Assert.NotEmpty(ExperimentProfiles.Read(new ExperimentOptions { Profile = profile }).Experiments));
        var read = ExperimentProfiles.Read(new ExperimentOptions { Profile = "quick", Experiments = "cost,load", Repeat = 7, Seed = 3, Race = true });
        Assert.Equal(["cost", "load"], read.Experiments);
        Assert.Equal((7, 3, true), (read.Repeat, read.Seed, read.Race));
    }

    [Fact]
    public void Points_OfTheFrontier_LeaveOutIntervalsThatDoNotFitTheReplay()
    {
        var settings = new ExperimentSettings { Intervals = ["100ms", "2s", "60s"] };
        var points = RunPoints.Of(ExperimentKinds.Frontier, ["micro-batch", "streaming"], settings, TimeSpan.FromSeconds(12));
        Assert.Equal(["interval=100ms", "interval=2s"], points.Where(point => point.Lane == "micro-batch").Select(point => point.Name));
        Assert.Equal(["60s"], RunPoints.TooLong(settings, TimeSpan.FromSeconds(12)));
        Assert.Equal(settings.Visibilities.Length, points.Count(point => point.Lane == "streaming"));
    }

    [Fact]
    public void Points_OfRestarts_AreEveryCombinationForEveryLane_AndForThePublisherWithTheFirstThatReadsFromIt()
    {
        string[] combinations = ["stop", "stop latest", "kill", "kill latest", "outage=2s", "outage=2s latest"];
        string[] ofPublisher = [.. combinations.Select(name => "publisher:" + name)];
        string[] lanes = ["direct", "streaming", "hybrid"];
        var settings = new ExperimentSettings { Outage = "2s" };
        Assert.Equal([combinations, [.. combinations, .. ofPublisher], combinations], lanes.Select(Names));
        settings.PublisherWithEveryLane = true;
        Assert.Equal([combinations, [.. combinations, .. ofPublisher], [.. combinations, .. ofPublisher]], lanes.Select(Names));

        string[] Names(string lane) =>
            [.. RunPoints.Of(ExperimentKinds.Restart, lanes, settings, TimeSpan.FromSeconds(12)).Where(point => point.Lane == lane).Select(point => point.Name)];
    }

    [Fact]
    public void Findings_OfRestarts_BeginWithWhetherAnyIndexWasWrongAndWhereStalenessWasWorst()
    {
        var worst = Disturbed("kill", "resume", converged: true, peak: 3, skipped: 0);
        var skipped = Disturbed("kill latest", "latest", converged: false, peak: 1, skipped: 40);
        var wrong = Disturbed("stop", "latest", converged: false, peak: 2, skipped: 0);
        Assert.Equal(
            "no restart of 2 lost or doubled anything, but for 1 that skipped as told; at worst the index was 3.00 s (one run) stale, through streaming kill",
            First(worst, skipped));
        Assert.Equal("1 of 2 restarts left a wrong index (streaming stop); at worst the index was 3.00 s (one run) stale, through streaming kill", First(worst, wrong));
        Assert.Empty(Findings.Of(ExperimentKinds.Restart, [], [], null));

        static string First(params PointSummary[] points) => Findings.Of(ExperimentKinds.Restart, points, [], null)[0];

        static PointSummary Disturbed(string point, string policy, bool converged, double peak, double skipped) => Point("streaming", 1, 1) with
        {
            Point = point,
            Settings = new Dictionary<string, string> { ["policy"] = policy },
            Converged = converged,
            Figures = new Dictionary<string, Estimate> { [FigureNames.PeakStaleness] = Estimates.Of([peak])!, [FigureNames.Skipped] = Estimates.Of([skipped])! },
        };
    }

    [Fact]
    public void Refusals_OfPointsThatLackTheSame_AreOneSentence()
    {
        const string Few = "1 run counts, and 2 are needed";
        PointSummary[] points =
        [
            Point("streaming", 1, 1) with { Point = "rate=2000", Inconclusive = Few },
            Point("micro-batch", 1, 1) with { Point = "rate=2000", Inconclusive = Few },
            Point("streaming", 1, 1) with { Point = "rate=4000", Inconclusive = Few },
            Point("streaming", 1, 1) with { Point = "rate=8000", Inconclusive = null },
        ];
        Assert.Equal([$"streaming rate=2000, rate=4000: {Few}", $"micro-batch rate=2000: {Few}"], Findings.Refusals(points));
    }

    [Fact]
    public void Findings_OfALoad_SayWhenTheyAreOfOneSearch()
    {
        RateSearch once = new() { Lane = "streaming", Repetition = 1, SustainedRecordsPerSecond = 4_000, Runs = [] };
        RateSearch[] twice = [.. new[] { 1, 2 }.Select(repetition => once with { Lane = "micro-batch", Repetition = repetition, RefusedRecordsPerSecond = 4_500 })];
        Assert.Equal(
            [
                "streaming sustained 4000 records/s, the highest rate tried, in one search",
                "micro-batch sustained 4000 records/s and did not sustain 4500",
                "micro-batch sustained 4000 records/s and did not sustain 4500",
            ],
            Findings.Of(ExperimentKinds.Load, [], [once, .. twice], null));
    }

    [Fact]
    public void Faults_AllHaveAName()
    {
        Assert.All(FaultCases.Names, name => Assert.Equal(name, FaultCases.Of(name, TimeSpan.FromSeconds(2)).Name));
    }

    private static string Wrong(ExperimentOptions options)
    {
        var failure = Assert.Throws<HybridException>(() => ExperimentProfiles.Read(options));
        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        return failure.Message;
    }

    private static PointSummary Point(string lane, double? freshness, double cost)
    {
        var figures = new Dictionary<string, Estimate> { [FigureNames.CoreSecondsPerMillion] = Estimates.Of([cost])! };
        if (freshness is not null)
        {
            figures[FigureNames.FreshnessP99] = Estimates.Of([freshness])!;
        }

        return new PointSummary
        {
            Lane = lane, Point = "", Settings = new Dictionary<string, string>(), Runs = [], Stages = new Dictionary<string, Hybrid.Contracts.Reports.Distribution>(), Figures = figures, Converged = true,
        };
    }
}
