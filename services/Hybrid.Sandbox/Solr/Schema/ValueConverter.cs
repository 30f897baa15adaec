using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Hybrid.Sandbox.Solr.Schema;

/// <summary>Turns given values into stored ones, as the field types of Solr do: a number's fraction is cut off for a long, a text is parsed.</summary>
internal sealed class ValueConverter(TimeProvider time)
{
    /// <summary>Lucene's bound on an indexed term, in bytes.</summary>
    private const int MaxTermBytes = 32766;

    /// <summary>Appends the stored value.</summary>
    /// <param name="field">The field it is for.</param>
    /// <param name="value">The value as given.</param>
    /// <param name="output">Where it goes.</param>
    /// <returns>Null, or why the field cannot hold the value, as Solr says it.</returns>
    public string? TryWrite(SchemaField field, in RawValue value, ByteBuffer output)
    {
        switch (field.Kind)
        {
            case FieldKind.Long:
                if (TryLong(value, out var number))
                {
                    output.Write(number);
                    return null;
                }

                return BadNumber(value);
            case FieldKind.Double:
                if (TryDouble(value, out var floating))
                {
                    output.Write(BitConverter.DoubleToInt64Bits(floating));
                    return null;
                }

                return BadNumber(value);
            case FieldKind.Date:
                if (value.Kind == RawKind.Text && SolrDates.TryParse(value.Text, time) is { } instant)
                {
                    output.Write(instant);
                    return null;
                }

                return $"Invalid Date String:'{value.ToString()}'";
            case FieldKind.Boolean:
                output.Write(IsTrue(value) ? (byte)1 : (byte)0);
                return null;
            default:
                return WriteText(field, value, output);
        }
    }

    /// <summary>Says that a string is too long to be indexed as one term; null when it is not.</summary>
    public static string? Immense(SchemaField field, ReadOnlySpan<byte> text) => text.Length <= MaxTermBytes ? null :
        $"Document contains at least one immense term in field=\"{field.Name}\" (whose UTF8 encoding is longer than the max length {MaxTermBytes})";

    public static bool TryLong(in RawValue value, out long result)
    {
        switch (value.Kind)
        {
            case RawKind.Integer:
                result = value.Integer;
                return true;
            case RawKind.Floating:
                result = double.IsNaN(value.Floating) ? 0 : (long)Math.Clamp(value.Floating, long.MinValue, long.MaxValue);
                return true;
            case RawKind.Text:
                return Utf8Parser.TryParse(value.Text, out result, out var consumed) && consumed == value.Text.Length;
            default:
                result = 0;
                return false;
        }
    }

    private static bool TryDouble(in RawValue value, out double result)
    {
        switch (value.Kind)
        {
            case RawKind.Integer:
                result = value.Integer;
                return true;
            case RawKind.Floating:
                result = value.Floating;
                return true;
            case RawKind.Text:
                return double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out result);
            default:
                result = 0;
                return false;
        }
    }

    private static bool IsTrue(in RawValue value) => value.Kind switch
    {
        RawKind.Text => value.Text.Length > 0 && value.Text[0] is (byte)'1' or (byte)'t' or (byte)'T',
        RawKind.Boolean => value.Integer != 0,
        _ => value.ToString()[0] == '1',
    };

    private static string BadNumber(in RawValue value) =>
        value.Kind == RawKind.Text && value.Text.IsEmpty ? "empty String" : $"For input string: \"{value.ToString()}\"";

    private static string? WriteText(SchemaField field, in RawValue value, ByteBuffer output)
    {
        var text = value.Kind == RawKind.Text ? value.Text : Encoding.UTF8.GetBytes(value.ToString());
        if (field.Kind == FieldKind.String && Immense(field, text) is { } reason)
        {
            return reason;
        }

        StoredValue.WriteOne(field.Kind, text, output);
        return null;
    }
}
