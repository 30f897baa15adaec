using System.Collections.Concurrent;
using Confluent.Kafka;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Processors.Internal;
using Streamiz.Kafka.Net.State;

namespace Hybrid.Streamiz.Stores;

/// <summary>
/// Each task's checkpoint file, read as it was meant. Streamiz 1.8.2 writes the changelog offset after the last one that a store holds and
/// takes it, when it reads it, for the last one: a task that is opened and closed without a write moves its checkpoint one further each
/// time, and passes over as many changes that another instance makes later. Read as one less, a checkpoint stays where it is.
/// </summary>
internal sealed class CheckpointFiles : IOffsetCheckpointManager
{
    private readonly ConcurrentDictionary<TaskId, OffsetCheckpointFile> _files = [];

    public void Configure(IStreamConfig config, TaskId taskId) =>
        _files[taskId] = new OffsetCheckpointFile(Path.Combine(config.StateDir, config.ApplicationId, taskId.ToString()));

    public IDictionary<TopicPartition, long> Read(TaskId taskId) =>
        _files[taskId].Read(taskId).Where(held => held.Value > 0).ToDictionary(held => held.Key, held => held.Value - 1);

    public void Write(TaskId taskId, IDictionary<TopicPartition, long> data) => _files[taskId].Write(taskId, data);

    public void Destroy(TaskId taskId) => _files[taskId].Destroy(taskId);
}
