using Confluent.Kafka;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

/// <summary>Polls consumers, which is what lets them rebalance and see their errors.</summary>
internal static class Polling
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    /// <summary>Polls until something holds; every record goes to <paramref name="seen"/>.</summary>
    public static async Task UntilAsync(
        Func<bool> holds, IEnumerable<IConsumer<string, string>> consumers, Action<IConsumer<string, string>, ConsumeResult<string, string>> seen)
    {
        using var patience = new CancellationTokenSource(RunningBroker.Patience);
        while (!holds())
        {
            foreach (var consumer in consumers)
            {
                if (consumer.Consume(Slice) is { IsPartitionEOF: false } record)
                {
                    seen(consumer, record);
                }
            }
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public static Task UntilAsync(Func<bool> holds, params IConsumer<string, string>[] consumers) => UntilAsync(holds, consumers, (_, _) => { });

    /// <summary>Polls something else than a consumer, such as what a broker tells.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(RunningBroker.Patience);
        while (!await holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Delay(Slice, patience.Token);
        }
    }
}
