using Hybrid.Sandbox.Kafka.Log;

namespace Hybrid.Sandbox.Kafka.Protocol;

/// <summary>A stretch of a leased segment that belongs into a response.</summary>
/// <param name="At">The position in the response's buffer that it comes before.</param>
/// <param name="Segment">The segment; its lease ends with the response.</param>
/// <param name="Position">Where the stretch begins in the segment.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct FilePart(int At, LogSegment Segment, int Position, int Length);
