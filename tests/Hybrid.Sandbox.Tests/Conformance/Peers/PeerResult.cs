namespace Hybrid.Sandbox.Tests.Conformance.Peers;

/// <summary>What a peer left behind when it ended.</summary>
internal sealed record PeerResult(int ExitCode, string Output, string Error)
{
    /// <summary>The output of a run that has to succeed.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Error}\n{Output}");
        return Output;
    }
}
