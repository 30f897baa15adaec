using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using Hybrid.Pipeline.Hosting;
using Hybrid.Sandbox;

namespace Hybrid.Cli.CommandLine;

/// <summary>Errors as a user sees them: one line on standard error that says what, where and what to do.</summary>
internal static class UserErrors
{
    private const int Interrupted = 130;

    /// <summary>Reports a call that could not be parsed.</summary>
    public static int WrongCall(ParseResult parsed)
    {
        var verb = "hybrid";
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Command: not RootCommand } command; at = at.Parent)
        {
            verb = verb.Insert("hybrid".Length, $" {command.Command.Name}");
        }

        var mistakes = string.Join(" ", parsed.Errors.Select(error => error.Message.ReplaceLineEndings(" ")).Distinct());
        Console.Error.WriteLine($"hybrid: {mistakes} See: {verb} --help");
        return ExitCodes.WrongCall;
    }

    /// <summary>Reports what ended a verb.</summary>
    public static int Report(Exception failure, CancellationToken stopping)
    {
        switch (failure)
        {
            case HybridException known:
                Console.Error.WriteLine($"hybrid: {known.Message.ReplaceLineEndings(" ")}");
                return known.ExitCode;
            case SandboxException known:
                Console.Error.WriteLine($"hybrid: {known.Message.ReplaceLineEndings(" ")}");
                return ExitCodes.WrongCall;
            case OperationCanceledException when stopping.IsCancellationRequested:
                Console.Error.WriteLine("hybrid: stopped");
                return Interrupted;
            case IOException or UnauthorizedAccessException:
                Console.Error.WriteLine($"hybrid: {failure.Message.ReplaceLineEndings(" ")}");
                return failure.InnerException is SocketException ? ExitCodes.Unreachable : ExitCodes.FailureFound;
            default:
                Console.Error.WriteLine($"hybrid: unexpected {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
                Console.Error.WriteLine(failure.StackTrace);
                return ExitCodes.FailureFound;
        }
    }
}
