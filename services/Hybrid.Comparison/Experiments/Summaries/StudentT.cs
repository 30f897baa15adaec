namespace Hybrid.Comparison.Experiments.Summaries;

/// <summary>Student's t distribution.</summary>
internal static class StudentT
{
    private static readonly double[] s_quantiles =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>The 97.5 % quantile, which a two-sided 95 % interval reaches; degrees of freedom are rounded down, so that the interval is never too narrow.</summary>
    /// <param name="degrees">Degrees of freedom, from 1.</param>
    public static double Quantile(double degrees)
    {
        var whole = (int)Math.Clamp(Math.Floor(degrees), 1, 1000);
        return whole <= s_quantiles.Length ? s_quantiles[whole - 1] : 1.96 + (2.5 / whole);
    }
}
