using System.Globalization;
using System.Text;

namespace Hybrid.Comparison.Load.Import;

/// <summary>What a line of an invoice is.</summary>
internal enum RetailLineKind
{
    /// <summary>Something was sold.</summary>
    Sale,

    /// <summary>A sale was taken back.</summary>
    Cancellation,

    /// <summary>It makes no sense.</summary>
    Nonsense,
}

/// <summary>One line of the source, read as far as it makes sense.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Invoice">The invoice; a cancellation's begins with C.</param>
/// <param name="StockCode">The product.</param>
/// <param name="Description">Its name.</param>
/// <param name="Quantity">Units; negative for a cancellation.</param>
/// <param name="Time">When, UTC; null when the line does not say.</param>
/// <param name="UnitPrice">The price of a unit.</param>
/// <param name="Raw">A line that makes no sense, as it was; empty otherwise.</param>
internal sealed record RetailLine(
    RetailLineKind Kind, string Invoice, string StockCode, string Description, long Quantity, DateTimeOffset? Time, double UnitPrice, byte[] Raw)
{
    /// <summary>The columns, in order.</summary>
    public static readonly string[] Columns =
        ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"];

    /// <summary>Reads a line. One that lacks a field, or whose numbers cannot be those of a sale or cancellation, makes no sense.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="raw">The line as it was.</param>
    public static RetailLine Read(ReadOnlySpan<string> fields, string raw)
    {
        var whole = fields.Length == Columns.Length;
        var invoice = whole ? fields[0].Trim() : "";
        var stockCode = whole ? fields[1].Trim() : "";
        var description = whole ? fields[2].Trim() : "";
        var quantity = 0L;
        var price = 0.0;
        var isNumeric = whole
            && long.TryParse(fields[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out quantity)
            && double.TryParse(fields[5], NumberStyles.Float, CultureInfo.InvariantCulture, out price)
            && double.IsFinite(price);
        var time = fields.Length > 4 && DateTimeOffset.TryParseExact(
            fields[4], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed)
            ? parsed
            : (DateTimeOffset?)null;
        var isCancellation = invoice.StartsWith('C');
        var makesSense = invoice.Length > 0 && stockCode.Length > 0 && description.Length > 0 && isNumeric && price > 0 && time is not null
            && (isCancellation ? quantity < 0 : quantity > 0);
        var kind = !makesSense ? RetailLineKind.Nonsense : isCancellation ? RetailLineKind.Cancellation : RetailLineKind.Sale;
        return new RetailLine(kind, invoice, stockCode, description, quantity, time, price, makesSense ? [] : OneLine(raw));
    }

    /// <summary>The line without its end; a line feed within a quoted field becomes a space, since one line stays one line.</summary>
    private static byte[] OneLine(string raw) => Encoding.UTF8.GetBytes(raw.TrimEnd('\r', '\n').ReplaceLineEndings(" "));
}
