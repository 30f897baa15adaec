using System.Text;
using Hybrid.Sandbox.Faults;

namespace Hybrid.Sandbox.Tests.Faults;

public sealed class FaultPlanTests
{
    public static TheoryData<FaultSpecification, string> Impossible => new()
    {
        { new() { Latency = "1s" }, "service (none)" },
        { new() { Service = "mongo", Latency = "1s" }, "service mongo" },
        { new() { Service = "2", Latency = "1s" }, "service 2" },
        { new() { Service = "s3" }, "no effect is given" },
        { new() { Service = "s3", Latency = "1s", Drop = true }, "latency and drop are given" },
        { new() { Service = "solr", ListingLag = "1s" }, "solr has no listings" },
        { new() { Service = "s3", Latency = "soon" }, "latency soon" },
        { new() { Service = "s3", Latency = "-1s" }, "latency -1s" },
        { new() { Service = "s3", Latency = "5s..2s" }, "above the upper" },
        { new() { Service = "s3", Latency = "lognormal:2s,1s" }, "median and the 99th" },
        { new() { Service = "s3", Latency = "lognormal:2s" }, "median and the 99th" },
        { new() { Service = "s3", Vanish = "0s" }, "vanish 0s" },
        { new() { Service = "s3", Error = "200" }, "error 200" },
        { new() { Service = "s3", Error = "TooHot" }, "error TooHot" },
        { new() { Service = "solr", Error = "SlowDown" }, "error SlowDown" },
        { new() { Service = "kafka", Error = "NOT_A_LEADER" }, "error NOT_A_LEADER" },
        { new() { Service = "kafka", Error = "NONE" }, "error NONE" },
        { new() { Service = "kafka", Error = "0" }, "error 0" },
        { new() { Service = "kafka", Error = "NOT_COORDINATOR", RetryAfter = "1s" }, "retry-after" },
        { new() { Service = "kafka", Down = true, Operation = "Fetch" }, "leave out Fetch" },
        { new() { Service = "kafka", Down = true, Rate = 0.5 }, "down has no rate" },
        { new() { Service = "s3", DiskFull = "much" }, "disk-full much" },
        { new() { Service = "s3", Drop = true, Rate = 0 }, "rate 0" },
        { new() { Service = "s3", Drop = true, Rate = 1.5 }, "rate 1.5" },
        { new() { Service = "s3", Drop = true, Times = 0 }, "times 0" },
        { new() { Service = "s3", Drop = true, When = "later" }, "when later" },
        { new() { Service = "s3", Stall = "1s", When = "after" }, "stall has no when" },
        { new() { Service = "s3", Drop = true, For = "ever" }, "for ever" },
        { new() { Service = "solr", Drop = true, Operation = "commit" }, "a commit is no request" },
        { new() { Service = "kafka", Drop = true, Operation = "Nope" }, "operation Nope: kafka has none of that name: one of AddOffsetsToTxn, " },
        { new() { Service = "s3", Drop = true, Operation = "Banana*" }, "operation Banana*: s3 has none of that name: one of AbortMultipartUpload, " },
        { new() { Service = "registry", Drop = true, Operation = "update" }, "operation update: registry has none of that name: one of CheckCompatibility, " },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Check_OfWhatCannotBe_SaysWhyInOneLine(FaultSpecification fault, string named)
    {
        var refused = Assert.Throws<SandboxException>(fault.Check);

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("300ms", 0.3, 0.3)]
    [InlineData("1s..3s", 2, 2.98)]
    [InlineData("exponential:2s", 1.386, 9.21)]
    [InlineData("lognormal:500ms,4s", 0.5, 4)]
    public void Delays_FollowTheirDistribution(string text, double p50, double p99)
    {
        var distribution = DelayDistribution.Parse(text, "latency");

        var samples = Enumerable.Range(0, 40_000).Select(number => distribution.Sample(SeededDraw.Of(7, number)).TotalSeconds).Order().ToArray();

        Assert.InRange(samples[20_000], p50 * 0.97, p50 * 1.03);
        Assert.InRange(samples[39_600], p99 * 0.92, p99 * 1.08);
        Assert.Equal(distribution.Sample(SeededDraw.Of(7, 5)), distribution.Sample(SeededDraw.Of(7, 5)));
    }

    [Theory]
    [InlineData("List*", "ListObjectsV2", true)]
    [InlineData("listobjectsv?", "ListObjectsV2", true)]
    [InlineData("List", "ListObjectsV2", false)]
    [InlineData("*", "anything", true)]
    [InlineData(null, "", true)]
    public void Patterns_HaveTheUsualWildcards(string? pattern, string name, bool matches) =>
        Assert.Equal(matches, new NamePattern(pattern, ignoreCase: true).Matches(name));

    [Fact]
    public void ReadList_TakesAFileAndNamesItInItsErrors()
    {
        var read = FaultSpecification.ReadList("""[{"service":"s3","listingLag":"2s..8s","seed":7},{"service":"kafka","down":true,"for":"5s"}]"""u8, "f.json");

        Assert.Equal([new() { Service = "s3", ListingLag = "2s..8s", Seed = 7 }, new() { Service = "kafka", Down = true, For = "5s" }], read);
        foreach (var wrong in (string[])["""[{"service":"s3","lag":"2s"}]""", """[{"service":"s3"}]""", "{", "7"])
        {
            var refused = Assert.Throws<SandboxException>(() => FaultSpecification.ReadList(Encoding.UTF8.GetBytes(wrong), "f.json"));
            Assert.StartsWith("f.json", refused.Message, StringComparison.Ordinal);
        }
    }
}
