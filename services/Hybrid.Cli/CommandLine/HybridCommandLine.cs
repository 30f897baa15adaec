using System.CommandLine;
using System.CommandLine.Help;
using Hybrid.Cli.Verbs;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Cli.CommandLine;

/// <summary>The command line as a whole: its verbs, its help, its errors and its exit codes.</summary>
internal static class HybridCommandLine
{
    /// <summary>Runs one call.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = Create();
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
        {
            return UserErrors.WrongCall(parsed);
        }

        using var signals = new StopSignals();
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await parsed.InvokeAsync(configuration, signals.Stopping);
        }
        catch (Exception failure)
        {
            return UserErrors.Report(failure, signals.Stopping);
        }
    }

    /// <summary>The root command with every verb.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand(
            "Decides between scheduled batch, micro-batch and true streaming by measurement: partitions of an object store become Kafka "
            + "records, lanes index them into Solr, and a comparison measures freshness, cost and restarts of each lane.")
        {
            DemoVerb.Create(),
            CompareVerb.Create(),
            SoakVerb.Create(),
            ReportVerb.Create(),
            DecideVerb.Create(),
            ProjectVerb.Create(),
            GenerateVerb.Create(),
            ImportVerb.Create(),
            SandboxVerb.Create(),
            PublishVerb.Create(),
            LaneVerb.Create(),
            WatermarkVerb.Create(),
            DlqVerb.Create(),
        };
        root.SetAction(parsed =>
        {
            root.Parse(["--help"]).Invoke();
            return ExitCodes.WrongCall;
        });
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
