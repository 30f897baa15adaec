using System.Collections.Concurrent;
using System.Text;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Log;
using Hybrid.Sandbox.Solr.Query;
using Hybrid.Sandbox.Solr.Schema;
using Hybrid.Sandbox.Solr.Update;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Solr.Index;

/// <summary>
/// The documents of a core. Updates come one after another; they are in the log before they are answered, visible to real-time
/// get at once and to searches after a commit. Reading needs no turn.
/// </summary>
internal sealed partial class SolrIndex : IReplayTarget, IDisposable
{
    private readonly CoreSchema _schema;
    private readonly ILogger _logger;
    private readonly long _compactionBytes;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<byte[], DocumentEntry> _entries = new(1, 1024, new Utf8Comparer());
    private readonly ConcurrentDictionary<byte[], DocumentEntry>.AlternateLookup<ReadOnlySpan<byte>> _entriesByUtf8;
    private readonly DocumentMerger _merger;
    private readonly VersionClock _clock;
    private readonly TimeProvider _time;
    private readonly QueryParser _queries;
    private readonly List<DocumentEntry> _pending = [];
    private readonly List<(DocumentEntry Entry, byte[]? Before)> _undo = [];
    private readonly List<(DocumentEntry Entry, byte[]? Committed)> _uncommitted = [];
    private readonly TransactionLog _log;
    private Task _compaction = Task.CompletedTask;
    private long _bytes;
    private bool _disposed;

    public SolrIndex(string directory, CoreSchema schema, QueryParser queries, long compactionBytes, TimeProvider time, ILogger logger, Disk disk)
    {
        _schema = schema;
        _queries = queries;
        _logger = logger;
        _compactionBytes = compactionBytes;
        _entriesByUtf8 = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
        _merger = new DocumentMerger(schema);
        _clock = new VersionClock(time);
        _time = time;
        Directory = directory;
        _log = TransactionLog.Open(directory, schema, this, logger, disk);
        _undo.Clear();
        ForgetUncommitted();
        Show();
    }

    public Searcher Searcher { get; } = new();

    public UpdateTally Tally { get; } = new();

    /// <summary>Where the log is.</summary>
    public string Directory { get; }

    /// <summary>How much the documents take in memory, ids included.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether there are updates that searches do not see yet; a glance, exact only while there are no updates.</summary>
    public bool HasPending => _pending.Count > 0;

    /// <summary>The last version of a document, committed or not.</summary>
    public StoredDocument? Current(ReadOnlySpan<byte> id) =>
        _entriesByUtf8.TryGetValue(id, out var entry) && entry.Current is { } body ? new StoredDocument(entry.Id, body) : null;

    /// <summary>The visible version of a document.</summary>
    public StoredDocument? Visible(ReadOnlySpan<byte> id) =>
        _entriesByUtf8.TryGetValue(id, out var entry) && entry.Visible is { } body ? new StoredDocument(entry.Id, body) : null;

    /// <summary>Commits.</summary>
    /// <returns>Why it could not be made durable, or null.</returns>
    public async Task<SolrError?> CommitAsync(CommitOptions options)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_disposed)
            {
                return null;
            }

            if (!options.Soft)
            {
                ForgetUncommitted();
            }

            if (options.Soft || options.OpenSearcher)
            {
                Show();
            }
        }
        finally
        {
            _turn.Release();
        }

        return options.Soft ? null : await SyncAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _turn.Wait();
        try
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }
        finally
        {
            _turn.Release();
        }

        _compaction.Wait();
        _log.Dispose();
        _merger.Dispose();
    }

    /// <summary>Takes back everything since the last hard commit; what a soft one has shown since then stays visible until the next.</summary>
    /// <returns>Why it could not be made durable, or null.</returns>
    public async Task<SolrError?> RollbackAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            return _disposed ? null : Rollback();
        }
        finally
        {
            _turn.Release();
        }
    }

    void IReplayTarget.ReplayPut(ReadOnlySpan<byte> id, ReadOnlySpan<byte> body)
    {
        _clock.Observe(StoredDocument.VersionOf(body));
        Replace(Entry(id), body.ToArray());
        _undo.Clear();
    }

    void IReplayTarget.ReplayDelete(ReadOnlySpan<byte> id, long version)
    {
        _clock.Observe(version);
        if (_entriesByUtf8.TryGetValue(id, out var entry))
        {
            Replace(entry, null);
            _undo.Clear();
        }
    }

    void IReplayTarget.ReplayClear()
    {
        foreach (var (_, entry) in _entries)
        {
            Replace(entry, null);
        }
    }

    private DocumentEntry Entry(ReadOnlySpan<byte> id)
    {
        if (!_entriesByUtf8.TryGetValue(id, out var entry))
        {
            entry = new DocumentEntry(id.ToArray());
            _entries[entry.Id] = entry;
        }

        return entry;
    }

    private void Replace(DocumentEntry entry, byte[]? body)
    {
        _undo.Add((entry, entry.Current));
        if (!entry.IsUncommitted)
        {
            entry.IsUncommitted = true;
            _uncommitted.Add((entry, entry.Current));
        }

        SetCurrent(entry, body);
    }

    private void SetCurrent(DocumentEntry entry, byte[]? body)
    {
        _bytes += Size(entry, body) - Size(entry, entry.Current);
        entry.Current = body;
        if (!entry.IsPending)
        {
            entry.IsPending = true;
            _pending.Add(entry);
        }
    }

    private static int Size(DocumentEntry entry, byte[]? body) => body is null ? 0 : entry.Id.Length + body.Length;

    /// <summary>Writes what was applied to the log; what cannot be written is taken back.</summary>
    private SolrError? Flush()
    {
        try
        {
            _log.Writer.Flush();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            for (var index = _undo.Count - 1; index >= 0; index--)
            {
                SetCurrent(_undo[index].Entry, _undo[index].Before);
            }

            LogWriteFailed(_logger, _log.Writer.Path, exception.Message);
            return new SolrError(500, $"the transaction log cannot be written: {exception.Message}");
        }
        finally
        {
            _undo.Clear();
        }
    }

    private void Show()
    {
        Searcher.Show(_pending, _time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var entry in _pending)
        {
            if (entry.Current is null)
            {
                _entries.TryRemove(entry.Id, out _);
            }
        }

        _pending.Clear();
    }

    [LoggerMessage(6011, LogLevel.Error, "Cannot write {Path}: {Reason}; the update was refused and taken back")]
    private static partial void LogWriteFailed(ILogger logger, string path, string reason);

    [LoggerMessage(6012, LogLevel.Warning, "The log was not compacted, which is tried again at a later commit: {Reason}")]
    private static partial void LogCompactionFailed(ILogger logger, string reason);
}
