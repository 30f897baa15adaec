using System.Collections.Immutable;
using System.Reflection;
using Hybrid.Contracts.Search;
using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Tests.Solr;

/// <summary>The configset against what the contracts say of it.</summary>
public sealed class ConfigsetTests
{
    private readonly CoreConfig _config = Load(ImmutableDictionary<string, string>.Empty);

    [Fact]
    public void EveryField_OfTheContractsIsInTheSchema()
    {
        var names = typeof(SolrFields).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

        Assert.All(names, name => Assert.NotNull(_config.Schema.Find(name)));
    }

    [Fact]
    public void EveryField_SurvivesAnAtomicUpdate() =>
        Assert.All(_config.Schema.Fields, field => Assert.True(field.Stored || field.DocValues, field.Name));

    [Theory]
    [InlineData(UpdateChains.Attributes, SolrFields.AttributesVersion)]
    [InlineData(UpdateChains.Signals, SolrFields.SignalsVersion)]
    public void EachFamily_HasATolerantChainGuardedByItsVersion(string chain, string field)
    {
        var config = _config.Chains[chain];

        Assert.Equal(int.MaxValue, config.MaxErrors);
        Assert.Equal(field, config.VersionConstraint!.Field.Name);
        Assert.True(config.VersionConstraint is { IgnoreOldUpdates: true, SupportMissingVersionOnOldDocs: true });
    }

    [Fact]
    public void Tombstones_AreHiddenBySelectAndShownBySelectAll()
    {
        Assert.Equal(KeyValuePair.Create("fq", $"-{SolrFields.Deleted}:true"), Assert.Single(_config.Handlers["/select"].Appends));
        Assert.Empty(_config.Handlers[UpdateChains.SelectAllHandler].Appends);
    }

    [Fact]
    public void Commits_ByTimeShowNothingUnlessAsked()
    {
        Assert.Equal(new AutoCommitConfig(TimeSpan.FromSeconds(15), OpenSearcher: false), _config.AutoCommit);
        Assert.Null(_config.AutoSoftCommit.MaxTime);

        var asked = Load(new Dictionary<string, string> { ["solr.autoSoftCommit.maxTime"] = "250" });
        Assert.Equal(TimeSpan.FromMilliseconds(250), asked.AutoSoftCommit.MaxTime);
    }

    [Theory]
    [InlineData(1.0, "1.0")]
    [InlineData(-2.55, "-2.55")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.0001, "1.0E-4")]
    [InlineData(9999999.5, "9999999.5")]
    [InlineData(1e7, "1.0E7")]
    [InlineData(-1.25e-9, "-1.25E-9")]
    [InlineData(1.7976931348623157E308, "1.7976931348623157E308")]
    [InlineData(0.0, "0.0")]
    [InlineData(123456789012345680.0, "1.2345678901234568E17")]
    public void ANumber_IsWrittenAsJavaWritesIt(double value, string text) => Assert.Equal(text, JavaNumbers.Format(value));

    private static CoreConfig Load(IReadOnlyDictionary<string, string> properties) => CoreConfig.Load(UpdateChains.Configset, properties);
}
