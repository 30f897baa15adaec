using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Pipeline.Lanes;

/// <summary>Keeps what Solr refused: the way out of a lane for a document that no retry can write. Safe for concurrent calls.</summary>
public interface IRefusedWrites
{
    /// <summary>Keeps a delta; done when it is durable.</summary>
    /// <param name="record">The delta with the record that it came from.</param>
    /// <param name="error">Solr's words, one line.</param>
    /// <param name="cancellationToken">Gives up; the record must then be written again.</param>
    /// <exception cref="HybridException">It could not be kept.</exception>
    Task RefuseAsync(LaneRecord record, string error, CancellationToken cancellationToken);

    /// <summary>Keeps a delta and notes its batch; done when it is durable.</summary>
    /// <param name="record">The delta with the record that it came from.</param>
    /// <param name="batch">The id of the batch that it was refused in, see <see cref="BatchId"/>.</param>
    /// <param name="error">Solr's words, one line.</param>
    /// <param name="cancellationToken">Gives up; the record must then be written again.</param>
    /// <exception cref="HybridException">It could not be kept.</exception>
    Task RefuseAsync(LaneRecord record, string batch, string error, CancellationToken cancellationToken) => RefuseAsync(record, error, cancellationToken);

    /// <summary>Keeps a state of signals and notes its batch; done when it is durable.</summary>
    /// <param name="state">The state.</param>
    /// <param name="cause">What brought it about.</param>
    /// <param name="batch">The id of the batch that it was refused in, see <see cref="BatchId"/>.</param>
    /// <param name="error">Solr's words, one line.</param>
    /// <param name="cancellationToken">Gives up; the state must then be written again.</param>
    /// <exception cref="HybridException">It could not be kept.</exception>
    Task RefuseAsync(DocumentSignals state, SignalsCause cause, string batch, string error, CancellationToken cancellationToken) =>
        RefuseAsync(state, cause, error, cancellationToken);

    /// <summary>Keeps a state of signals; done when it is durable.</summary>
    /// <param name="state">The state.</param>
    /// <param name="cause">What brought it about.</param>
    /// <param name="error">Solr's words, one line.</param>
    /// <param name="cancellationToken">Gives up; the state must then be written again.</param>
    /// <exception cref="HybridException">It could not be kept.</exception>
    Task RefuseAsync(DocumentSignals state, SignalsCause cause, string error, CancellationToken cancellationToken);
}
