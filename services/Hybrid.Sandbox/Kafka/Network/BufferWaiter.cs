namespace Hybrid.Sandbox.Kafka.Network;

/// <summary>A connection that waits for others to give back what it wants.</summary>
/// <param name="connection">The connection.</param>
/// <param name="bytes">What it wants.</param>
internal sealed class BufferWaiter(KafkaConnection connection, int bytes)
{
    private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public KafkaConnection Connection => connection;

    public int Bytes => bytes;

    /// <summary>Ends when the connection may have them.</summary>
    public Task Granted => _granted.Task;

    public void Grant() => _granted.SetResult();
}
