using System.Diagnostics;
using System.Text.RegularExpressions;
using Hybrid.Cli.CommandLine;

namespace Hybrid.Unit.Tests.Repository;

public partial class ScriptTests
{
    private static readonly string[] OwnVerbs = ["bench", "doctor", "test"];

    [Fact]
    public void Usage_NamesEveryVerbAndNoOther()
    {
        var usage = Usage().Match(File.ReadAllText(RepositoryRoot.File("hybrid"))).Groups[1].Value;
        var named = Verb().Matches(usage).Select(match => match.Groups[1].Value).Order();
        Assert.Equal(HybridCommandLine.Create().Subcommands.Select(command => command.Name).Concat(OwnVerbs).Order(), named);
    }

    [Fact]
    public async Task TestWithTwoFilters_IsAWrongCall()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var script = Process.Start(new ProcessStartInfo("bash", [RepositoryRoot.File("hybrid"), "test", "one", "two"]) { RedirectStandardError = true })!;
        var error = await script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync();
        Assert.Equal(2, script.ExitCode);
        Assert.StartsWith("hybrid: test takes at most one filter", error, StringComparison.Ordinal);
    }

    [GeneratedRegex("<<'USAGE'\n(.*?)\nUSAGE\n", RegexOptions.Singleline)]
    private static partial Regex Usage();

    [GeneratedRegex("^  ([a-z]+)(?: NAME)?  +", RegexOptions.Multiline)]
    private static partial Regex Verb();
}
