using System.Text.Json.Serialization;

namespace Hybrid.Sandbox.Kafka.Topics;

/// <summary>A topic as its journal keeps it.</summary>
/// <param name="StartOffsets">A partition each: the offset before which records were deleted on request.</param>
/// <param name="Config">What was set for it.</param>
internal sealed record StoredTopic(long[] StartOffsets, Dictionary<string, string> Config);

[JsonSerializable(typeof(StoredTopic))]
internal sealed partial class TopicJson : JsonSerializerContext;
