using Hybrid.Sandbox.Solr.Index;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary>Runs searches over what an index shows.</summary>
internal static class SearchRunner
{
    /// <exception cref="SolrException">400: the cursor does not fit the search.</exception>
    public static SearchResult Run(SolrIndex index, Search search)
    {
        var cursor = Cursor(search);
        return index.Searcher.Read((index, search, cursor), static (searcher, state) => Run(searcher, state.index, state.search, state.cursor));
    }

    private static SearchResult Run(Searcher searcher, SolrIndex index, Search search, IReadOnlyList<byte[]?>? cursor)
    {
        if (search.Collectors.Count > 0)
        {
            Collect(searcher.ById(), search);
        }

        if (search.Matcher.Ids is { } ids)
        {
            return Page(search, cursor, LookUp(index, search.Matcher, ids));
        }

        if (search.Matcher is MatchAll && search.Rows == 0)
        {
            return Result(search, searcher.Count, []);
        }

        var entries = searcher.ById();
        var known = searcher.CachedCount(search.Key);
        if (search.Rows == 0 && known is { } count)
        {
            return Result(search, count, []);
        }

        if (search.Order.IsById)
        {
            var found = known ?? Count(searcher, search, entries);
            return Result(search, found, PageById(search, cursor, entries));
        }

        var result = Page(search, cursor, Scan(entries, search.Matcher));
        searcher.CacheCount(search.Key, result.NumFound);
        return result;
    }

    private static void Collect(DocumentEntry[] entries, Search search)
    {
        foreach (var entry in entries)
        {
            var document = new StoredDocument(entry.Id, entry.Visible!);
            var isHit = search.Matcher.Matches(document);
            foreach (var collector in search.Collectors)
            {
                collector.Collect(document, isHit);
            }
        }
    }

    private static IReadOnlyList<byte[]?>? Cursor(Search search)
    {
        if (search.CursorMark is null)
        {
            return null;
        }

        if (!search.Order.IsTotal)
        {
            throw SolrException.BadRequest("Cursor functionality requires a sort containing a uniqueKey field tie breaker");
        }

        return search.CursorMark == CursorMark.Start ? null : CursorMark.Decode(search.CursorMark, search.Order);
    }

    private static IEnumerable<StoredDocument> LookUp(SolrIndex index, IMatcher matcher, IReadOnlyCollection<byte[]> ids)
    {
        HashSet<byte[]>? seen = ids is ISet<byte[]> ? null : new HashSet<byte[]>(new Schema.Utf8Comparer());
        foreach (var id in ids)
        {
            if (seen?.Add(id) != false && index.Visible(id) is { } document && matcher.Matches(document))
            {
                yield return document;
            }
        }
    }

    private static IEnumerable<StoredDocument> Scan(DocumentEntry[] entries, IMatcher matcher)
    {
        foreach (var entry in entries)
        {
            var document = new StoredDocument(entry.Id, entry.Visible!);
            if (matcher.Matches(document))
            {
                yield return document;
            }
        }
    }

    private static int Count(Searcher searcher, Search search, DocumentEntry[] entries)
    {
        var count = 0;
        if (search.Matcher is MatchAll)
        {
            count = entries.Length;
        }
        else
        {
            foreach (var entry in entries)
            {
                count += search.Matcher.Matches(new StoredDocument(entry.Id, entry.Visible!)) ? 1 : 0;
            }
        }

        searcher.CacheCount(search.Key, count);
        return count;
    }

    private static List<StoredDocument> PageById(Search search, IReadOnlyList<byte[]?>? cursor, DocumentEntry[] entries)
    {
        var step = search.Order.IsDescending ? -1 : 1;
        var position = step > 0 ? 0 : entries.Length - 1;
        if (cursor is not null)
        {
            position = After(entries, cursor[0] ?? [], step);
        }

        var page = new List<StoredDocument>();
        var skipped = 0;
        for (; position >= 0 && position < entries.Length && page.Count < search.Rows; position += step)
        {
            var document = new StoredDocument(entries[position].Id, entries[position].Visible!);
            if (search.Matcher.Matches(document) && skipped++ >= search.Start)
            {
                page.Add(document);
            }
        }

        return page;
    }

    /// <summary>Where the ids behind a given one begin.</summary>
    private static int After(DocumentEntry[] entries, byte[] id, int step)
    {
        var low = 0;
        var high = entries.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            var order = entries[middle].Id.AsSpan().SequenceCompareTo(id);
            if (order < 0 || (order == 0 && step > 0))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return step > 0 ? low : low - 1;
    }

    private static SearchResult Page(Search search, IReadOnlyList<byte[]?>? cursor, IEnumerable<StoredDocument> hits)
    {
        var found = 0;
        var size = (int)Math.Min(int.MaxValue, (long)search.Start + search.Rows);
        var worstFirst = Comparer<StoredDocument>.Create((left, right) => search.Order.Compare(right, left));
        var best = new PriorityQueue<StoredDocument, StoredDocument>(worstFirst);
        foreach (var hit in hits)
        {
            found++;
            if (search.Rows == 0 || (cursor is not null && search.Order.Compare(hit, cursor) <= 0))
            {
                continue;
            }

            if (best.Count < size)
            {
                best.Enqueue(hit, hit);
            }
            else
            {
                best.EnqueueDequeue(hit, hit);
            }
        }

        var page = best.UnorderedItems.Select(item => item.Element).Order(search.Order).Skip(search.Start).ToList();
        return Result(search, found, page);
    }

    private static SearchResult Result(Search search, int found, IReadOnlyList<StoredDocument> page) => new(
        found,
        page,
        search.CursorMark is null ? null
            : page.Count == 0 ? search.CursorMark
            : CursorMark.Encode(search.Order, search.Order.ValuesOf(page[^1])));
}
