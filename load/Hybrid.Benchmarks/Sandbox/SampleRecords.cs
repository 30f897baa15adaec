using System.Text;
using Hybrid.Benchmarks.Micro;

namespace Hybrid.Benchmarks.Sandbox;

/// <summary>Values of 200 bytes that read, and so compress, like a source's lines.</summary>
internal static class SampleRecords
{
    public const int Size = 200;

    private const int Different = 4096;

    /// <summary>More of them than any codec's window holds.</summary>
    public static byte[][] Create()
    {
        var values = new byte[Different][];
        for (var i = 0; i < Different; i++)
        {
            var delta = SampleDeltas.Create(i * 7919 % 1_000_000);
            var line = FormattableString.Invariant(
                $$"""{"id":"{{delta.DocumentId}}","kind":"upsert","version":{{delta.Version}},"time":{{delta.EventTimeMilliseconds}},"title":"{{delta.Title}}","category":"{{delta.Category}}","price":{{delta.Price}},"quantity":{{delta.Quantity}}""");
            values[i] = Encoding.ASCII.GetBytes(line.PadRight(Size - 1, ' ')[..(Size - 1)] + "}");
        }

        return values;
    }
}
