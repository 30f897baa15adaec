using System.Globalization;

namespace Hybrid.Sandbox.Faults;

/// <summary>A distribution of durations, and how it is written.</summary>
internal sealed class DelayDistribution
{
    private const string Exponential = "exponential:";
    private const string LogNormal = "lognormal:";

    /// <summary>The 99th percentile of the standard normal distribution.</summary>
    private const double NormalP99 = 2.3263478740408408;

    private static readonly (string Suffix, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private readonly Func<SeededDraw, TimeSpan> _sample;

    private DelayDistribution(Func<SeededDraw, TimeSpan> sample) => _sample = sample;

    /// <summary>A constant, <c>a..b</c>, <c>exponential:mean</c> or <c>lognormal:p50,p99</c>.</summary>
    /// <exception cref="SandboxException">The text is none of these.</exception>
    public static DelayDistribution Parse(string text, string option)
    {
        if (text.StartsWith(Exponential, StringComparison.Ordinal))
        {
            var mean = Duration(text[Exponential.Length..], option);
            return new DelayDistribution(draw => Within(mean.TotalSeconds * -Math.Log(1 - draw.Uniform())));
        }

        if (text.StartsWith(LogNormal, StringComparison.Ordinal))
        {
            var parts = text[LogNormal.Length..].Split(',');
            if (parts.Length != 2 || Duration(parts[0], option) is var p50 && (p50 == TimeSpan.Zero || Duration(parts[1], option) < p50))
            {
                throw new SandboxException($"{option} {text}: give the median and the 99th percentile, as in lognormal:50ms,2s");
            }

            var sigma = Math.Log(Duration(parts[1], option) / Duration(parts[0], option)) / NormalP99;
            var median = Duration(parts[0], option).TotalSeconds;
            return new DelayDistribution(draw => Within(median * Math.Exp(sigma * draw.Normal())));
        }

        if (text.Split("..") is [var low, var high])
        {
            var (from, to) = (Duration(low, option), Duration(high, option));
            return from <= to
                ? new DelayDistribution(draw => from + ((to - from) * draw.Uniform()))
                : throw new SandboxException($"{option} {text}: the lower bound is above the upper one");
        }

        var constant = Duration(text, option);
        return new DelayDistribution(_ => constant);
    }

    /// <exception cref="SandboxException">The text is no duration from 0 to a week.</exception>
    public static TimeSpan Duration(string text, string option)
    {
        foreach (var (suffix, seconds) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                && count * seconds <= Longest.TotalSeconds)
            {
                return TimeSpan.FromSeconds(count * seconds);
            }
        }

        throw new SandboxException(
            $"{option} {text}: write a time as 200ms, 2s, 5m or 1h (a week at most), or a distribution as 2s..8s, exponential:200ms or lognormal:50ms,2s");
    }

    public TimeSpan Sample(SeededDraw draw) => _sample(draw);

    private static TimeSpan Within(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds));
}
