using System.Text.Json;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.DeadLetters;

namespace Hybrid.Pipeline.Lines;

/// <summary>Reads event times: ISO 8601 with an offset, or integer milliseconds since 1970-01-01T00:00:00Z.</summary>
internal static class EventTimes
{
    private static readonly long s_first = DeltaVersion.MinEventTime.ToUnixTimeMilliseconds();
    private static readonly long s_last = DeltaVersion.MaxEventTime.ToUnixTimeMilliseconds();

    public static LineError? Read(ref Utf8JsonReader reader, out long? milliseconds)
    {
        milliseconds = null;
        long value;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when reader.TryGetInt64(out value):
                break;
            case JsonTokenType.Number:
                return new LineError(ErrorClasses.OutOfRange, "eventTime is not an integer of milliseconds");
            case JsonTokenType.String when HasOffset(ref reader) && reader.TryGetDateTimeOffset(out var time):
                value = time.ToUnixTimeMilliseconds();
                break;
            case JsonTokenType.String:
                return new LineError(
                    ErrorClasses.WrongType,
                    $"eventTime is '{Excerpt.Of(reader.GetString()!)}', not ISO 8601 with an offset such as 2011-12-01T08:05:00Z");
            default:
                return SourceLineParser.WrongType(ref reader, "eventTime", "a string or a number");
        }

        if (value < s_first || value > s_last)
        {
            return new LineError(ErrorClasses.OutOfRange, $"eventTime is {value} ms, outside 2000-01-01 to 2069-09-06");
        }

        milliseconds = value;
        return null;
    }

    private static bool HasOffset(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        return text.Length > 6 && text.IndexOf((byte)'T') > 0 && (text[^1] == 'Z' || text[^6] is (byte)'+' or (byte)'-');
    }
}
