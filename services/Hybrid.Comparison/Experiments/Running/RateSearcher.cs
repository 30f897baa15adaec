namespace Hybrid.Comparison.Experiments.Running;

/// <summary>Searches the highest rate at which lag does not grow: doubles it until it does, then halves the interval that is left.</summary>
/// <param name="from">The first rate, records per second.</param>
/// <param name="to">The highest rate.</param>
/// <param name="refinements">How often the interval is halved.</param>
internal sealed class RateSearcher(double from, double to, int refinements)
{
    private double? _sustained;
    private double? _refused;
    private int _halved;

    /// <summary>The highest rate that was sustained; null when none was.</summary>
    public double? Sustained => _sustained;

    /// <summary>The lowest rate that was not; null when every one was.</summary>
    public double? Refused => _refused;

    /// <summary>The next rate to try; null when the search is over.</summary>
    public double? Next() => (_sustained, _refused) switch
    {
        (null, null) => from,
        ({ } low, null) => low >= to ? null : Math.Min(to, low * 2),
        (null, { } high) => _halved >= refinements ? null : high / 2,
        ({ } low, { } high) => _halved >= refinements ? null : (low + high) / 2,
    };

    /// <summary>Takes the result of a trial.</summary>
    public void Tried(double rate, bool sustained)
    {
        _halved += _refused is null ? 0 : 1;
        if (sustained)
        {
            _sustained = Math.Max(rate, _sustained ?? 0);
        }
        else
        {
            _refused = Math.Min(rate, _refused ?? double.PositiveInfinity);
        }
    }
}
