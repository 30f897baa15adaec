using System.Diagnostics;
using System.Text.Json;
using Hybrid.Contracts.Measurement;
using Microsoft.Extensions.Logging;

namespace Hybrid.Pipeline.Measurement;

/// <summary>Writes the service's <see cref="ServiceStatus"/> to its file, whole or not at all, at an interval and at every change of state.</summary>
public sealed partial class StatusWriter : IAsyncDisposable
{
    private readonly string _service;
    private readonly MeasurementOptions _options;
    private readonly MetricsRecorder _recorder;
    private readonly ILogger<StatusWriter> _logger;
    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Task _loop;
    private ServiceState _state = ServiceState.Starting;
    private bool _failedBefore;

    /// <summary>Starts to write.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="options">Where and how often.</param>
    /// <param name="metrics">The instruments.</param>
    /// <param name="logger">Told when the file cannot be written.</param>
    public StatusWriter(string service, MeasurementOptions options, HybridMetrics metrics, ILogger<StatusWriter> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _service = service;
        _options = options;
        _logger = logger;
        _recorder = new MetricsRecorder(metrics);
        _loop = options.StatusFile is null ? Task.CompletedTask : Task.Run(LoopAsync);
    }

    /// <summary>The state that the file shows.</summary>
    public ServiceState State => _state;

    /// <summary>Changes the state and writes the file.</summary>
    /// <param name="state">The new state.</param>
    public void Enter(ServiceState state)
    {
        _state = state;
        Write();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        Write();
        _recorder.Dispose();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(_options.Interval);
        try
        {
            do
            {
                Write();
            }
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Write()
    {
        if (_options.StatusFile is not { } path)
        {
            return;
        }

        lock (_gate)
        {
            try
            {
                var bytes = JsonSerializer.SerializeToUtf8Bytes(Status(), StatusJson.Default.ServiceStatus);
                var next = path + ".next";
                File.WriteAllBytes(next, bytes);
                File.Move(next, path, overwrite: true);
                _failedBefore = false;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                if (!_failedBefore)
                {
                    _failedBefore = true;
                    LogNotWritten(path, failure.Message);
                }
            }
        }
    }

    private ServiceStatus Status()
    {
        using var process = Process.GetCurrentProcess();
        if (_options.CollectGarbage)
        {
            GC.Collect();
        }

        var collected = GC.GetGCMemoryInfo();
        return new ServiceStatus
        {
            Service = _service,
            ProcessId = Environment.ProcessId,
            StartedAt = _startedAt,
            UpdatedAt = DateTimeOffset.UtcNow,
            State = _state,
            CpuSeconds = process.TotalProcessorTime.TotalSeconds,
            PeakMemoryBytes = process.PeakWorkingSet64,
            MemoryBytes = process.WorkingSet64,
            ManagedHeapBytes = collected.Index > 0 ? collected.HeapSizeBytes - collected.FragmentedBytes : null,
            ManagedCommittedBytes = collected.Index > 0 ? collected.TotalCommittedBytes : null,
            Counters = _recorder.Counters(),
            Gauges = _recorder.Gauges(),
            Histograms = _recorder.Histograms(),
        };
    }

    [LoggerMessage(EventId = 110, Level = LogLevel.Warning, Message = "The status file {Path} cannot be written: {Reason}")]
    private partial void LogNotWritten(string path, string reason);
}
