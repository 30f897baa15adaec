using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hybrid.Contracts.Reports;

/// <summary>Writes a point on one line with five significant digits: curves are most of a report, and are drawn on a thousand pixels.</summary>
internal sealed class CurvePointConverter : JsonConverter<CurvePoint>
{
    private const string Digits = "G5";

    /// <inheritdoc/>
    public override CurvePoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("a point is an object with x and y");
        }

        double? x = null;
        double? y = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isX = reader.ValueTextEquals("x"u8);
            if (!isX && !reader.ValueTextEquals("y"u8))
            {
                throw new JsonException("a point has x and y and nothing else");
            }

            reader.Read();
            var value = reader.GetDouble();
            x = isX ? value : x;
            y = isX ? y : value;
        }

        return x is { } across && y is { } up ? new CurvePoint(across, up) : throw new JsonException("a point lacks x or y");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, CurvePoint value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteRawValue($"{{\"x\":{Rounded(value.X)},\"y\":{Rounded(value.Y)}}}");
    }

    private static string Rounded(double value) => value.ToString(Digits, CultureInfo.InvariantCulture);
}
