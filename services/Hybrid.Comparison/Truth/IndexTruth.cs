using System.Runtime.InteropServices;
using Hybrid.Contracts.Records;

namespace Hybrid.Comparison.Truth;

/// <summary>
/// The state that every lane's index must end in: for each document the delta with the greatest version, in whatever order they come.
/// Signals leave it alone. Kept as fingerprints, about 100 bytes a document.
/// </summary>
internal sealed class IndexTruth
{
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.Ordinal);
    private readonly List<TruthEntry> _entries = [];

    /// <summary>All documents, hidden ones too.</summary>
    public IReadOnlyList<TruthEntry> Entries => _entries;

    /// <summary>Documents that are visible.</summary>
    public long Visible { get; private set; }

    /// <summary>Takes a delta in.</summary>
    public void Apply(CatalogDelta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        if (delta.Kind == DeltaKind.Signal)
        {
            return;
        }

        ref var ordinal = ref CollectionsMarshal.GetValueRefOrAddDefault(_ordinals, delta.DocumentId, out var known);
        if (!known)
        {
            ordinal = _entries.Count;
            _entries.Add(new TruthEntry(delta.DocumentId, long.MinValue, Hidden: true, default));
        }

        ref var entry = ref CollectionsMarshal.AsSpan(_entries)[ordinal];
        if (delta.Version <= entry.Version)
        {
            return;
        }

        var hides = delta.Kind == DeltaKind.Delete;
        Visible += (hides ? 0 : 1) - (entry.Hidden ? 0 : 1);
        entry = new TruthEntry(entry.DocumentId, delta.Version, hides, hides ? default : AttributesFingerprint.Of(delta));
    }

    /// <summary>Finds a document.</summary>
    /// <returns>Its place in <see cref="Entries"/>, or -1.</returns>
    public int Find(string documentId) => _ordinals.TryGetValue(documentId, out var ordinal) ? ordinal : -1;

    /// <summary>The greatest version of a document so far, or null when it has none.</summary>
    public long? VersionOf(string documentId) => Find(documentId) is >= 0 and var ordinal ? _entries[ordinal].Version : null;

    /// <summary>Whether the document ends hidden or was never there.</summary>
    public bool IsHidden(string documentId) => Find(documentId) is not (>= 0 and var ordinal) || _entries[ordinal].Hidden;
}

/// <summary>What a document must end as.</summary>
/// <param name="DocumentId">Its id.</param>
/// <param name="Version">The winning delta's version.</param>
/// <param name="Hidden">Whether the winning delta is a delete.</param>
/// <param name="Attributes">The winning upsert's attributes.</param>
internal readonly record struct TruthEntry(string DocumentId, long Version, bool Hidden, AttributesFingerprint Attributes);
