using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Update;

/// <summary>One command of an update request.</summary>
internal struct UpdateOperation
{
    public UpdateKind Kind;

    /// <summary>Where the id is in the batch's buffer; a length of -1 when the document has none.</summary>
    public int IdOffset;

    /// <inheritdoc cref="IdOffset"/>
    public int IdLength;

    public int FirstEdit;

    public int EditCount;

    /// <summary>Whether the document is to be merged into the one that is there, rather than to replace it.</summary>
    public bool IsAtomic;

    /// <summary>What optimistic concurrency asks: over 1 exactly that version, 1 that it exists, below 0 that it does not, 0 nothing.</summary>
    public long ExpectedVersion;

    /// <summary>Why the document cannot be indexed, once everything that comes before indexing let it pass; or null.</summary>
    public SolrError? IndexingError;

    /// <summary>Why the command is refused at once; or null.</summary>
    public SolrError? Error;

    /// <summary>When the update is to be searchable, in milliseconds; -1 when it does not say.</summary>
    public int CommitWithin;

    /// <summary>The query of a <see cref="UpdateKind.DeleteByQuery"/>.</summary>
    public string? Query;

    /// <summary>The options of a <see cref="UpdateKind.Commit"/>.</summary>
    public CommitOptions Commit;

    public readonly ReadOnlySpan<byte> Id(ByteBuffer values) => values.Slice(IdOffset, Math.Max(IdLength, 0));
}

/// <summary>What an <see cref="UpdateOperation"/> is.</summary>
internal enum UpdateKind : byte
{
    Add,
    DeleteById,
    DeleteByQuery,
    Commit,
    Rollback,
}

/// <summary>A commit.</summary>
/// <param name="Soft">It makes updates searchable and writes nothing.</param>
/// <param name="OpenSearcher">Whether a hard one makes updates searchable.</param>
internal readonly record struct CommitOptions(bool Soft, bool OpenSearcher);
