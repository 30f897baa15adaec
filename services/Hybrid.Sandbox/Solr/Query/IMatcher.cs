using Hybrid.Sandbox.Solr.Index;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary>A parsed query.</summary>
internal interface IMatcher
{
    /// <summary>The only ids that can match, or null when any can.</summary>
    IReadOnlyCollection<byte[]>? Ids { get; }

    bool Matches(in StoredDocument document);
}

/// <summary><c>*:*</c>.</summary>
internal sealed class MatchAll : IMatcher
{
    public IReadOnlyCollection<byte[]>? Ids => null;

    public bool Matches(in StoredDocument document) => true;
}

/// <summary>Nothing: what a negation alone within parentheses finds.</summary>
internal sealed class MatchNone : IMatcher
{
    public IReadOnlyCollection<byte[]>? Ids => [];

    public bool Matches(in StoredDocument document) => false;
}
