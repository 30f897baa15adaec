namespace Hybrid.Sandbox.Tests.Solr;

/// <summary>Gives each test a Solr of its own.</summary>
public abstract class SolrTest : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    internal RunningSolr Solr { get; private set; } = null!;

    protected string DataDirectory => _directory.Path;

    /// <summary>How large a core's log grows before it is compacted.</summary>
    protected virtual long CompactionBytes => 64 << 20;

    public async Task InitializeAsync() => Solr = await RunningSolr.StartAsync(DataDirectory, CompactionBytes);

    public async Task DisposeAsync()
    {
        await Solr.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>Stops the server and starts another on the same directory.</summary>
    protected async Task RestartAsync()
    {
        await Solr.DisposeAsync();
        Solr = await RunningSolr.StartAsync(DataDirectory, CompactionBytes);
    }
}
