using System.Text;
using Hybrid.Sandbox.S3.Storage;

namespace Hybrid.Sandbox.Tests.S3;

public sealed class KeyIndexTests
{
    [Fact]
    public void KeyOrder_IsThatOfUtf8Bytes()
    {
        string[] keys = ["", "a", "ab", "b", "é", "\uD7FF", "\uE000", "\uFFFD", "😀", "😀a", "\U0010FFFF"];

        var ordered = keys.OrderBy(_ => Guid.NewGuid()).Order(KeyOrder.Instance);

        Assert.Equal(keys.OrderBy(key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal), ordered);
    }

    [Fact]
    public void RandomChangesAndListings_AgreeWithASortedSet()
    {
        var random = new Random(7);
        var index = new KeyIndex();
        var model = new SortedSet<string>(KeyOrder.Instance);
        for (var step = 0; step < 20_000; step++)
        {
            var key = $"{(char)('a' + random.Next(4))}/{random.Next(8)}/{random.Next(200)}";
            if (random.Next(4) == 0)
            {
                Assert.Equal(model.Remove(key), index.Remove(key));
            }
            else
            {
                index.Set(Entry(key));
                model.Add(key);
            }
        }

        Assert.Equal(model.Count, index.Count);
        foreach (var (prefix, delimiter, size) in new[] { ("", "", 7), ("", "/", 1), ("b/", "/", 3), ("c/3", "", 1000), ("d/", "9", 2), ("z", "", 10) })
        {
            Assert.Equal(Expected(model, prefix, delimiter), ListAll(index, prefix, delimiter, size));
        }
    }

    private static StoredObject Entry(string key) =>
        new() { Key = key, Size = 0, ETag = string.Empty, LastModified = DateTimeOffset.UnixEpoch };

    private static List<string> Expected(SortedSet<string> model, string prefix, string delimiter) =>
        [.. model.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(key => RollUp(key, prefix, delimiter)).Distinct()];

    private static string RollUp(string key, string prefix, string delimiter)
    {
        var at = delimiter.Length == 0 ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
        return at < 0 ? key : key[..(at + delimiter.Length)];
    }

    private static List<string> ListAll(KeyIndex index, string prefix, string delimiter, int pageSize)
    {
        var seen = new List<string>();
        ListPosition? after = null;
        do
        {
            var page = index.List(new ListQuery(prefix, delimiter, pageSize, after));
            Assert.InRange(page.Objects.Count + page.CommonPrefixes.Count, 0, pageSize);
            seen.AddRange(page.Objects.Select(entry => entry.Key).Concat(page.CommonPrefixes).Order(KeyOrder.Instance));
            after = page.Next;
        }
        while (after is not null);
        return seen;
    }
}
