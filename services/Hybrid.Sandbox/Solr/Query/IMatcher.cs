using Hybrid.Sandbox.Solr.Index;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary>A parsed query.</summary>
internal interface IMatcher
{
    /// <summary>The only ids that can match, or null when any can.</summary>
    IReadOnlyCollection<byte[]>? Ids { get; }

    /// <summary>Whether Lucene gives every hit the score 1.</summary>
    bool ScoresOne => false;

    bool Matches(in StoredDocument document);
}

/// <summary><c>*:*</c>.</summary>
internal sealed class MatchAll : IMatcher
{
    public IReadOnlyCollection<byte[]>? Ids => null;

    public bool ScoresOne => true;

    public bool Matches(in StoredDocument document) => true;
}

/// <summary>Nothing: what a negation alone within parentheses finds.</summary>
internal sealed class MatchNone : IMatcher
{
    public IReadOnlyCollection<byte[]>? Ids => [];

    public bool ScoresOne => true;

    public bool Matches(in StoredDocument document) => false;
}
