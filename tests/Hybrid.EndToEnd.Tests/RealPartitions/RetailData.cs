using System.Globalization;
using System.IO.Compression;
using System.Text;
using Hybrid.Comparison.Load.Generate;

namespace Hybrid.EndToEnd.Tests.RealPartitions;

/// <summary>
/// The days of Online Retail (https://doi.org/10.24432/C5BW33) where they are: named by the variable HYBRID_ONLINE_RETAIL, or beside the
/// repository. Where they are not, days in the same form are made up, so that the test always tests.
/// </summary>
internal static class RetailData
{
    private const string Variable = "HYBRID_ONLINE_RETAIL";
    private const string DaysVariable = "HYBRID_ONLINE_RETAIL_DAYS";
    private const int FewDays = 3;
    private const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
    private static readonly string Beside = Path.Combine("shared", "data", "online-retail");

    /// <summary>How many days to take: three, or as many as the variable HYBRID_ONLINE_RETAIL_DAYS says.</summary>
    public static int Days => int.TryParse(Environment.GetEnvironmentVariable(DaysVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : FewDays;

    /// <summary>A directory with days.</summary>
    /// <param name="scratch">Where days are made up when there are none.</param>
    /// <param name="from">The first day.</param>
    /// <param name="days">How many to make up.</param>
    public static string Find(string scratch, DateOnly from, int days)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return named;
        }

        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (Directory.Exists(Path.Combine(at.FullName, Beside)))
            {
                return Path.Combine(at.FullName, Beside);
            }
        }

        for (var day = 0; day < days; day++)
        {
            MakeUp(scratch, from.AddDays(day));
        }

        return scratch;
    }

    private static void MakeUp(string directory, DateOnly day)
    {
        var random = SeededRandom.For(5, day.DayNumber);
        using var file = new StreamWriter(new GZipStream(File.Create(Path.Combine(directory, $"{day:yyyy-MM-dd}.csv.gz")), CompressionLevel.Fastest), new UTF8Encoding(false));
        file.WriteLine(Header);
        for (var invoice = 0; invoice < 120; invoice++)
        {
            var isCancelled = random.NextInt(12) == 0;
            var minute = (8 * 60) + random.NextInt(9 * 60);
            for (var line = random.NextInt(25); line >= 0; line--)
            {
                var code = 20_000 + (int)(300 * random.NextDouble() * random.NextDouble());
                var quantity = (1 + random.NextInt(24)) * (isCancelled ? -1 : 1);
                var price = random.NextInt(40) == 0 ? 0 : (25 + random.NextInt(900)) / 100.0;
                file.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(isCancelled ? "C" : "")}{day.DayNumber}{invoice:000},{code},\"LANTERN, NO {code}\",{quantity},{day:yyyy-MM-dd} {minute / 60:00}:{minute % 60:00}:00,{price},17850,United Kingdom"));
            }
        }
    }
}
