using Streamiz.Kafka.Net;

namespace Hybrid.Streamiz;

/// <summary>Follows a stream from its start to its end.</summary>
internal sealed class StreamLife
{
    private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private int _stopping;

    public StreamLife(KafkaStream stream, Action started) => stream.StateChanged += (_, state) =>
    {
        if (state == KafkaStream.State.RUNNING && Interlocked.Exchange(ref _running, 1) == 0)
        {
            started();
        }
        else if (state == KafkaStream.State.ERROR || (state == KafkaStream.State.PENDING_SHUTDOWN && Volatile.Read(ref _stopping) == 0))
        {
            // A stream whose start fails is pending shutdown and never gets to error.
            _died.TrySetResult();
        }
    };

    /// <summary>Whether the stream ended by itself.</summary>
    public bool HasDied => _died.Task.IsCompleted;

    /// <summary>Returns when the stream has died or is to be stopped.</summary>
    public async Task EndedAsync(CancellationToken stopping)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = stopping.Register(stop.SetResult);
        await Task.WhenAny(_died.Task, stop.Task).ConfigureAwait(false);
        Volatile.Write(ref _stopping, 1);
    }
}
