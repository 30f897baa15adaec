using System.Runtime.InteropServices;
using Hybrid.Contracts.Records;

namespace Hybrid.Pipeline.Windows;

/// <summary>
/// Sums of signals that can be taken apart again exactly: revenue is kept in decimal, where adding and taking away leaves nothing behind.
/// Not for concurrent use.
/// </summary>
public sealed class SignalTotals
{
    /// <summary>The greatest price that counts, either sign; a signal with a greater one counts without revenue.</summary>
    public const double GreatestPrice = 1e9;

    /// <summary>The greatest quantity that counts, either sign; a signal with a greater one counts without units and revenue.</summary>
    public const long GreatestQuantity = 1_000_000_000_000;

    private readonly Dictionary<string, int> _related = new(StringComparer.Ordinal);

    /// <summary>Units moved.</summary>
    public long Units { get; private set; }

    /// <summary>Signals.</summary>
    public long Lines { get; private set; }

    /// <summary>The sum of price × quantity.</summary>
    public decimal Revenue { get; private set; }

    /// <summary>How often each other document was in the same basket, counted once a signal that names it.</summary>
    public IReadOnlyDictionary<string, int> Related => _related;

    /// <summary>Adds a signal.</summary>
    /// <param name="signal">The signal.</param>
    public void Add(CatalogDelta signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        var quantity = signal.Quantity is { } given && Math.Abs((decimal)given) <= GreatestQuantity ? given : 0;
        var price = signal.Price is { } each && Math.Abs(each) <= GreatestPrice ? (decimal)each : 0;
        Units += quantity;
        Lines++;
        Revenue += price * quantity;
        foreach (var related in signal.Related)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_related, related, out _)++;
        }
    }

    /// <summary>Adds other sums.</summary>
    /// <param name="other">The other sums.</param>
    public void Add(SignalTotals other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Units += other.Units;
        Lines += other.Lines;
        Revenue += other.Revenue;
        foreach (var (related, count) in other._related)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_related, related, out _) += count;
        }
    }

    /// <summary>Takes away sums that were added before.</summary>
    /// <param name="other">The other sums.</param>
    public void Remove(SignalTotals other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Units -= other.Units;
        Lines -= other.Lines;
        Revenue -= other.Revenue;
        foreach (var (related, count) in other._related)
        {
            ref var left = ref CollectionsMarshal.GetValueRefOrNullRef(_related, related);
            left -= count;
            if (left == 0)
            {
                _related.Remove(related);
            }
        }
    }

    /// <summary>The sums as the index shows them.</summary>
    /// <param name="documentId">Whose they are.</param>
    /// <param name="end">The end of the window, event time.</param>
    public DocumentSignals ToSignals(string documentId, DateTimeOffset end) => new()
    {
        DocumentId = documentId,
        Version = SignalsVersion.Create(end, Lines),
        Units = Units,
        Lines = Lines,
        Revenue = (double)Revenue,
        Related = RelatedRanking.Top(_related),
    };
}
