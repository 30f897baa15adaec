using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;

namespace Hybrid.Pipeline.Lines;

/// <summary>
/// Turns the usual line into the Avro value of its delta without making the delta: the texts go over as the bytes that they are. Where a line
/// is not usual (an escaped text, anything wrong with it) it says no, and <see cref="SourceLineParser"/> has the word.
/// </summary>
internal static class LineTranscoder
{
    /// <summary>The bytes of everything but the texts at most: fifteen numbers and a floating point number.</summary>
    private const int FixedBytes = (15 * AvroSpanWriter.LongestLong) + sizeof(double);

    /// <summary>Writes a line's delta as the builtin encoder would.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="schemaId">The schema's id in the registry.</param>
    /// <param name="output">Gets the value; left as it is when the answer is no.</param>
    /// <returns>False when the line is not usual.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> line, in SourcePosition position, int schemaId, IBufferWriter<byte> output)
    {
        if (!Utf8.IsValid(line))
        {
            return false;
        }

        var fields = default(Fields);
        try
        {
            if (!TryRead(line, ref fields))
            {
                return false;
            }
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return false;
        }

        Write(fields, position, schemaId, output);
        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> line, ref Fields fields)
    {
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = SourceLineParser.Identify(ref reader);
            reader.Read();
            if (field == Field.Unknown)
            {
                reader.Skip();
            }
            else if (!fields.Claim(field) || (reader.TokenType != JsonTokenType.Null && !TryReadValue(ref reader, field, ref fields)))
            {
                return false;
            }
        }

        return !reader.Read() && !fields.DocumentId.Utf8.IsEmpty && fields.Kind is not null && fields.EventTime is not null;
    }

    private static bool TryReadValue(ref Utf8JsonReader reader, Field field, ref Fields fields) => field switch
    {
        Field.DocumentId => TryReadText(ref reader, ref fields.DocumentId),
        Field.Kind => SourceLineParser.ReadKind(ref reader, out fields.Kind) is null,
        Field.EventTime => EventTimes.Read(ref reader, out fields.EventTime) is null,
        Field.Title => TryReadText(ref reader, ref fields.Title),
        Field.Category => TryReadText(ref reader, ref fields.Category),
        Field.Price => SourceLineParser.ReadPrice(ref reader, out fields.Price) is null,
        Field.Quantity => SourceLineParser.ReadQuantity(ref reader, out fields.Quantity) is null,
        Field.Campaign => TryReadText(ref reader, ref fields.Campaign),
        _ => TryReadRelated(ref reader, ref fields),
    };

    private static bool TryReadText(ref Utf8JsonReader reader, ref Text text)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped)
        {
            return false;
        }

        text = new Text(reader.ValueSpan);
        return true;
    }

    private static bool TryReadRelated(ref Utf8JsonReader reader, ref Fields fields)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        fields.Related = reader;
        while (reader.Read() && reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped)
        {
            fields.RelatedCount++;
            fields.RelatedBytes += AvroSpanWriter.LongestLong + reader.ValueSpan.Length;
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static void Write(in Fields fields, in SourcePosition position, int schemaId, IBufferWriter<byte> output)
    {
        var most = FixedBytes + fields.DocumentId.Utf8.Length + fields.Title.Utf8.Length + fields.Category.Utf8.Length + fields.Campaign.Utf8.Length
            + AvroSpanWriter.LongestText(position.Partition) + fields.RelatedBytes;
        var value = output.GetSpan(ConfluentWireFormat.HeaderLength + most);
        ConfluentWireFormat.Write(value, schemaId);
        var writer = new AvroSpanWriter(value[ConfluentWireFormat.HeaderLength..]);
        writer.Text(fields.DocumentId.Utf8);
        writer.Long((int)fields.Kind!.Value);
        writer.Long(DeltaVersion.Create(fields.EventTime!.Value, position.Generation, position.Line, position.ObjectOrdinal));
        writer.Long(fields.EventTime.Value);
        writer.Text(position.Partition);
        WriteOptional(ref writer, fields.Title);
        WriteOptional(ref writer, fields.Category);
        writer.Long(fields.Price is null ? 0 : 1);
        if (fields.Price is { } price)
        {
            writer.Double(price);
        }

        writer.Long(fields.Quantity is null ? 0 : 1);
        if (fields.Quantity is { } quantity)
        {
            writer.Long(quantity);
        }

        WriteOptional(ref writer, fields.Campaign);
        WriteRelated(ref writer, fields);
        output.Advance(ConfluentWireFormat.HeaderLength + writer.Written);
    }

    private static void WriteOptional(ref AvroSpanWriter writer, in Text text)
    {
        writer.Long(text.IsGiven ? 1 : 0);
        if (text.IsGiven)
        {
            writer.Text(text.Utf8);
        }
    }

    private static void WriteRelated(ref AvroSpanWriter writer, in Fields fields)
    {
        if (fields.RelatedCount > 0)
        {
            writer.Long(fields.RelatedCount);
            var related = fields.Related;
            while (related.Read() && related.TokenType == JsonTokenType.String)
            {
                writer.Text(related.ValueSpan);
            }
        }

        writer.Long(0);
    }

    private readonly ref struct Text(ReadOnlySpan<byte> utf8)
    {
        public ReadOnlySpan<byte> Utf8 { get; } = utf8;

        public bool IsGiven { get; } = true;
    }

    private ref struct Fields
    {
        public Text DocumentId;
        public DeltaKind? Kind;
        public long? EventTime;
        public Text Title;
        public Text Category;
        public double? Price;
        public long? Quantity;
        public Text Campaign;

        /// <summary>Stands at the begin of the list, to read it again.</summary>
        public Utf8JsonReader Related;
        public int RelatedCount;
        public int RelatedBytes;
        private int _seen;

        public bool Claim(Field field)
        {
            var bit = 1 << (int)field;
            var first = (_seen & bit) == 0;
            _seen |= bit;
            return first;
        }
    }
}
