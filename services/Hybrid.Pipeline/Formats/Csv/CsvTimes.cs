using System.Buffers;
using System.Globalization;
using System.Text;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats.Csv;

/// <summary>Reads event times in the forms that a mapping names.</summary>
internal sealed class CsvTimes
{
    private const int Longest = 64;

    private readonly string[] _formats;
    private readonly TimeSpan? _offset;

    public CsvTimes(CsvFieldMapping mapping)
    {
        _formats = mapping.Formats.Count == 0 ? ["iso", "epoch-milliseconds"] : [.. mapping.Formats];
        foreach (var format in _formats)
        {
            Check(format);
        }

        if (mapping.Offset is { } offset)
        {
            _offset = DateTimeOffset.TryParseExact("2000-01-01T00:00:00" + offset, "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
                ? at.Offset
                : throw new FormatException($"fields.eventTime.offset is '{offset}', not an offset such as +01:00");
        }
    }

    /// <summary>Reads a time; false when it has none of the forms.</summary>
    public bool TryParse(ReadOnlySpan<byte> text, out long milliseconds)
    {
        foreach (var format in _formats)
        {
            if (format switch
                {
                    "iso" => EventTimes.TryParseIso(text, out milliseconds),
                    "epoch-milliseconds" => TryParseEpoch(text, 1, out milliseconds),
                    "epoch-seconds" => TryParseEpoch(text, 1_000, out milliseconds),
                    _ => TryParsePattern(text, format, out milliseconds),
                })
            {
                return true;
            }
        }

        milliseconds = 0;
        return false;
    }

    /// <summary>The forms, for messages.</summary>
    public override string ToString() => string.Join(" or ", _formats);

    private bool TryParsePattern(ReadOnlySpan<byte> text, string format, out long milliseconds)
    {
        milliseconds = 0;
        Span<char> characters = stackalloc char[Longest];
        if (text.Length > Longest || Encoding.UTF8.TryGetChars(text, characters, out var length) is false)
        {
            return false;
        }

        var time = (ReadOnlySpan<char>)characters[..length];
        if (_offset is { } offset && format.AsSpan().IndexOfAny('z', 'K') < 0)
        {
            if (!DateTime.TryParseExact(time, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local.Year is 1 or 9999)
            {
                return false;
            }

            milliseconds = new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), offset).ToUnixTimeMilliseconds();
            return true;
        }

        if (!DateTimeOffset.TryParseExact(
                time, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
        {
            return false;
        }

        milliseconds = instant.ToUnixTimeMilliseconds();
        return true;
    }

    private static bool TryParseEpoch(ReadOnlySpan<byte> text, long unit, out long milliseconds)
    {
        milliseconds = 0;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || Math.Abs((decimal)value) > long.MaxValue / unit)
        {
            return false;
        }

        milliseconds = value * unit;
        return true;
    }

    private static void Check(string format)
    {
        if (format is "iso" or "epoch-milliseconds" or "epoch-seconds")
        {
            return;
        }

        // What it writes it has to read again as the same day and hour, or it is a slip such as mm for MM or hh for HH.
        var probe = new DateTimeOffset(2011, 12, 23, 13, 46, 57, TimeSpan.Zero);
        try
        {
            if (format.Length > 1
                && DateTimeOffset.TryParseExact(
                    probe.ToString(format, CultureInfo.InvariantCulture), format, CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read)
                && read.Date == probe.Date && read.Hour is (0 or 13))
            {
                return;
            }
        }
        catch (FormatException)
        {
        }

        throw new FormatException($"fields.eventTime.formats has '{format}', which is not iso, epoch-seconds, epoch-milliseconds or a pattern with year, month and day such as dd.MM.yyyy HH:mm:ss");
    }
}
