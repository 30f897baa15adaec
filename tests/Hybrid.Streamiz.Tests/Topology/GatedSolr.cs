using System.Collections.Concurrent;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Streamiz.Tests.Topology;

/// <summary>A writer whose answers the test gives.</summary>
internal sealed class GatedSolr : ISolrWriter
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Adapter => "gated";

    public ConcurrentQueue<CatalogDelta> Written { get; } = [];

    /// <summary>The newest state of each document's signals.</summary>
    public ConcurrentDictionary<string, DocumentSignals> Signals { get; } = [];

    /// <summary>Done when a write is under way.</summary>
    public Task Asked => _asked.Task;

    public void Acknowledge() => _gate.TrySetResult();

    public void Fail(Exception failure) => _gate.TrySetException(failure);

    public async Task<IReadOnlyList<SolrRefusal>> WriteAttributesAsync(IReadOnlyList<CatalogDelta> deltas, CancellationToken cancellationToken)
    {
        var taken = deltas.ToArray();
        _asked.TrySetResult();
        await _gate.Task.WaitAsync(cancellationToken);
        foreach (var delta in taken)
        {
            Written.Enqueue(delta);
        }

        return [];
    }

    public async Task<IReadOnlyList<SolrRefusal>> WriteSignalsAsync(IReadOnlyList<DocumentSignals> signals, CancellationToken cancellationToken)
    {
        var taken = signals.ToArray();
        _asked.TrySetResult();
        await _gate.Task.WaitAsync(cancellationToken);
        foreach (var state in taken)
        {
            Signals.AddOrUpdate(state.DocumentId, state, (_, known) => state.Version > known.Version ? state : known);
        }

        return [];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
