using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary>One of some ids; a search looks just these up.</summary>
internal sealed class IdMatcher(IEnumerable<byte[]> ids) : IMatcher
{
    private readonly HashSet<byte[]> _ids = ids.ToHashSet(new Utf8Comparer());

    public IReadOnlyCollection<byte[]>? Ids => _ids;

    public bool Matches(in StoredDocument document) => _ids.Contains(document.Id);
}
