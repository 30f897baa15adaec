using System.Collections;
using Hybrid.Contracts.Reports;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Comparison.Truth;

/// <summary>
/// Compares an index with the truth, one document at a time. A document is missing when the truth shows it and the index does not;
/// stale when both have it and version or attributes differ; extra when the index shows it and the truth does not.
/// </summary>
/// <param name="truth">What the attributes must be.</param>
/// <param name="signals">What the signals must be, by document; null where the lane writes none.</param>
internal sealed class TruthComparison(IndexTruth truth, IReadOnlyDictionary<string, SignalsEntry>? signals = null)
{
    private const int MaxExamples = 8;

    private readonly BitArray _met = new(truth.Entries.Count);
    private readonly HashSet<string> _withSignals = new(StringComparer.Ordinal);
    private readonly List<string> _examples = [];
    private long _missing;
    private long _stale;
    private long _extra;
    private long _documents;

    /// <summary>Takes a document of the index in. Each comes once.</summary>
    public void Meet(IndexedDocument document)
    {
        var wrong = _missing + _stale + _extra;
        MeetAttributes(document);
        if (signals is null)
        {
            return;
        }

        _withSignals.Add(document.Id);
        var shown = SignalsEntry.Of(document);
        var expected = signals.GetValueOrDefault(document.Id, SignalsEntry.None);
        if (shown != expected && wrong == _missing + _stale + _extra)
        {
            Count(ref _stale, $"{document.Id}: shows {shown}, should show {expected}");
        }
    }

    private void MeetAttributes(IndexedDocument document)
    {
        if (document.AttributesVersion is not { } version)
        {
            return;
        }

        _documents++;
        var ordinal = truth.Find(document.Id);
        if (ordinal < 0)
        {
            Count(ref _extra, $"{document.Id}: is in the index, no delta made it");
            return;
        }

        _met[ordinal] = true;
        var entry = truth.Entries[ordinal];
        if (entry.Hidden != document.Deleted)
        {
            if (entry.Hidden)
            {
                Count(ref _extra, $"{document.Id}: is shown at version {version}, but version {entry.Version} deletes it");
            }
            else
            {
                Count(ref _missing, $"{document.Id}: is deleted at version {version}, but version {entry.Version} shows it");
            }
        }
        else if (entry.Version != version)
        {
            Count(ref _stale, $"{document.Id}: has version {version}, should have {entry.Version}");
        }
        else if (!entry.Hidden && entry.Attributes.Differences(AttributesFingerprint.Of(document)) is { Length: > 0 } fields)
        {
            Count(ref _stale, $"{document.Id}: has version {version} but another {fields}");
        }
    }

    /// <summary>The verdict, once every document of the index was met.</summary>
    public TruthReport Conclude()
    {
        for (var ordinal = 0; ordinal < truth.Entries.Count; ordinal++)
        {
            var entry = truth.Entries[ordinal];
            if (!entry.Hidden && !_met[ordinal])
            {
                _documents++;
                Count(ref _missing, $"{entry.DocumentId}: is not in the index, should have version {entry.Version}");
            }
        }

        foreach (var (id, expected) in signals ?? new Dictionary<string, SignalsEntry>())
        {
            if (!_withSignals.Contains(id) && truth.IsHidden(id))
            {
                Count(ref _missing, $"{id}: is not in the index, should show {expected}");
            }
        }

        return new TruthReport
        {
            Converged = _missing + _stale + _extra == 0,
            Missing = _missing,
            Stale = _stale,
            Extra = _extra,
            Documents = _documents,
            Examples = _examples,
        };
    }

    private void Count(ref long counter, string example)
    {
        counter++;
        if (_examples.Count < MaxExamples)
        {
            _examples.Add(example);
        }
    }
}
