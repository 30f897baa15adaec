namespace Hybrid.Comparison.Projection;

/// <summary>Least squares of the relative error within bounds, by descent along one coefficient at a time. Where the observations do not tell coefficients apart, it stays near where it began.</summary>
internal static class BoundedFit
{
    private const int Rounds = 20_000;
    private const double Settled = 1e-12;

    /// <summary>The coefficients.</summary>
    /// <param name="rows">Regressors, one row an observation.</param>
    /// <param name="values">What was observed, above 0.</param>
    /// <param name="bounds">For each regressor where its coefficient begins and what it must lie within.</param>
    public static double[] Solve(IReadOnlyList<double[]> rows, IReadOnlyList<double> values, IReadOnlyList<Bound> bounds)
    {
        double[] coefficients = [.. bounds.Select(bound => bound.Start)];
        double[][] scaled = [.. rows.Select((row, i) => row.Select(regressor => regressor / values[i]).ToArray())];
        for (var round = 0; round < Rounds; round++)
        {
            var moved = 0.0;
            for (var k = 0; k < coefficients.Length; k++)
            {
                var next = Best(scaled, coefficients, k, bounds[k]);
                moved = Math.Max(moved, Math.Abs(next - coefficients[k]) / Math.Max(1e-9, Math.Abs(coefficients[k])));
                coefficients[k] = next;
            }

            if (moved < Settled)
            {
                break;
            }
        }

        return coefficients;
    }

    /// <summary>The best value of one coefficient while the others stay.</summary>
    private static double Best(double[][] rows, double[] coefficients, int k, Bound bound)
    {
        var (sum, square) = (0.0, 0.0);
        foreach (var row in rows)
        {
            var others = 0.0;
            for (var j = 0; j < row.Length; j++)
            {
                others += j == k ? 0 : row[j] * coefficients[j];
            }

            sum += row[k] * (1 - others);
            square += row[k] * row[k];
        }

        return square > 0 ? Math.Clamp(sum / square, bound.Least, bound.Most) : coefficients[k];
    }
}

/// <summary>Where a coefficient begins and what it must lie within.</summary>
internal readonly record struct Bound(double Start, double Least, double Most);
