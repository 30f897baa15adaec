namespace Hybrid.Comparison.Load.Generate;

/// <summary>Draws ranks so that rank r (from 0) comes with a probability proportional to 1 / (r + 1)^exponent.</summary>
internal sealed class ZipfDistribution
{
    private readonly double[] _cumulative;

    public ZipfDistribution(int ranks, double exponent)
    {
        _cumulative = new double[ranks];
        var sum = 0.0;
        for (var rank = 0; rank < ranks; rank++)
        {
            sum += Math.Pow(rank + 1, -exponent);
            _cumulative[rank] = sum;
        }
    }

    /// <summary>Draws a rank.</summary>
    /// <param name="uniform">From 0 up to but without 1.</param>
    public int Draw(double uniform)
    {
        var at = Array.BinarySearch(_cumulative, uniform * _cumulative[^1]);
        return Math.Min(at < 0 ? ~at : at + 1, _cumulative.Length - 1);
    }
}
