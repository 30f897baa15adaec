using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Processes;

/// <summary>
/// One service through a run: starts it, starts it again after it was killed or stopped, notices when it ends unasked, and keeps what
/// every one of its processes used and said. Not for concurrent use, except <see cref="Sample"/>, <see cref="Failed"/> and <see cref="Status"/>.
/// </summary>
/// <param name="executable">The program.</param>
/// <param name="name">The service's name, for messages and files.</param>
/// <param name="arguments">The verb and its options.</param>
/// <param name="environment">The service's options as environment variables.</param>
/// <param name="directory">Where logs and status files go.</param>
internal sealed class SupervisedService(
    HybridExecutable executable, string name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string directory)
    : IAsyncDisposable
{
    private static readonly TimeSpan DisposeDeadline = TimeSpan.FromSeconds(2);

    private volatile ProcessRecord[] _ended = [];
    private readonly TaskCompletionSource<HybridException> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Incarnation? _current;
    private int _started;

    /// <summary>The service's name.</summary>
    public string Name => name;

    /// <summary>Ends when the service ends unasked, with the reason.</summary>
    public Task<HybridException> Failed => _failed.Task;

    /// <summary>What the running process last said of itself; null when it has not yet.</summary>
    public ServiceStatus? Status => _current is { } current ? StatusFile.TryRead(current.StatusPath) : null;

    /// <summary>What the processes that have ended used and said.</summary>
    public IReadOnlyList<ProcessRecord> Ended => _ended;

    /// <summary>Processor time of all processes so far, core-seconds.</summary>
    public double CpuSeconds => _ended.Sum(process => process.CpuSeconds) + (_current?.Process.ProcessorTime.TotalSeconds ?? 0);

    /// <summary>Starts a process of the service.</summary>
    /// <exception cref="HybridException">The program cannot be started.</exception>
    public void Start()
    {
        var number = ++_started;
        var status = Path.Combine(directory, $"{name}-{number}.status.json");
        var variables = new Dictionary<string, string>(environment) { [Settings.Variable("Measurement:StatusFile")] = status };
        var process = ChildProcess.Start(executable, name, arguments, variables, Path.Combine(directory, $"{name}-{number}.log"));
        var incarnation = new Incarnation(process, status);
        _current = incarnation;
        _ = WatchAsync(incarnation);
    }

    /// <summary>Waits until the service works.</summary>
    /// <exception cref="HybridException">It ended, or does not within the deadline.</exception>
    public async Task WaitUntilRunningAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        var until = DateTimeOffset.UtcNow + deadline;
        while (Status is not { State: ServiceState.Running })
        {
            if (Failed.IsCompleted)
            {
                throw await Failed.ConfigureAwait(false);
            }

            if (DateTimeOffset.UtcNow > until)
            {
                throw HybridException.Unreachable(
                    $"{name} did not start within {deadline.TotalSeconds:0} s; its log ends: {_current?.Process.LogTail()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Samples the running process.</summary>
    public void Sample() => _current?.Process.Sample();

    /// <summary>Kills the running process (SIGKILL) and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (_current is { } current)
        {
            current.Expected = true;
            current.Process.Kill();
            await current.Process.Exited.ConfigureAwait(false);
            await RetireAsync(current).ConfigureAwait(false);
        }
    }

    /// <summary>Stops the running process (SIGTERM) and waits until it has drained.</summary>
    /// <param name="deadline">When it is killed instead.</param>
    /// <returns>What went wrong, or null.</returns>
    public async Task<string?> StopAsync(TimeSpan deadline)
    {
        if (_current is not { } current)
        {
            return null;
        }

        current.Expected = true;
        var code = await current.Process.StopAsync(deadline).ConfigureAwait(false);
        var problem = code switch
        {
            0 => null,
            null => $"{name} did not drain within {deadline.TotalSeconds:0} s and was killed; its log ends: {current.Process.LogTail()}",
            { } exit => $"{name} ended with exit code {exit} when it was stopped; its log ends: {current.Process.LogTail()}",
        };
        await RetireAsync(current).ConfigureAwait(false);
        return problem;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_current is { } current)
        {
            current.Expected = true;
            await current.Process.StopAsync(DisposeDeadline).ConfigureAwait(false);
            await current.Process.DisposeAsync().ConfigureAwait(false);
            _current = null;
        }
    }

    private async Task WatchAsync(Incarnation incarnation)
    {
        var code = await incarnation.Process.Exited.ConfigureAwait(false);
        if (!incarnation.Expected)
        {
            _failed.TrySetResult(HybridException.Failure($"{name} ended unasked with exit code {code}; its log ends: {incarnation.Process.LogTail()}"));
        }
    }

    private async Task RetireAsync(Incarnation incarnation)
    {
        var status = StatusFile.TryRead(incarnation.StatusPath);
        _current = null;
        _ended =
        [
            .. _ended,
            new ProcessRecord(
                Math.Max(incarnation.Process.ProcessorTime.TotalSeconds, status?.CpuSeconds ?? 0),
                Math.Max(incarnation.Process.PeakMemoryBytes, status?.PeakMemoryBytes ?? 0),
                status),
        ];
        await incarnation.Process.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Incarnation(ChildProcess process, string statusPath)
    {
        private volatile bool _expected;

        public ChildProcess Process => process;

        public string StatusPath => statusPath;

        public bool Expected
        {
            get => _expected;
            set => _expected = value;
        }
    }
}

/// <summary>What a process that has ended used and last said.</summary>
/// <param name="CpuSeconds">Processor time, core-seconds.</param>
/// <param name="PeakMemoryBytes">The highest resident memory, bytes.</param>
/// <param name="Status">Its last status; null when it never wrote one.</param>
internal sealed record ProcessRecord(double CpuSeconds, long PeakMemoryBytes, ServiceStatus? Status);
