using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Convergence.Running;

/// <summary>One start of a service, in this process or in one of its own.</summary>
internal abstract class RunningService : IAsyncDisposable
{
    /// <summary>Ends with the service.</summary>
    public abstract Task<ServiceEnd> Ended { get; }

    /// <summary>Ends when the service works; never, when it ends before.</summary>
    public abstract Task Works { get; }

    /// <summary>Set before it is told to end, so that its end is no surprise.</summary>
    public volatile bool IsTold;

    /// <summary>Starts a service in this process.</summary>
    public static RunningService Start(IServiceHost host, ServiceCall call) => new Hosted(host, call);

    /// <summary>Starts a service in a process of its own.</summary>
    public static RunningService Start(HybridExecutable executable, ServiceCall call) => new Own(executable, call);

    /// <summary>Asks it to end, as SIGTERM does.</summary>
    /// <returns>What went wrong, or null.</returns>
    public abstract Task<string?> StopAsync(TimeSpan deadline);

    /// <summary>Ends it at once (SIGKILL), where it has a process of its own.</summary>
    public abstract Task KillAsync();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    private sealed class Hosted : RunningService
    {
        private static readonly TimeSpan DisposeDeadline = TimeSpan.FromSeconds(60);

        private readonly CancellationTokenSource _stopping = new();
        private readonly TaskCompletionSource _works = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly string _logFile;

        public Hosted(IServiceHost host, ServiceCall call)
        {
            _logFile = call.LogFile;
            Ended = Task.Run(() => RunAsync(host, call));
        }

        public override Task<ServiceEnd> Ended { get; }

        public override Task Works => _works.Task;

        public override async Task<string?> StopAsync(TimeSpan deadline)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            try
            {
                return (await Ended.WaitAsync(deadline).ConfigureAwait(false)).Problem;
            }
            catch (TimeoutException)
            {
                return $"did not end within {deadline.TotalSeconds:0} s of being told to; its log ends: {LogTail.Read(_logFile)}";
            }
        }

        public override Task KillAsync() => throw new InvalidOperationException("a service without a process of its own cannot be killed");

        public override async ValueTask DisposeAsync()
        {
            await StopAsync(DisposeDeadline).ConfigureAwait(false);
            if (Ended.IsCompleted)
            {
                _stopping.Dispose();
            }
        }

        private async Task<ServiceEnd> RunAsync(IServiceHost host, ServiceCall call)
        {
            try
            {
                await host.RunAsync(call, () => _works.TrySetResult(), _stopping.Token).ConfigureAwait(false);
                return new ServiceEnd(ExitCodes.Done, "");
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return new ServiceEnd(ExitCodes.Done, "");
            }
            catch (HybridException failure)
            {
                return new ServiceEnd(failure.ExitCode, failure.Message);
            }
            catch (Exception failure)
            {
                return new ServiceEnd(ExitCodes.FailureFound, failure.ToString().ReplaceLineEndings(" "));
            }
        }
    }

    private sealed class Own : RunningService
    {
        private const string StatusSetting = "Measurement:StatusFile";

        private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

        private const int Terminated = 128 + 15;

        private readonly ChildProcess _process;
        private readonly string _status;

        public Own(HybridExecutable executable, ServiceCall call)
        {
            _status = call.LogFile + ".status.json";
            File.Delete(_status);
            var settings = new Dictionary<string, string?>(call.Settings) { [StatusSetting] = _status };
            _process = ChildProcess.Start(executable, call.Name, call.Verb, Processes.Settings.Variables(settings), call.LogFile);
            Ended = EndAsync();
            Works = WorkAsync();
        }

        public override Task<ServiceEnd> Ended { get; }

        public override Task Works { get; }

        public override async Task<string?> StopAsync(TimeSpan deadline)
        {
            if (await _process.StopAsync(deadline).ConfigureAwait(false) is null)
            {
                return $"did not end within {deadline.TotalSeconds:0} s of SIGTERM; its log ends: {_process.LogTail()}";
            }

            // Before the runtime listens to it, SIGTERM ends any process at once: this one had not begun.
            var ended = await Ended.ConfigureAwait(false);
            return ended.ExitCode == Terminated && StatusFile.TryRead(_status) is null ? null : ended.Problem;
        }

        public override async Task KillAsync()
        {
            _process.Kill();
            await Ended.ConfigureAwait(false);
        }

        public override ValueTask DisposeAsync() => _process.DisposeAsync();

        private async Task WorkAsync()
        {
            while (StatusFile.TryRead(_status) is not { State: ServiceState.Running } && !_process.Exited.IsCompleted)
            {
                await Task.Delay(Look).ConfigureAwait(false);
            }
        }

        private async Task<ServiceEnd> EndAsync() => new(await _process.Exited.ConfigureAwait(false), _process.LogTail());
    }
}

/// <summary>How a service ended.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>, or 128 and a signal's number.</param>
/// <param name="Message">What it said last.</param>
internal readonly record struct ServiceEnd(int ExitCode, string Message)
{
    /// <summary>Whether it ended for want of a service that may come back, so that whoever supervises it starts it again.</summary>
    public bool IsOutage => ExitCode == ExitCodes.Unreachable;

    /// <summary>What is wrong with it, or null.</summary>
    public string? Problem => ExitCode == ExitCodes.Done || IsOutage ? null : $"ended with exit code {ExitCode}: {Message}";
}
