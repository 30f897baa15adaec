using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hybrid.Contracts.Records;

namespace Hybrid.Pipeline.Lines;

/// <summary>Writes deltas as the lines that <see cref="SourceLineParser"/> reads. Fields without a value are left out. Not for concurrent use.</summary>
public sealed class SourceLineWriter : IDisposable
{
    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly IBufferWriter<byte> _output;
    private readonly Utf8JsonWriter _json;

    /// <summary>Makes a writer.</summary>
    /// <param name="output">Where the lines go.</param>
    public SourceLineWriter(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _json = new Utf8JsonWriter(output, s_options);
    }

    /// <summary>Writes one delta and a line feed. Its version and partition follow from where the line stands, so they are not written.</summary>
    /// <param name="delta">The delta.</param>
    public void Write(CatalogDelta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("documentId"u8, delta.DocumentId);
        _json.WriteString("kind"u8, Kind(delta.Kind));
        _json.WriteString("eventTime"u8, DateTimeOffset.FromUnixTimeMilliseconds(delta.EventTimeMilliseconds).UtcDateTime);
        WriteText("title"u8, delta.Title);
        WriteText("category"u8, delta.Category);
        if (delta.Price is { } price)
        {
            _json.WriteNumber("price"u8, price);
        }

        if (delta.Quantity is { } quantity)
        {
            _json.WriteNumber("quantity"u8, quantity);
        }

        WriteText("campaign"u8, delta.Campaign);
        if (delta.Related.Length > 0)
        {
            _json.WriteStartArray("related"u8);
            foreach (var related in delta.Related)
            {
                _json.WriteStringValue(related);
            }

            _json.WriteEndArray();
        }

        _json.WriteEndObject();
        _json.Flush();
        _output.Write("\n"u8);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void WriteText(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            _json.WriteString(name, value);
        }
    }

    private static ReadOnlySpan<byte> Kind(DeltaKind kind) => kind switch
    {
        DeltaKind.Upsert => "upsert"u8,
        DeltaKind.Delete => "delete"u8,
        _ => "signal"u8,
    };
}
