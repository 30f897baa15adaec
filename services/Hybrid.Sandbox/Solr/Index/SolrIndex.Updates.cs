using System.Globalization;
using System.Text;
using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Log;
using Hybrid.Sandbox.Solr.Query;
using Hybrid.Sandbox.Solr.Schema;
using Hybrid.Sandbox.Solr.Update;

namespace Hybrid.Sandbox.Solr.Index;

/// <content>What the commands of an update request do.</content>
internal sealed partial class SolrIndex
{
    /// <summary>Applies the commands of a request in order, up to the first that is refused and not tolerated.</summary>
    /// <param name="batch">The request.</param>
    /// <param name="chain">What each document passes through.</param>
    /// <param name="maxErrors">How many refused commands are tolerated; null when the chain does not tolerate any.</param>
    /// <param name="wantVersions">Whether <see cref="UpdateOutcome.Versions"/> is asked for.</param>
    /// <param name="cancellationToken">Gives up while others are at it; once begun, the request is applied.</param>
    /// <exception cref="ObjectDisposedException">The core was unloaded.</exception>
    public async Task<UpdateOutcome> ApplyAsync(
        UpdateBatch batch,
        UpdateChainConfig chain,
        int? maxErrors,
        bool wantVersions,
        CancellationToken cancellationToken)
    {
        UpdateOutcome outcome;
        bool hardCommit;
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            outcome = Apply(batch, chain, maxErrors, wantVersions, out hardCommit);
        }
        finally
        {
            _turn.Release();
        }

        return hardCommit && await SyncAsync().ConfigureAwait(false) is { } error ? outcome with { Error = error } : outcome;
    }

    private UpdateOutcome Apply(UpdateBatch batch, UpdateChainConfig chain, int? maxErrors, bool wantVersions, out bool hardCommit)
    {
        List<ToleratedError> tolerated = [];
        List<AppliedVersion> versions = [];
        SolrError? failure = null;
        SolrError? first = null;
        hardCommit = false;
        foreach (ref readonly var operation in batch.Operations)
        {
            var error = Execute(operation, batch, chain, wantVersions ? versions : null);
            hardCommit |= operation is { Kind: UpdateKind.Commit, Commit.Soft: false };
            if (error is null)
            {
                continue;
            }

            first ??= error;
            if (maxErrors is null || operation.Kind is UpdateKind.Commit or UpdateKind.Rollback)
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

        return new UpdateOutcome(Flush() ?? failure ?? batch.Failure, tolerated, versions);
    }

    private SolrError? Execute(in UpdateOperation operation, UpdateBatch batch, UpdateChainConfig chain, List<AppliedVersion>? versions) =>
        operation.Error ?? operation.Kind switch
        {
            UpdateKind.Add => Add(operation, batch, chain.VersionConstraint, versions),
            UpdateKind.DeleteById => Delete(operation, batch, chain.VersionConstraint, versions),
            UpdateKind.DeleteByQuery => Delete(operation.Query!),
            UpdateKind.Rollback => Rollback(),
            _ => CommitInline(operation.Commit),
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
        Tally.Added();
        versions?.Add(new AppliedVersion(Encoding.UTF8.GetString(id), version));
        return null;
    }

    private SolrError? Delete(in UpdateOperation operation, UpdateBatch batch, VersionConstraint? constraint, List<AppliedVersion>? versions)
    {
        var id = operation.Id(batch.Values);
        _entriesByUtf8.TryGetValue(id, out var entry);
        if (constraint?.DeleteVersionParameter is not null)
        {
            return Bury(id, entry, constraint, batch.DeleteVersion, versions);
        }

        if (VersionConflict(operation, id, entry?.Current) is { } conflict)
        {
            return conflict;
        }

        var version = _clock.Next();
        Tally.DeletedById();
        if (entry?.Current is not null)
        {
            _log.Writer.Delete(entry.Id, version);
            Replace(entry, null);
        }

        versions?.Add(new AppliedVersion(Encoding.UTF8.GetString(id), -version));
        return null;
    }

    /// <summary>Replaces a document by one that remembers its id and the version of its deletion, unless the document is newer.</summary>
    private SolrError? Bury(ReadOnlySpan<byte> id, DocumentEntry? entry, VersionConstraint constraint, string? given, List<AppliedVersion>? versions)
    {
        if (given is null)
        {
            return SolrError.BadRequest($"Delete by ID must specify doc version param: {constraint.DeleteVersionParameter}");
        }

        if (!long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var deleted))
        {
            return SolrError.BadRequest($"For input string: \"{given}\"", JavaClasses.NumberFormat);
        }

        if (VersionCheck.Compare(constraint, _schema, entry?.Current, deleted, out var refused) == VersionVerdict.Drop || refused is not null)
        {
            return refused;
        }

        var version = _clock.Next();
        using var body = new ByteBuffer(StoredDocument.HeaderSize + 1 + StoredValue.FixedSize);
        body.Write(version);
        body.Write((byte)constraint.Field.Ordinal);
        body.Write(deleted);
        entry ??= Entry(id);
        _log.Writer.Put(entry.Id, body.Written);
        Replace(entry, body.Written.ToArray());
        Tally.DeletedById();
        versions?.Add(new AppliedVersion(Encoding.UTF8.GetString(id), version));
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

        Tally.DeletedByQuery();
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

    private SolrError? CommitInline(CommitOptions options)
    {
        var error = Flush();
        if (error is null && !options.Soft)
        {
            ForgetUncommitted();
        }

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
}
