using System.Diagnostics;

namespace Hybrid.Sandbox.Tests.Conformance.Peers;

/// <summary>
/// A client program that somebody else wrote. <c>./hybrid test</c> unpacks under artifacts/peers what the system does not have; a test
/// that needs one carries the trait <c>Peer</c> with the value <c>debian</c> or <c>node</c>, so that it can be left out where they cannot be had.
/// </summary>
internal sealed class Peer
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _program;
    private readonly string[] _leading;

    private Peer(string program, params string[] leading)
    {
        _program = program;
        _leading = leading;
    }

    public static Peer Kcat { get; } = new(PeerPaths.Program("kcat"));

    public static Peer Curl { get; } = new(PeerPaths.Program("curl"));

    /// <summary>Python with kafka-python, boto3 and pysolr; the first argument is the script.</summary>
    public static Peer Python { get; } = new(PeerPaths.Python);

    public static Peer S3Cmd { get; } = new(PeerPaths.Python, PeerPaths.Program("s3cmd"));

    /// <summary>Node.js with KafkaJS; the first argument is the script.</summary>
    public static Peer Node { get; } = new("node");

    /// <summary>Where a script is that lies in the folder <c>Scripts</c> of <paramref name="service"/>'s conformance tests.</summary>
    public static string Script(string service, string name) =>
        Path.Combine(AppContext.BaseDirectory, "Conformance", service, "Scripts", name);

    /// <summary>Runs the program to its end; it is killed when the test is cancelled or after two minutes.</summary>
    public async Task<PeerResult> RunAsync(
        IEnumerable<string> arguments, string? input = null, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(_program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in _leading.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        PeerPaths.Apply(start.Environment);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await WriteAsync(process.StandardInput, input, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new PeerResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task WriteAsync(StreamWriter standardInput, string? input, CancellationToken cancellationToken)
    {
        try
        {
            await using (standardInput)
            {
                await standardInput.WriteAsync(input.AsMemory(), cancellationToken);
            }
        }
        catch (IOException)
        {
            // A program that ends without reading its input says why in its exit code and on its standard error.
        }
    }
}
