using System.Globalization;
using System.IO.Compression;
using Microsoft.VisualBasic.FileIO;

namespace Hybrid.EndToEnd.Tests.RealPartitions;

/// <summary>
/// Who was bought with whom, straight from the raw lines: nothing of Hybrid's own reading or counting is used, so that a mistake there shows.
/// </summary>
internal static class RawBaskets
{
    /// <summary>Of each product, the five products that were on most of its invoice lines, over the sales and cancellations within [begin, end).</summary>
    public static Dictionary<string, string> TopFive(string directory, DateTime begin, DateTime end)
    {
        var days = Enumerable.Range(0, (end.Date - begin.Date).Days + 1).Select(day => Path.Combine(directory, $"{begin.Date.AddDays(day):yyyy-MM-dd}.csv.gz"));
        var lines = days.Where(File.Exists).SelectMany(Read).ToList();
        var baskets = lines.GroupBy(line => (line.Time.Date, line.Invoice)).ToDictionary(basket => basket.Key, basket => basket.Select(line => line.Product).Distinct().ToList());
        return lines.Where(line => line.Time >= begin && line.Time < end)
            .GroupBy(line => line.Product)
            .ToDictionary(product => product.Key, product => string.Join(
                ',',
                product.SelectMany(line => baskets[(line.Time.Date, line.Invoice)])
                    .Where(other => other != product.Key)
                    .GroupBy(other => other)
                    .OrderByDescending(together => together.Count())
                    .ThenBy(together => together.Key, StringComparer.Ordinal)
                    .Take(5)
                    .Select(together => together.Key)));
    }

    private static IEnumerable<(string Invoice, string Product, DateTime Time)> Read(string path)
    {
        using var csv = new TextFieldParser(new GZipStream(File.OpenRead(path), CompressionMode.Decompress)) { Delimiters = [","], HasFieldsEnclosedInQuotes = true };
        csv.ReadFields();
        while (csv.ReadFields() is { } line)
        {
            var quantity = int.Parse(line[3], CultureInfo.InvariantCulture);
            var isSense = line[0].Length > 0 && line[1].Length > 0 && line[2].Length > 0 && double.Parse(line[5], CultureInfo.InvariantCulture) > 0
                && quantity != 0 && line[0][0] == 'C' == quantity < 0;
            if (isSense)
            {
                yield return (line[0], line[1], DateTime.Parse(line[4], CultureInfo.InvariantCulture));
            }
        }
    }
}
