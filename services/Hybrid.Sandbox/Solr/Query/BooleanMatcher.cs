using Hybrid.Sandbox.Solr.Index;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary>All of some, none of others and, if nothing must be, at least one of the rest.</summary>
internal sealed class BooleanMatcher : IMatcher
{
    private readonly IMatcher[] _must;
    private readonly IMatcher[] _mustNot;
    private readonly IMatcher[] _should;

    public BooleanMatcher(IEnumerable<IMatcher> must, IEnumerable<IMatcher> mustNot, IEnumerable<IMatcher> should)
    {
        _must = must.ToArray();
        _mustNot = mustNot.ToArray();
        _should = _must.Length > 0 ? [] : should.ToArray();
        Ids = _must.Select(matcher => matcher.Ids).Where(ids => ids is not null).MinBy(ids => ids!.Count)
            ?? (_should.Length > 0 && _should.All(matcher => matcher.Ids is not null)
                ? _should.SelectMany(matcher => matcher.Ids!).ToList()
                : null);
    }

    public IReadOnlyCollection<byte[]>? Ids { get; }

    public bool Matches(in StoredDocument document)
    {
        foreach (var matcher in _must)
        {
            if (!matcher.Matches(document))
            {
                return false;
            }
        }

        foreach (var matcher in _mustNot)
        {
            if (matcher.Matches(document))
            {
                return false;
            }
        }

        if (_must.Length > 0)
        {
            return true;
        }

        foreach (var matcher in _should)
        {
            if (matcher.Matches(document))
            {
                return true;
            }
        }

        return false;
    }
}
