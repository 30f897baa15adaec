using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Lanes;

namespace Hybrid.Pipeline.Measurement;

/// <summary>
/// A service's spans, all of the source <see cref="Spans.SourceName"/>. Costs nothing while nobody listens: no span is made then, and no
/// header is read or written.
/// </summary>
public sealed class HybridTracing : IDisposable
{
    /// <summary>Links of one span at most; OpenTelemetry's own default limit.</summary>
    private const int MostLinks = 128;

    private readonly ActivitySource _source = new(Spans.SourceName);

    /// <summary>Begins the span of one transaction of the publisher. Dispose of it when the transaction has ended.</summary>
    /// <param name="source">The source.</param>
    /// <param name="partition">The source partition's name.</param>
    /// <returns>Null when nobody listens.</returns>
    public Activity? Publish(string source, string partition) =>
        _source.StartActivity(Spans.Publish, ActivityKind.Producer)
            ?.SetTag(Spans.SourceAttribute, source)
            .SetTag(Spans.PartitionAttribute, partition);

    /// <summary>Begins the span of a batch, linked to the spans that its records carry. Dispose of it when the batch is written.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>Null when nobody listens.</returns>
    public Activity? Write(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _source.HasListeners()
            ? _source.StartActivity(Spans.Write, ActivityKind.Consumer, parentContext: default, links: Links(batch))
                ?.SetTag(Spans.BatchAttribute, BatchId.Of(batch.Places))
                .SetTag(Spans.BatchCountAttribute, batch.Items)
            : null;
    }

    /// <summary>Puts a span's context into a record's headers, so that whoever takes the record can link to it (W3C Trace Context).</summary>
    /// <param name="span">The span; null for none.</param>
    /// <param name="headers">The headers.</param>
    public static void Inject(Activity? span, Headers headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (span?.Id is { } context)
        {
            headers.Add(RecordHeaders.TraceParent, Encoding.ASCII.GetBytes(context));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private static List<ActivityLink> Links(RecordBatch batch)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var links = new List<ActivityLink>();
        byte[] previous = [];
        foreach (ref readonly var record in batch.AsSpan())
        {
            // Records of one partition come one after the other and carry the same context.
            if (record.Headers is not { } headers
                || !headers.TryGetLastBytes(RecordHeaders.TraceParent, out var bytes)
                || bytes is null
                || bytes.AsSpan().SequenceEqual(previous))
            {
                continue;
            }

            previous = bytes;
            var context = Encoding.ASCII.GetString(bytes);
            if (seen.Add(context) && ActivityContext.TryParse(context, null, isRemote: true, out var parsed))
            {
                links.Add(new ActivityLink(parsed));
                if (links.Count == MostLinks)
                {
                    break;
                }
            }
        }

        return links;
    }
}
