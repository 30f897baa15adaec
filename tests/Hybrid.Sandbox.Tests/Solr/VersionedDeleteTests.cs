using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Query;
using Hybrid.Sandbox.Solr.Schema;
using Hybrid.Sandbox.Solr.Update;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Solr;

/// <summary>Deletions through a version constraint whose configuration names a <c>deleteVersionParam</c>, which the contracts' configset does not.</summary>
public sealed class VersionedDeleteTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CoreSchema _schema = CoreConfig.Load("hybrid", ImmutableDictionary<string, string>.Empty).Schema;
    private readonly ValueConverter _values = new(TimeProvider.System);
    private SolrIndex _index;

    public VersionedDeleteTests() => _index = Open();

    [Fact]
    public async Task ADelete_NewerThanTheDocument_LeavesItsIdAndVersion()
    {
        await ApplyAsync("""[{"id":"a","attributes_version_l":5,"quantity_l":1}]""");
        Assert.Null(await ApplyAsync("""{"delete":"a","delete":"never seen"}""", "6"));

        Assert.Equal("a 6", Current("a"));
        Assert.Equal("never seen 6", Current("never seen"));
        await ApplyAsync("""[{"id":"a","attributes_version_l":6,"quantity_l":2}]""");
        Assert.Equal("a 6", Current("a"));
        await ApplyAsync("""[{"id":"a","attributes_version_l":7,"quantity_l":3}]""");
        Assert.Equal("a 7 3", Current("a"));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("4")]
    public async Task ADelete_NotNewerThanTheDocument_IsDroppedOrRefused(string version)
    {
        await ApplyAsync("""[{"id":"a","attributes_version_l":5,"quantity_l":1}]""");

        Assert.Null(await ApplyAsync("""{"delete":"a"}""", version));
        Assert.Equal((409, $"user version is not high enough: [{version}]"), await ApplyAsync("""{"delete":"a"}""", version, ignoreOld: false));
        Assert.Equal("a 5 1", Current("a"));
    }

    [Fact]
    public async Task ADelete_WithoutAVersionOrWithABadOne_IsRefused_AndOneByQueryIsNotLookedAt()
    {
        await ApplyAsync("""[{"id":"a","attributes_version_l":5}]""");

        Assert.Equal((400, "Delete by ID must specify doc version param: del_version"), await ApplyAsync("""{"delete":"a"}"""));
        Assert.Equal((400, "For input string: \"six\""), await ApplyAsync("""{"delete":"a"}""", "six"));
        Assert.Null(await ApplyAsync("""{"delete":{"query":"id:a"}}"""));
        Assert.Null(Current("a"));
    }

    [Fact]
    public async Task TheVersionOfADelete_LastsOverARestart()
    {
        await ApplyAsync("""{"delete":"a"}""", "6");
        _index.Dispose();
        _index = Open();

        await ApplyAsync("""[{"id":"a","attributes_version_l":5}]""");
        Assert.Equal("a 6", Current("a"));
    }

    public void Dispose()
    {
        _index.Dispose();
        _directory.Dispose();
    }

    private SolrIndex Open() => new(
        _directory.Path, _schema, new QueryParser(new FieldQueries(_schema, _values)), 64 << 20, TimeProvider.System, NullLogger.Instance, new Disk(new ServiceFaults()));

    private async Task<(int Code, string Message)?> ApplyAsync(string json, string? deleteVersion = null, bool ignoreOld = true)
    {
        var chain = UpdateChainConfig.Parse(
            XElement.Parse(
                $"""
                <updateRequestProcessorChain name="versioned">
                  <processor class="solr.DocBasedVersionConstraintsProcessorFactory">
                    <str name="versionField">attributes_version_l</str>
                    <str name="deleteVersionParam">del_version</str>
                    <bool name="ignoreOldUpdates">{(ignoreOld ? "true" : "false")}</bool>
                  </processor>
                  <processor class="solr.RunUpdateProcessorFactory"/>
                </updateRequestProcessorChain>
                """),
            _schema);
        using var batch = new UpdateBatch();
        JsonUpdateReader.Read(Encoding.UTF8.GetBytes(json), batch, new UpdateBatchBuilder(_schema, _values, batch, 0), new UpdateParameters(-1, 0));
        batch.DeleteVersion = deleteVersion;
        var outcome = await _index.ApplyAsync(batch, chain, null, false, CancellationToken.None);
        return outcome.Error is { } error ? (error.Code, error.Message) : null;
    }

    /// <summary>Id, version and quantity of the document as of the last update.</summary>
    private string? Current(string id)
    {
        if (_index.Current(Encoding.UTF8.GetBytes(id)) is not { } document)
        {
            return null;
        }

        string Value(string field) => document.TryGetFirst(_schema, _schema.Find(field)!, out var value) ? $" {StoredValue.AsLong(value)}" : "";
        return id + Value("attributes_version_l") + Value("quantity_l");
    }
}
