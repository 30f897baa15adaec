namespace Hybrid.Pipeline.Solr.Updates;

/// <summary>Some of the items of a call, to be written as one request.</summary>
internal readonly record struct Bulk<T>(IReadOnlyList<T> Items, int Start, int Count)
{
    public T this[int index] => Items[Start + index];

    public Bulk<T> Slice(int start, int count) => new(Items, Start + start, count);

    public bool Contains(UpdateFamily<T> family, SolrRefusal refusal)
    {
        for (var i = 0; i < Count; i++)
        {
            if (family.IdOf(this[i]) == refusal.DocumentId)
            {
                return true;
            }
        }

        return false;
    }
}
