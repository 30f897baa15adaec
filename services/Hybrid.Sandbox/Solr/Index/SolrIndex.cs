using System.Collections.Concurrent;
using System.Text;
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
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<byte[], DocumentEntry> _entries = new(1, 1024, new Utf8Comparer());
    private readonly ConcurrentDictionary<byte[], DocumentEntry>.AlternateLookup<ReadOnlySpan<byte>> _entriesByUtf8;
    private readonly DocumentMerger _merger;
    private readonly VersionClock _clock;
    private readonly QueryParser _queries;
    private readonly List<DocumentEntry> _pending = [];
    private readonly List<(DocumentEntry Entry, byte[]? Before)> _undo = [];
    private readonly TransactionLog _log;
    private Task _compaction = Task.CompletedTask;
    private long _bytes;
    private bool _disposed;

    public SolrIndex(string directory, CoreSchema schema, QueryParser queries, long compactionBytes, TimeProvider time, ILogger logger)
    {
        _schema = schema;
        _queries = queries;
        _logger = logger;
        _compactionBytes = compactionBytes;
        _entriesByUtf8 = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
        _merger = new DocumentMerger(schema);
        _clock = new VersionClock(time);
        _log = TransactionLog.Open(directory, schema, this, logger);
        _undo.Clear();
        Show();
    }

    public Searcher Searcher { get; } = new();

    /// <summary>The last version of a document, committed or not.</summary>
    public StoredDocument? Current(ReadOnlySpan<byte> id) =>
        _entriesByUtf8.TryGetValue(id, out var entry) && entry.Current is { } body ? new StoredDocument(entry.Id, body) : null;

    /// <summary>The visible version of a document.</summary>
    public StoredDocument? Visible(ReadOnlySpan<byte> id) =>
        _entriesByUtf8.TryGetValue(id, out var entry) && entry.Visible is { } body ? new StoredDocument(entry.Id, body) : null;

    /// <summary>Applies the commands of a request in order, up to the first that is refused and not tolerated.</summary>
    /// <param name="batch">The request.</param>
    /// <param name="chain">What each document passes through.</param>
    /// <param name="maxErrors">How many refused commands are tolerated; null when the chain does not tolerate any.</param>
    /// <param name="wantVersions">Whether <see cref="UpdateOutcome.Versions"/> is asked for.</param>
    public UpdateOutcome Apply(UpdateBatch batch, UpdateChainConfig chain, int? maxErrors, bool wantVersions)
    {
        List<ToleratedError> tolerated = [];
        List<AppliedVersion> versions = [];
        SolrError? failure = null;
        SolrError? first = null;
        var hardCommit = false;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            foreach (ref readonly var operation in batch.Operations)
            {
                var error = Execute(operation, batch, chain, wantVersions ? versions : null);
                hardCommit |= operation is { Kind: UpdateKind.Commit, Commit.Soft: false };
                if (error is null)
                {
                    continue;
                }

                first ??= error;
                if (maxErrors is null)
                {
                    failure = error;
                    break;
                }

                tolerated.Add(Tolerate(operation, batch, error));
                if (tolerated.Count > maxErrors)
                {
                    failure = first;
                    break;
                }
            }

            failure = Flush() ?? failure ?? batch.Failure;
        }

        if (hardCommit)
        {
            failure = Sync() ?? failure;
        }

        return new UpdateOutcome(failure, tolerated, versions);
    }

    /// <summary>Commits.</summary>
    public SolrError? Commit(CommitOptions options)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return null;
            }

            if (options.Soft || options.OpenSearcher)
            {
                Show();
            }
        }

        return options.Soft ? null : Sync();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _compaction.Wait();
        _log.Dispose();
        _merger.Dispose();
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
        }
    }

    void IReplayTarget.ReplayClear()
    {
        foreach (var (_, entry) in _entries)
        {
            Replace(entry, null);
        }
    }

    private SolrError? Execute(in UpdateOperation operation, UpdateBatch batch, UpdateChainConfig chain, List<AppliedVersion>? versions) =>
        operation.Error ?? operation.Kind switch
        {
            UpdateKind.Add => Add(operation, batch, chain.VersionConstraint, versions),
            UpdateKind.DeleteById => Delete(operation, batch, versions),
            UpdateKind.DeleteByQuery => Delete(operation.Query!),
            _ => CommitWithin(operation.Commit),
        };

    private SolrError? Add(in UpdateOperation operation, UpdateBatch batch, VersionConstraint? constraint, List<AppliedVersion>? versions)
    {
        var id = operation.Id(batch.Values);
        _entriesByUtf8.TryGetValue(id, out var entry);
        var before = entry?.Current;
        if (constraint is not null)
        {
            if (VersionCheck.Run(constraint, _schema, before, operation, batch, out var refused) == VersionVerdict.Drop)
            {
                return null;
            }

            if (refused is not null)
            {
                return refused;
            }
        }
        else if (VersionConflict(operation, id, before) is { } conflict)
        {
            return conflict;
        }

        if (operation.IndexingError is { } error)
        {
            return error;
        }

        var version = _clock.Next();
        if (_merger.Merge(operation.IsAtomic ? before : default, operation, batch, version) is { } refusal)
        {
            return refusal;
        }

        entry ??= Entry(id);
        var body = _merger.Body.ToArray();
        _log.Writer.Put(entry.Id, body);
        Replace(entry, body);
        versions?.Add(new AppliedVersion(Encoding.UTF8.GetString(id), version));
        return null;
    }

    private SolrError? Delete(in UpdateOperation operation, UpdateBatch batch, List<AppliedVersion>? versions)
    {
        var id = operation.Id(batch.Values);
        _entriesByUtf8.TryGetValue(id, out var entry);
        if (VersionConflict(operation, id, entry?.Current) is { } conflict)
        {
            return conflict;
        }

        var version = _clock.Next();
        if (entry?.Current is not null)
        {
            _log.Writer.Delete(entry.Id, version);
            Replace(entry, null);
        }

        versions?.Add(new AppliedVersion(Encoding.UTF8.GetString(id), -version));
        return null;
    }

    private SolrError? Delete(string query)
    {
        IMatcher matcher;
        try
        {
            matcher = _queries.Parse(query);
        }
        catch (SolrException exception)
        {
            return exception.Error;
        }

        if (matcher is MatchAll)
        {
            _log.Writer.Mark(FrameKind.Clear);
        }

        foreach (var (_, entry) in _entries)
        {
            if (entry.Current is { } body && matcher.Matches(new StoredDocument(entry.Id, body)))
            {
                if (matcher is not MatchAll)
                {
                    _log.Writer.Delete(entry.Id, _clock.Next());
                }

                Replace(entry, null);
            }
        }

        return null;
    }

    private SolrError? CommitWithin(CommitOptions options)
    {
        var error = Flush();
        if (error is null && (options.Soft || options.OpenSearcher))
        {
            Show();
        }

        return error;
    }

    private static SolrError? VersionConflict(in UpdateOperation operation, ReadOnlySpan<byte> id, byte[]? before)
    {
        var expected = operation.ExpectedVersion;
        var conflict = expected switch
        {
            0 => false,
            1 => before is null,
            < 0 => before is not null,
            _ => before is null || StoredDocument.VersionOf(before) != expected,
        };
        if (!conflict)
        {
            return null;
        }

        var actual = before is null ? -1 : StoredDocument.VersionOf(before);
        return SolrError.Conflict($"version conflict for {Encoding.UTF8.GetString(id)} expected={expected} actual={actual}");
    }

    private static ToleratedError Tolerate(in UpdateOperation operation, UpdateBatch batch, SolrError error) => operation.Kind switch
    {
        UpdateKind.DeleteByQuery => new ToleratedError("DELQ", operation.Query!, error.Message),
        UpdateKind.DeleteById => new ToleratedError("DELID", Encoding.UTF8.GetString(operation.Id(batch.Values)), error.Message),
        _ when operation.IdLength < 0 => new ToleratedError("ADD", "(unknown)", error.Message),
        _ => new ToleratedError("ADD", Encoding.UTF8.GetString(operation.Id(batch.Values)), error.Message),
    };

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
        Searcher.Show(_pending);
        foreach (var entry in _pending)
        {
            if (entry.Current is null)
            {
                _entries.TryRemove(entry.Id, out _);
            }
        }

        _pending.Clear();
    }

    private SolrError? Sync()
    {
        try
        {
            FrameWriter writer;
            lock (_gate)
            {
                if (_disposed)
                {
                    return null;
                }

                writer = _log.Writer;
                if (_log.Bytes > Math.Max(_compactionBytes, 2 * _bytes) && _compaction.IsCompleted)
                {
                    Compact();
                }
            }

            writer.Sync();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogWriteFailed(_logger, _log.Writer.Path, exception.Message);
            return new SolrError(500, $"the transaction log cannot be written: {exception.Message}");
        }
    }

    private void Compact()
    {
        var documents = new List<StoredDocument>(_entries.Count);
        foreach (var (_, entry) in _entries)
        {
            if (entry.Current is { } body)
            {
                documents.Add(new StoredDocument(entry.Id, body));
            }
        }

        var number = _log.Rotate();
        _compaction = Task.Run(() =>
        {
            try
            {
                _log.WriteSnapshot(number, documents);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LogCompactionFailed(_logger, exception.Message);
            }
        });
    }

    [LoggerMessage(6011, LogLevel.Error, "Cannot write {Path}: {Reason}; the update was refused and taken back")]
    private static partial void LogWriteFailed(ILogger logger, string path, string reason);

    [LoggerMessage(6012, LogLevel.Warning, "The log was not compacted, which is tried again at a later commit: {Reason}")]
    private static partial void LogCompactionFailed(ILogger logger, string reason);
}
