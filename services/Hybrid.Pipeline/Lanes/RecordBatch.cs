using System.Runtime.InteropServices;
using System.Text;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Pipeline.Lanes;

/// <summary>
/// Records and states of signals that are written together. <see cref="Compact"/> finds the newest of each document; the others need no
/// write, since Solr would drop them. It has copies of its records' bytes. Made to be used again. Not for concurrent use.
/// </summary>
public sealed class RecordBatch
{
    private readonly List<LaneRecord> _records = [];
    private readonly RecordBytes _bytes = new();
    private readonly DocumentSlots _documents = new();
    private readonly List<SignalsUpdate> _updates = [];
    private readonly List<DocumentSignals> _states = [];
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly List<(int Start, int Count)> _bulks = [];
    private readonly List<(int Start, int Count)> _stateBulks = [];
    private EncodedDelta[] _newest = [];
    private long[] _versions = [];
    private long?[] _closed = [];
    private int[] _sizes = [];
    private int _refused;

    /// <summary>The records in the order in which they were taken.</summary>
    public IReadOnlyList<LaneRecord> Records => _records;

    /// <summary>Where everything in the batch comes from.</summary>
    public IEnumerable<(int Partition, long Offset)> Places =>
        _records.Select(record => (record.Partition, record.Offset)).Concat(_updates.Select(update => (update.Cause.Partition, update.Cause.Offset)));

    /// <summary>The records, without copying; good until the next record is added.</summary>
    public ReadOnlySpan<LaneRecord> AsSpan() => CollectionsMarshal.AsSpan(_records);

    /// <summary>How many records there are.</summary>
    public int Count => _records.Count;

    /// <summary>The states of signals in the order in which they came about.</summary>
    public IReadOnlyList<SignalsUpdate> Updates => _updates;

    /// <summary>Records and states together.</summary>
    public int Items => _records.Count + _updates.Count;

    /// <summary>The newest state of signals of each document that has one, once <see cref="Compact"/> was called.</summary>
    public IReadOnlyList<DocumentSignals> States => _states;

    /// <summary>Bytes of the records' values, and roughly of the states.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many documents <see cref="Compact"/> found.</summary>
    public int Documents { get; private set; }

    /// <summary>How many documents Solr has refused of it so far.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Notes that Solr refused documents. Safe for concurrent calls.</summary>
    /// <param name="documents">How many.</param>
    public void NoteRefused(int documents) => Interlocked.Add(ref _refused, documents);

    /// <summary>Adds a record.</summary>
    /// <param name="record">The record.</param>
    public void Add(in LaneRecord record)
    {
        _records.Add(_bytes.Keep(record));
        Bytes += record.Bytes;
    }

    /// <summary>Adds a state of signals.</summary>
    /// <param name="update">The state.</param>
    public void Add(in SignalsUpdate update)
    {
        _updates.Add(update);
        Bytes += SignalsUpdate.Bytes;
    }

    /// <summary>Finds the newest delta and the newest state of each document, by version; of equal ones the first.</summary>
    public void Compact()
    {
        if (_newest.Length < _records.Count)
        {
            _newest = new EncodedDelta[Math.Max(_records.Count, 2 * _newest.Length)];
            _versions = new long[_newest.Length];
            _closed = new long?[_newest.Length];
            _sizes = new int[_newest.Length];
        }

        Documents = 0;
        _documents.Begin(_records.Count);
        foreach (ref readonly var record in CollectionsMarshal.AsSpan(_records))
        {
            var slot = _documents.SlotOf(record.Encoded.DocumentId, record.DocumentHash, out var isNew);
            if (isNew)
            {
                Documents++;
            }
            else if (record.Version <= _versions[slot])
            {
                continue;
            }

            _newest[slot] = record.Encoded;
            _versions[slot] = record.Version;
            _closed[slot] = record.ClosedMilliseconds;
            _sizes[slot] = record.Bytes;
        }

        CompactStates();
    }

    /// <summary>Cuts the newest deltas into requests.</summary>
    /// <param name="documents">Documents in one at most.</param>
    /// <param name="bytes">Bytes of their records' values in one at most; a larger record is alone in its request.</param>
    /// <returns>The parts for <see cref="Newest"/>; good until the next call.</returns>
    public IReadOnlyList<(int Start, int Count)> Bulks(int documents, long bytes)
    {
        _bulks.Clear();
        var (start, size) = (0, 0L);
        for (var next = 0; next < Documents; next++)
        {
            if (next > start && (next - start == documents || size + _sizes[next] > bytes))
            {
                _bulks.Add((start, next - start));
                (start, size) = (next, 0);
            }

            size += _sizes[next];
        }

        if (Documents > start)
        {
            _bulks.Add((start, Documents - start));
        }

        return _bulks;
    }

    /// <summary>Cuts the newest states into requests.</summary>
    /// <param name="documents">Documents in one at most.</param>
    /// <param name="bytes">Bytes in one at most, roughly.</param>
    /// <returns>The parts of <see cref="States"/>; good until the next call.</returns>
    public IReadOnlyList<(int Start, int Count)> StateBulks(int documents, long bytes)
    {
        _stateBulks.Clear();
        var most = (int)Math.Clamp(bytes / SignalsUpdate.Bytes, 1, documents);
        for (var start = 0; start < _states.Count; start += most)
        {
            _stateBulks.Add((start, Math.Min(most, _states.Count - start)));
        }

        return _stateBulks;
    }

    /// <summary>A part of the newest deltas.</summary>
    /// <param name="start">From which document on.</param>
    /// <param name="count">How many at most.</param>
    public ArraySegment<EncodedDelta> Newest(int start, int count) => new(_newest, start, Math.Min(count, Documents - start));

    /// <summary>When the partitions of a part of the newest deltas were due to close.</summary>
    /// <param name="start">From which document on.</param>
    /// <param name="count">How many at most.</param>
    public ReadOnlySpan<long?> Closed(int start, int count) => _closed.AsSpan(start, Math.Min(count, Documents - start));

    /// <summary>The records of one document, one for each version, the newest first.</summary>
    /// <param name="documentId">The document.</param>
    public IReadOnlyList<LaneRecord> Versions(string documentId)
    {
        var id = Encoding.UTF8.GetBytes(documentId);
        return
        [
            .. _records.Where(record => record.Encoded.DocumentId.Span.SequenceEqual(id))
                .OrderByDescending(record => record.Version)
                .DistinctBy(record => record.Version),
        ];
    }

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        _records.Clear();
        _updates.Clear();
        _states.Clear();
        _documents.Clear();
        _bytes.Clear();
        Array.Clear(_newest, 0, Documents);
        Documents = 0;
        Bytes = 0;
        _refused = 0;
    }

    private void CompactStates()
    {
        _states.Clear();
        foreach (ref readonly var update in CollectionsMarshal.AsSpan(_updates))
        {
            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, update.State.DocumentId, out var known);
            if (!known)
            {
                slot = _states.Count;
                _states.Add(update.State);
            }
            else if (update.State.Version > _states[slot].Version)
            {
                _states[slot] = update.State;
            }
        }

        _slots.Clear();
    }
}
