using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Solr;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Unit.Tests.Solr;

public sealed class SolrAdminTests : IAsyncLifetime
{
    private readonly HashSet<string> _collections = [];
    private ScriptedSolr _solr = null!;
    private SolrAdmin _admin = null!;
    private string _mode = "std";
    private string _aliases = "{}";

    public async Task InitializeAsync()
    {
        _solr = await ScriptedSolr.StartAsync();
        _solr.Answer = Answer;
        _admin = new SolrAdmin(new SolrOptions { Url = _solr.Url, ConnectTimeout = TimeSpan.FromSeconds(1) }, NullLoggerFactory.Instance);
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        await _solr.DisposeAsync();
    }

    [Fact]
    public async Task MissingCollection_IsMadeAsACoreOfTheConfigset()
    {
        await _admin.EnsureCollectionAsync("lane", CancellationToken.None);
        await _admin.EnsureCollectionAsync("lane", CancellationToken.None);

        Assert.Equal("?action=CREATE&name=lane&configSet=hybrid&wt=json", Assert.Single(_solr.Requests, IsCreate).Query);
    }

    [Fact]
    public async Task MissingCollection_InASolrCloud_IsMadeThroughTheCollectionsApi()
    {
        _mode = "solrcloud";
        await _admin.EnsureCollectionAsync("lane", CancellationToken.None);

        Assert.Equal("/solr/admin/collections", Assert.Single(_solr.Requests, IsCreate).Path);
    }

    [Fact]
    public async Task RefusedCollection_IsOneLineThatSaysWhatToDo()
    {
        _mode = "refusing";
        var refused = await Assert.ThrowsAsync<HybridException>(() => _admin.EnsureCollectionAsync("lane", CancellationToken.None));

        Assert.Equal(ExitCodes.Unreachable, refused.ExitCode);
        Assert.Contains("collection 'lane'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Could not load configuration", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task DeletedCollection_IsGone_AndDeletingNoneIsNoError()
    {
        await _admin.EnsureCollectionAsync("lane", CancellationToken.None);
        await _admin.DeleteCollectionAsync("lane", CancellationToken.None);
        await _admin.DeleteCollectionAsync("lane", CancellationToken.None);

        Assert.False(await _admin.ExistsAsync("lane", CancellationToken.None));
    }

    [Fact]
    public async Task Switched_OnOneServer_SwapsCores_AndNamesTheOldOne()
    {
        _collections.Add("lane");
        await _admin.RequireSwitchableAsync("lane", CancellationToken.None);
        Assert.Equal("lane-2", await _admin.SwitchAsync("lane", "lane-2", CancellationToken.None));
        Assert.Equal("?action=SWAP&core=lane&other=lane-2&wt=json", _solr.Requests.Last().Query);
    }

    [Fact]
    public async Task Switched_InASolrCloud_MovesTheAlias_AndNamesTheOldCollection()
    {
        _mode = "solrcloud";
        _aliases = """{"lane":"lane-1"}""";
        await _admin.RequireSwitchableAsync("lane", CancellationToken.None);
        Assert.Equal("lane-1", await _admin.SwitchAsync("lane", "lane-2", CancellationToken.None));
        Assert.Equal("?action=CREATEALIAS&name=lane&collections=lane-2&wt=json", _solr.Requests.Last().Query);
        Assert.Equal(["lane-1", "lane-2"], await _admin.ListAsync("lane-", CancellationToken.None));
    }

    [Fact]
    public async Task NameThatIsNoAlias_InASolrCloud_IsAWrongCall()
    {
        _mode = "solrcloud";
        var wrong = await Assert.ThrowsAsync<HybridException>(() => _admin.RequireSwitchableAsync("lane", CancellationToken.None));
        Assert.Equal(ExitCodes.WrongCall, wrong.ExitCode);
        Assert.Contains("'lane' is a collection", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoServer_IsUnreachableWithItsAddress()
    {
        var address = _solr.Url;
        await _solr.DisposeAsync();

        var unreachable = await Assert.ThrowsAsync<HybridException>(() => _admin.EnsureReachableAsync(CancellationToken.None));
        Assert.Equal(ExitCodes.Unreachable, unreachable.ExitCode);
        Assert.Contains(address, unreachable.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', unreachable.Message);
    }

    [Theory]
    [InlineData("Solr:Visibility", "soon")]
    [InlineData("Solr:RequestTimeout", "0")]
    [InlineData("Solr:Adapter", "xml")]
    public void WrongSetting_IsAWrongCallThatNamesIt(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        var wrong = Assert.Throws<HybridException>(() => new ServiceCollection().AddSolr(configuration, "lane"));
        Assert.Equal(ExitCodes.WrongCall, wrong.ExitCode);
        Assert.Contains(key, wrong.Message, StringComparison.Ordinal);
    }

    private static bool IsCreate(ScriptedSolr.Request request) => request.Query.Contains("action=CREATE", StringComparison.Ordinal);

    private (int Status, string Body) Answer(ScriptedSolr.Request request)
    {
        const string NotFound = """{"error":{"msg":"not found","code":404}}""";
        if (request.Path.EndsWith("/admin/info/system", StringComparison.Ordinal))
        {
            return (200, $$"""{"responseHeader":{"status":0},"mode":"{{_mode}}"}""");
        }

        if (request.Path.EndsWith("/admin/ping", StringComparison.Ordinal))
        {
            return _collections.Contains(request.Path.Split('/')[2]) ? (200, ScriptedSolr.Done) : (404, NotFound);
        }

        if (request.Query.StartsWith("?action=LIST", StringComparison.Ordinal))
        {
            return (200, $$"""{"aliases":{{_aliases}},"collections":["lane-1","lane-2","other"]}""");
        }

        if (request.Query.StartsWith("?action=SWAP", StringComparison.Ordinal) || request.Query.StartsWith("?action=CREATEALIAS", StringComparison.Ordinal))
        {
            return (200, ScriptedSolr.Done);
        }

        if (_mode == "refusing")
        {
            return (500, """{"error":{"msg":"Could not load configuration\nfrom directory","code":500}}""");
        }

        return IsCreate(request) ? (_collections.Add("lane") ? 200 : 400, ScriptedSolr.Done)
            : _collections.Remove("lane") ? (200, ScriptedSolr.Done)
            : (400, NotFound);
    }
}
