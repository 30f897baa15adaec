using System.Collections;

namespace Hybrid.Sandbox.S3.Storage;

/// <summary>
/// The objects of one bucket sorted by key: a list of sorted runs of bounded length, so that an insertion moves little, a lookup is
/// two binary searches and a listing walks arrays. Not safe for concurrent use.
/// </summary>
internal sealed class KeyIndex : IReadOnlyCollection<StoredObject>
{
    private const int RunLength = 512;

    private readonly List<List<StoredObject>> _runs = [];

    public int Count { get; private set; }

    /// <summary>Every object in key order.</summary>
    public IEnumerator<StoredObject> GetEnumerator() => _runs.SelectMany(static run => run).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public StoredObject? Find(string key)
    {
        var (run, item) = Seek(candidate => KeyOrder.Instance.Compare(candidate, key) >= 0);
        return run < _runs.Count && string.Equals(_runs[run][item].Key, key, StringComparison.Ordinal) ? _runs[run][item] : null;
    }

    /// <summary>Adds the object, or replaces the one of the same key.</summary>
    public void Set(StoredObject entry)
    {
        var (run, item) = Seek(candidate => KeyOrder.Instance.Compare(candidate, entry.Key) >= 0);
        if (run == _runs.Count)
        {
            if (_runs.Count == 0 || _runs[^1].Count >= RunLength)
            {
                _runs.Add(new List<StoredObject>(RunLength));
            }

            _runs[^1].Add(entry);
            Count++;
            return;
        }

        var target = _runs[run];
        if (string.Equals(target[item].Key, entry.Key, StringComparison.Ordinal))
        {
            target[item] = entry;
            return;
        }

        target.Insert(item, entry);
        Count++;
        if (target.Count > RunLength)
        {
            _runs.Insert(run + 1, target.GetRange(RunLength / 2, target.Count - (RunLength / 2)));
            target.RemoveRange(RunLength / 2, target.Count - (RunLength / 2));
        }
    }

    public bool Remove(string key)
    {
        var (run, item) = Seek(candidate => KeyOrder.Instance.Compare(candidate, key) >= 0);
        if (run == _runs.Count || !string.Equals(_runs[run][item].Key, key, StringComparison.Ordinal))
        {
            return false;
        }

        _runs[run].RemoveAt(item);
        Count--;
        if (_runs[run].Count == 0)
        {
            _runs.RemoveAt(run);
        }

        return true;
    }

    /// <summary>One page of a listing.</summary>
    /// <param name="query">What to list.</param>
    /// <returns>At most <see cref="ListQuery.MaxKeys"/> objects and common prefixes together, and where the next page begins.</returns>
    public ListPage List(ListQuery query)
    {
        var objects = new List<StoredObject>();
        var prefixes = new List<string>();
        if (query.MaxKeys == 0)
        {
            return new ListPage(objects, prefixes, null);
        }

        ListPosition? last = null;
        var (run, item) = Start(query);
        while (run < _runs.Count)
        {
            var entry = _runs[run][item];
            if (!entry.Key.StartsWith(query.Prefix, StringComparison.Ordinal))
            {
                break;
            }

            if (query.View is { } view)
            {
                if (view(entry) is not { } shown)
                {
                    (run, item) = Next(run, item);
                    continue;
                }

                entry = shown;
            }

            if (objects.Count + prefixes.Count == query.MaxKeys)
            {
                return new ListPage(objects, prefixes, last);
            }

            if (CommonPrefix(entry.Key, query) is { } prefix)
            {
                prefixes.Add(prefix);
                last = new ListPosition(prefix, PastPrefix: true);
                (run, item) = SeekPastPrefix(prefix);
                continue;
            }

            objects.Add(entry);
            last = new ListPosition(entry.Key, PastPrefix: false);
            (run, item) = Next(run, item);
        }

        return new ListPage(objects, prefixes, null);
    }

    private static string? CommonPrefix(string key, ListQuery query)
    {
        if (query.Delimiter.Length == 0)
        {
            return null;
        }

        var at = key.IndexOf(query.Delimiter, query.Prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : key[..(at + query.Delimiter.Length)];
    }

    private (int Run, int Item) Next(int run, int item) => item + 1 < _runs[run].Count ? (run, item + 1) : (run + 1, 0);

    private (int Run, int Item) Start(ListQuery query)
    {
        if (query.After is not { } after || KeyOrder.Instance.Compare(after.Value, query.Prefix) < 0)
        {
            return Seek(candidate => KeyOrder.Instance.Compare(candidate, query.Prefix) >= 0);
        }

        return after.PastPrefix
            ? SeekPastPrefix(after.Value)
            : Seek(candidate => KeyOrder.Instance.Compare(candidate, after.Value) > 0);
    }

    private (int Run, int Item) SeekPastPrefix(string prefix) =>
        Seek(candidate => KeyOrder.Instance.Compare(candidate, prefix) > 0 && !candidate.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>
    /// The first position whose key satisfies a condition that, in key order, is false up to some key and true from
    /// there on.
    /// </summary>
    private (int Run, int Item) Seek(Func<string, bool> reached)
    {
        var run = FirstTrue(_runs.Count, i => reached(_runs[i][^1].Key));
        return run == _runs.Count ? (run, 0) : (run, FirstTrue(_runs[run].Count, i => reached(_runs[run][i].Key)));
    }

    private static int FirstTrue(int count, Func<int, bool> condition)
    {
        var low = 0;
        var high = count;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (condition(middle))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
