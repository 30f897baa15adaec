using Hybrid.EndToEnd.Tests.Lanes;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Solr;

namespace Hybrid.EndToEnd.Tests.FailureModes;

/// <summary>A Solr of a test's own that fails on demand.</summary>
internal sealed class FailingSolr : IAsyncDisposable
{
    private readonly FaultCatalog _faults = new(TimeProvider.System);
    private readonly SolrServer _server;

    private FailingSolr(LaneStack stack) => _server = stack.Solr($"failing-{Guid.NewGuid():n}", _faults);

    public string Url => _server.BaseAddress.ToString();

    public static async Task<FailingSolr> StartAsync(LaneStack stack)
    {
        var solr = new FailingSolr(stack);
        await solr._server.StartAsync(default);
        return solr;
    }

    /// <summary>Befalls updates until they are let go.</summary>
    public void Inject(FaultSpecification fault) => _faults.Add(fault with { Service = "solr", Operation = "update" });

    /// <summary>Holds the next update until it is let go.</summary>
    public void HoldNext() => Inject(new FaultSpecification { Latency = "1h", Times = 1 });

    /// <summary>Updates that were befallen so far.</summary>
    public long Hits => _faults.List().Sum(fault => fault.Hits);

    /// <summary>Ends what befalls updates; those that are held go on.</summary>
    public void LetGo() => _faults.Clear(null);

    public async ValueTask DisposeAsync()
    {
        _faults.Clear(null);
        await _server.DisposeAsync();
        _faults.Dispose();
    }
}
