using Hybrid.Sandbox.Solr.Log;

namespace Hybrid.Sandbox.Solr.Index;

/// <content>Hard commits, rollback and the size of the log.</content>
internal sealed partial class SolrIndex
{
    private void ForgetUncommitted()
    {
        foreach (var (entry, _) in _uncommitted)
        {
            entry.IsUncommitted = false;
        }

        _uncommitted.Clear();
        _uncommitted.TrimExcess();
    }

    /// <summary>Writes the committed versions into the log again, behind those they replace, so that a start ends in the same state.</summary>
    private SolrError? Rollback()
    {
        for (var index = _uncommitted.Count - 1; index >= 0; index--)
        {
            var (changed, committed) = _uncommitted[index];
            var entry = committed is null && !_entries.ContainsKey(changed.Id) ? changed : Entry(changed.Id);
            if (ReferenceEquals(entry.Current, committed))
            {
                continue;
            }

            if (committed is null)
            {
                _log.Writer.Delete(entry.Id, _clock.Next());
            }
            else
            {
                _log.Writer.Put(entry.Id, committed);
            }

            Replace(entry, committed);
        }

        if (Flush() is { } error)
        {
            return error;
        }

        ForgetUncommitted();
        Tally.RolledBack();
        return null;
    }

    /// <summary>Hands the log to the disk, and compacts it when it has grown.</summary>
    private async Task<SolrError?> SyncAsync()
    {
        try
        {
            var writer = await CompactWhenGrownAsync().ConfigureAwait(false);
            writer?.Sync();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogWriteFailed(_logger, _log.Writer.Path, exception.Message);
            return new SolrError(500, $"the transaction log cannot be written: {exception.Message}");
        }
    }

    /// <returns>What to sync, or null when there is nothing left to.</returns>
    private async Task<FrameWriter?> CompactWhenGrownAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_disposed)
            {
                return null;
            }

            if (_log.Bytes > Math.Max(_compactionBytes, 2 * _bytes) && _compaction.IsCompleted)
            {
                Compact();
            }

            return _log.Writer;
        }
        finally
        {
            _turn.Release();
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
}
