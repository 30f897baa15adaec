using System.Runtime.InteropServices;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;

namespace Hybrid.Pipeline.Windows;

/// <summary>
/// The signals of many documents over a window that moves with the watermark: of the partitions that begin in [end − length, end). A signal
/// counts from when its partition is complete until its partition leaves the window. Signals may come in any order; one of a partition that
/// is complete already is late and counts at once, one of a partition that has left no longer counts. Not for concurrent use.
/// </summary>
/// <param name="options">The window.</param>
public sealed class SignalWindow(WindowOptions options)
{
    private readonly Dictionary<string, Document> _documents = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, List<Document>> _byBegin = [];
    private readonly List<Document> _changed = [];
    private (string Name, long Begin) _partition = ("", 0);
    private long _end = long.MinValue;

    /// <summary>Documents with signals in the window or waiting for their partition to be complete.</summary>
    public int Documents => _documents.Count;

    private long Begin => _end == long.MinValue ? long.MinValue : _end - (long)options.Length.TotalMilliseconds;

    /// <summary>The end of the window, event time; null before the first <see cref="Advance"/>.</summary>
    public DateTimeOffset? End => _end == long.MinValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(_end);

    /// <summary>Whether a document has signals that count.</summary>
    /// <param name="documentId">The document.</param>
    public bool Counts(string documentId) => _documents.TryGetValue(documentId, out var document) && document.Totals.Lines > 0;

    /// <summary>Makes the next <see cref="Drain"/> hand over every document with signals that count, changed or not.</summary>
    public void TouchAll()
    {
        foreach (var document in _documents.Values)
        {
            if (document.Totals.Lines > 0)
            {
                Touch(document);
            }
        }
    }

    /// <summary>Takes a signal in.</summary>
    /// <param name="signal">A delta of kind <see cref="DeltaKind.Signal"/>.</param>
    /// <returns>Whether the document's state changed by it, which only a late signal brings about: see <see cref="Drain"/>.</returns>
    /// <exception cref="ArgumentException">The partition's name is none.</exception>
    public bool Add(CatalogDelta signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        var begin = BeginOf(signal.Partition);
        if (begin < Begin)
        {
            return false;
        }

        ref var document = ref CollectionsMarshal.GetValueRefOrAddDefault(_documents, signal.DocumentId, out var known);
        if (!known)
        {
            document = new Document(signal.DocumentId);
        }

        var slice = SliceOf(document!, begin);
        slice.Totals.Add(signal);
        if (begin >= _end)
        {
            return false;
        }

        document!.Totals.Add(signal);
        Touch(document);
        return true;
    }

    /// <summary>Moves the window on: what is complete now counts, what left it no longer does.</summary>
    /// <param name="watermarkMilliseconds">Event time up to which everything is complete, in milliseconds since 1970-01-01T00:00:00Z. An
    /// earlier one than before changes nothing.</param>
    public void Advance(long watermarkMilliseconds)
    {
        var end = options.End(watermarkMilliseconds);
        if (end <= _end)
        {
            return;
        }

        var before = _end;
        _end = end;
        var begin = Begin;
        foreach (var (sliceBegin, documents) in _byBegin)
        {
            if (sliceBegin >= end)
            {
                break;
            }

            var counted = sliceBegin < before;
            if (sliceBegin < begin)
            {
                foreach (var document in documents)
                {
                    Leave(document, sliceBegin, counted);
                }
            }
            else if (!counted)
            {
                foreach (var document in documents)
                {
                    document.Totals.Add(document.Find(sliceBegin)!.Totals);
                    Touch(document);
                }
            }
        }

        while (_byBegin.Count > 0 && _byBegin.First().Key is var first && first < begin)
        {
            _byBegin.Remove(first);
        }
    }

    /// <summary>Hands over the states that changed since the last call, each document once, and forgets documents without signals.</summary>
    /// <param name="states">Where they are added.</param>
    public void Drain(List<DocumentSignals> states)
    {
        ArgumentNullException.ThrowIfNull(states);
        var end = _changed.Count == 0 ? default : DateTimeOffset.FromUnixTimeMilliseconds(_end);
        foreach (var document in _changed)
        {
            states.Add(document.Totals.ToSignals(document.Id, end));
            document.HasChanged = false;
            ForgetWhenEmpty(document);
        }

        _changed.Clear();
    }

    private void Leave(Document document, long begin, bool counted)
    {
        var slice = document.Take(begin);
        if (counted)
        {
            document.Totals.Remove(slice.Totals);
            Touch(document);
        }
        else if (!document.HasChanged)
        {
            ForgetWhenEmpty(document);
        }
    }

    private void Touch(Document document)
    {
        if (!document.HasChanged)
        {
            document.HasChanged = true;
            _changed.Add(document);
        }
    }

    private void ForgetWhenEmpty(Document document)
    {
        if (document.IsEmpty)
        {
            _documents.Remove(document.Id);
        }
    }

    private Slice SliceOf(Document document, long begin)
    {
        if (document.Find(begin) is { } found)
        {
            return found;
        }

        if (!_byBegin.TryGetValue(begin, out var documents))
        {
            _byBegin[begin] = documents = [];
        }

        documents.Add(document);
        return document.Make(begin);
    }

    // Signals of one partition come one after the other, so its name is read once.
    private long BeginOf(string partition)
    {
        if (partition != _partition.Name)
        {
            _partition = PartitionId.TryParseStart(partition, out var start)
                ? (partition, start.ToUnixTimeMilliseconds())
                : throw new ArgumentException($"'{partition}' is no name of a partition", nameof(partition));
        }

        return _partition.Begin;
    }

    /// <summary>The signals of one document from one partition.</summary>
    private sealed record Slice(long Begin, SignalTotals Totals);

    private sealed class Document(string id)
    {
        private readonly List<Slice> _slices = [];

        public string Id => id;

        public SignalTotals Totals { get; } = new();

        public bool HasChanged { get; set; }

        public bool IsEmpty => _slices.Count == 0;

        public Slice? Find(long begin)
        {
            for (var i = _slices.Count - 1; i >= 0; i--)
            {
                if (_slices[i].Begin == begin)
                {
                    return _slices[i];
                }
            }

            return null;
        }

        public Slice Make(long begin)
        {
            var slice = new Slice(begin, new SignalTotals());
            _slices.Add(slice);
            return slice;
        }

        public Slice Take(long begin)
        {
            var index = _slices.FindIndex(slice => slice.Begin == begin);
            var slice = _slices[index];
            _slices.RemoveAt(index);
            return slice;
        }
    }
}
