using System.Runtime.InteropServices;
using Hybrid.Contracts.Records;

namespace Hybrid.Comparison.Observer;

/// <summary>
/// Chooses the canaries of one object: the documents made for it (ids that begin with <see cref="Prefix"/>) if there are any, otherwise
/// upserts spread through it: the first, the last and some in between. Ids with a comma are left out, since one query asks for many ids.
/// </summary>
/// <param name="limit">Canaries at most, from 1.</param>
internal sealed class CanaryChooser(int limit)
{
    /// <summary>What the ids of documents made to be canaries begin with.</summary>
    public const string Prefix = "canary-";

    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);
    private readonly List<(string DocumentId, long Version)> _upserts = [];
    private bool _hasMade;
    private long _records;

    /// <summary>Takes a delta of the object in, in the order of its lines.</summary>
    public void Consider(CatalogDelta delta)
    {
        _records++;
        if (delta.Kind != DeltaKind.Upsert || delta.DocumentId.Contains(',', StringComparison.Ordinal))
        {
            return;
        }

        var made = delta.DocumentId.StartsWith(Prefix, StringComparison.Ordinal);
        if (made && !_hasMade)
        {
            _hasMade = true;
            _positions.Clear();
            _upserts.Clear();
        }

        if (made != _hasMade)
        {
            return;
        }

        ref var position = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, delta.DocumentId, out var known);
        if (!known)
        {
            position = _upserts.Count;
            _upserts.Add((delta.DocumentId, delta.Version));
        }
        else if (delta.Version > _upserts[position].Version)
        {
            _upserts[position] = (delta.DocumentId, delta.Version);
        }
    }

    /// <summary>Chooses, and begins anew with the next object.</summary>
    /// <param name="newest">The greatest version of a document so far: a canary that a known delta already beats would be seen too early.</param>
    public IReadOnlyList<Canary> Choose(Func<string, long?> newest)
    {
        var able = _upserts.Where(upsert => newest(upsert.DocumentId) is not { } version || version <= upsert.Version).ToList();
        var count = Math.Min(limit, able.Count);
        var weight = count == 0 ? 0 : (double)_records / count;
        var chosen = Enumerable.Range(0, count)
            .Select(index => able[count == 1 ? able.Count - 1 : (int)((long)index * (able.Count - 1) / (count - 1))])
            .Select(upsert => new Canary(upsert.DocumentId, upsert.Version, weight))
            .ToArray();
        _positions.Clear();
        _upserts.Clear();
        _hasMade = false;
        _records = 0;
        return chosen;
    }
}
