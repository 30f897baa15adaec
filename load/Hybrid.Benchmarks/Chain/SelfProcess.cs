using System.Diagnostics;
using System.Globalization;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Benchmarks.Chain;

/// <summary>Starts this program once more with a verb of the command line, as a child that ends with it.</summary>
internal static class SelfProcess
{
    /// <summary>The first argument of such a child.</summary>
    public const string Argument = "child";

    public static Process Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(SelfProcess).Assembly.Location);
        }

        start.ArgumentList.Add(Argument);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[ParentProcess.Variable] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        start.Environment["HYBRID__LOGGING__LOGLEVEL__DEFAULT"] = "Warning";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
