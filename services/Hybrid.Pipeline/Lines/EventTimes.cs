using System.Buffers;
using System.Text.Json;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.DeadLetters;

namespace Hybrid.Pipeline.Lines;

/// <summary>Reads event times: ISO 8601 with an offset, or integer milliseconds since 1970-01-01T00:00:00Z.</summary>
internal static class EventTimes
{
    private const int LongestIso = 40;

    private static readonly SearchValues<byte> s_isoCharacters = SearchValues.Create("0123456789-+:.TZ"u8);
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

        milliseconds = value;
        return CheckRange(value);
    }

    /// <summary>The error of a time that no delta can hold; null for one that it can.</summary>
    public static LineError? CheckRange(long milliseconds) =>
        milliseconds < s_first || milliseconds > s_last
            ? new LineError(ErrorClasses.OutOfRange, $"eventTime is {milliseconds} ms, outside 2000-01-01 to 2069-09-06")
            : null;

    /// <summary>Reads ISO 8601 with an offset, exactly as in JSON.</summary>
    public static bool TryParseIso(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        Span<byte> json = stackalloc byte[LongestIso + 2];
        if (text.IsEmpty || text.Length > LongestIso || text.ContainsAnyExcept(s_isoCharacters))
        {
            return false;
        }

        json[0] = (byte)'"';
        text.CopyTo(json[1..]);
        json[text.Length + 1] = (byte)'"';
        var reader = new Utf8JsonReader(json[..(text.Length + 2)]);
        reader.Read();
        if (!HasOffset(ref reader) || !reader.TryGetDateTimeOffset(out var time))
        {
            return false;
        }

        milliseconds = time.ToUnixTimeMilliseconds();
        return true;
    }

    private static bool HasOffset(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        return text.Length > 6 && text.IndexOf((byte)'T') > 0 && (text[^1] == 'Z' || text[^6] is (byte)'+' or (byte)'-');
    }
}
