using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hybrid.Comparison.Processes;
using Hybrid.Comparison.Stack;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Crashes;

/// <summary>A sandbox that is killed and started again on the same data and the same ports, so that clients may live through it.</summary>
internal sealed class KilledSandbox : IAsyncDisposable
{
    // Below the ports that the system gives to outgoing connections, one of which could otherwise hold a port while the sandbox is down.
    private const int LowestPort = 20_000;
    private const int HighestPort = 32_000;

    private static readonly string[] PortOptions = ["--kafka-port", "--registry-port", "--s3-port", "--solr-port"];

    private readonly HybridExecutable _executable;
    private readonly string _logFile;
    private readonly List<string> _arguments;
    private ChildProcess? _process;

    /// <summary>Chooses the ports; nothing is started yet.</summary>
    /// <param name="executable">The program that has the verb <c>sandbox</c>.</param>
    /// <param name="directory">Where its data and its log go.</param>
    public KilledSandbox(HybridExecutable executable, string directory)
    {
        _executable = executable;
        _logFile = Path.Combine(directory, "sandbox.log");
        Data = Path.Combine(directory, "sandbox");
        Directory.CreateDirectory(Data);
        var ports = FreePorts(PortOptions.Length).Select(port => port.ToString(CultureInfo.InvariantCulture));
        _arguments = ["sandbox", "--data", Data, "--kafka-retention-check", "100ms", .. PortOptions.Zip(ports, (option, port) => new[] { option, port }).SelectMany(pair => pair)];
    }

    /// <summary>Its data directory.</summary>
    public string Data { get; }

    /// <summary>Where its services are; the same after every start.</summary>
    public StackEndpoints Endpoints { get; private set; } = new();

    /// <summary>Starts it and waits until every service answers.</summary>
    /// <returns>How long that took.</returns>
    /// <exception cref="HybridException">It does not start.</exception>
    public async Task<TimeSpan> StartAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        Begin();
        Endpoints = await SandboxReadiness.WaitAsync(_process!, Data, cancellationToken).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Starts it and kills it in the midst of that.</summary>
    public async Task StartAndKillAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        Begin();
        await Task.Delay(after, cancellationToken).ConfigureAwait(false);
        await KillAsync().ConfigureAwait(false);
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    /// <exception cref="HybridException">It had ended by itself.</exception>
    public async Task KillAsync()
    {
        ThrowIfEnded();
        var process = _process!;
        _process = null;
        await process.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends when it has ended by itself.</summary>
    public Task Ended => _process?.Exited ?? Task.CompletedTask;

    /// <summary>Fails when it is not running any more, though nobody killed it.</summary>
    /// <exception cref="HybridException">It had ended by itself.</exception>
    public void ThrowIfEnded()
    {
        if (_process is { Exited.IsCompleted: true } process)
        {
            throw HybridException.Failure($"the sandbox ended by itself under load: {process.LogTail()}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Begin()
    {
        File.Delete(Path.Combine(Data, StackEndpoints.FileName));
        _process = ChildProcess.Start(_executable, "the sandbox", _arguments, new Dictionary<string, string>(), _logFile);
    }

    private static List<int> FreePorts(int count)
    {
        var ports = new List<int>();
        while (ports.Count < count)
        {
            var port = Random.Shared.Next(LowestPort, HighestPort);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                if (!ports.Contains(port))
                {
                    ports.Add(port);
                }
            }
            catch (SocketException)
            {
                // Somebody has it; another one will do.
            }
        }

        return ports;
    }
}
