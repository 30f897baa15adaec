using Hybrid.Pipeline.Hosting;

namespace Hybrid.Cli.CommandLine;

/// <summary>The values of <c>--set Key=Value</c>.</summary>
internal static class SettingPairs
{
    /// <exception cref="HybridException">One is not of the form key=value.</exception>
    public static IEnumerable<KeyValuePair<string, string>> Parse(IEnumerable<string> settings)
    {
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw HybridException.WrongCall($"--set {setting}: write it as Key=Value, such as --set Lane:Interval=00:00:00.500");
            }

            yield return new(setting[..equals], setting[(equals + 1)..]);
        }
    }
}
