using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Microsoft.Extensions.Configuration;

namespace Hybrid.Unit.Tests.Lanes;

public sealed class LaneOptionsTests
{
    [Theory]
    [InlineData(null, null, LaneAssignor.CooperativeSticky)]
    [InlineData(null, "Range", LaneAssignor.Range)]
    [InlineData("one", null, LaneAssignor.Range)]
    [InlineData("one", "Range", LaneAssignor.Range)]
    public void InstanceWithAName_SharesPartitionsByRange_AndOneWithoutCooperatively(string? instance, string? assignor, LaneAssignor shared) =>
        Assert.Equal(shared, Bind(instance, assignor).SharedBy);

    [Fact]
    public void InstanceWithAName_ThatIsToShareCooperatively_IsRefusedInOneLine()
    {
        var refused = Assert.Throws<HybridException>(() => Bind("one", "CooperativeSticky"));
        Assert.Equal(ExitCodes.WrongCall, refused.ExitCode);
        Assert.StartsWith("Lane:Assignor: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Lane:Instance", refused.Message, StringComparison.Ordinal);
    }

    private static LaneOptions Bind(string? instance, string? assignor) => OptionsRegistration.Bind<LaneOptions>(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Lane:Instance"] = instance, ["Lane:Assignor"] = assignor }).Build(),
        LaneOptions.Section);
}
