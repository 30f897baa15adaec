using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Unit.Tests.Solr;

public sealed class SolrVisibilityTests
{
    [Theory]
    [InlineData("commit-within=200ms", "commitWithin=200")]
    [InlineData("commit-within=1s", "commitWithin=1000")]
    [InlineData("commit-within=0.5s", "commitWithin=500")]
    [InlineData(" Commit-Within=50MS ", "commitWithin=50")]
    [InlineData("soft-commit", "softCommit=true")]
    [InlineData("server", null)]
    public void Setting_BecomesTheRequestParameter(string setting, string? parameter) =>
        Assert.Equal(parameter, SolrVisibility.Parse(setting).Parameter);

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("commit-within")]
    [InlineData("commit-within=")]
    [InlineData("commit-within=200")]
    [InlineData("commit-within=0ms")]
    [InlineData("commit-within=-5ms")]
    [InlineData("commit-within=2h")]
    [InlineData("commit-within=3601s")]
    [InlineData("commit-within=1e300s")]
    public void Setting_ThatIsNone_IsAWrongCallThatNamesIt(string setting)
    {
        var refused = Assert.Throws<HybridException>(() => SolrVisibility.Parse(setting));
        Assert.Equal(ExitCodes.WrongCall, refused.ExitCode);
        Assert.Contains($"'{setting}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("commit-within=", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("commit-within=200ms")]
    [InlineData("soft-commit")]
    [InlineData("server")]
    public void Text_ReadsBackAsTheSame(string setting) =>
        Assert.Equal(SolrVisibility.Parse(setting), SolrVisibility.Parse(SolrVisibility.Parse(setting).ToString()));
}
