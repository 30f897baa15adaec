using System.Runtime.InteropServices;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Update;

/// <summary>A parsed update request: its commands in order, over one buffer of converted values. Reused between requests.</summary>
internal sealed class UpdateBatch : IDisposable
{
    private const int InitialBytes = 64 * 1024;
    private const int KeptBytes = 4 * 1024 * 1024;

    private readonly List<UpdateOperation> _operations = [];
    private readonly List<FieldEdit> _edits = [];

    public ByteBuffer Values { get; } = new(InitialBytes);

    public ReadOnlySpan<UpdateOperation> Operations => CollectionsMarshal.AsSpan(_operations);

    /// <summary>What ended the parse before the end of the request, or null; the commands before it stand.</summary>
    public SolrError? Failure { get; set; }

    /// <summary>What the request gives as the version of its deletions by id, where the chain asks for one; or null.</summary>
    public string? DeleteVersion { get; set; }

    /// <summary>Whether it is small enough to be kept for another request.</summary>
    public bool IsReusable => Values.Length <= KeptBytes;

    public int EditCount => _edits.Count;

    public ReadOnlySpan<FieldEdit> Edits(in UpdateOperation operation) =>
        CollectionsMarshal.AsSpan(_edits).Slice(operation.FirstEdit, operation.EditCount);

    public void Add(in UpdateOperation operation) => _operations.Add(operation);

    public void Add(in FieldEdit edit) => _edits.Add(edit);

    public void Clear()
    {
        _operations.Clear();
        _edits.Clear();
        Values.Truncate(0);
        Failure = null;
        DeleteVersion = null;
    }

    public void Dispose() => Values.Dispose();
}
