using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Hybrid.Cli.CommandLine;

/// <summary>The help text, followed by the verb's examples.</summary>
internal sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
{
    private static readonly string[] RootLines =
    [
        "Also, by the script ./hybrid: test (the whole test suite), bench (the sanity chain), doctor (what this machine has).",
        "Options also come from appsettings.json in the current directory and from environment variables,",
        "as in HYBRID__KAFKA__BOOTSTRAPSERVERS=127.0.0.1:9092; the command line wins.",
        "Exit codes: 0 done, 1 the run found a failure, 2 the call was wrong, 3 a service could not be reached.",
    ];

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        standard.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is VerbCommand verb)
        {
            output.WriteLine("Examples:");
            foreach (var example in verb.Examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }
        else
        {
            foreach (var line in RootLines)
            {
                output.WriteLine(line);
            }
        }

        return 0;
    }
}
