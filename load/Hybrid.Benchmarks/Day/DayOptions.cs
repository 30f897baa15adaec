using System.Globalization;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Benchmarks.Day;

/// <summary>How the day is run.</summary>
internal sealed record DayOptions
{
    public const string Usage = """
        A day of the publisher at high pace: a source of small partitions is put into a sandbox and published by a process of its own, with late,
        replaced and malformed objects among them. Its memory, managed and native, is sampled all the while: the last quarter of the day
        must need no more than the second (the first one compiles).

        Usage: bench day [--hours H] [--period 1m|10s|...] [--pace MS] [--objects N] [--lines N]

          --hours H     event time, 1 to 240 (default 24)
          --period P    length of a partition: 1s to 1h (default 1m: 1 440 a day)
          --pace MS     wall time between two partitions, 5 to 10 000 ms (default 80: a day of minutes takes two)
          --objects N   objects in each partition, 1 to 1 000 (default 10)
          --lines N     lines in each object, 1 to 10 000 (default 20)

        Exit 0 when the memory is flat and every object was published, 1 when not.

        Examples:
          ./hybrid bench day
          ./hybrid bench day --period 10s --pace 20 --objects 4
        """;

    public double Hours { get; init; } = 24;

    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(80);

    public int Objects { get; init; } = 10;

    public int Lines { get; init; } = 20;

    public int Partitions => (int)(TimeSpan.FromHours(Hours) / Period);

    /// <exception cref="HybridException">An option is wrong.</exception>
    public static DayOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new DayOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 >= arguments.Count)
            {
                throw HybridException.WrongCall($"{arguments[i]} has no value, or is none of the options of bench day: see ./hybrid bench day --help");
            }

            var value = arguments[i + 1];
            options = arguments[i] switch
            {
                "--hours" => options with { Hours = Number(value, 1, 240) },
                "--period" => options with { Period = Length(value) },
                "--pace" => options with { Pace = TimeSpan.FromMilliseconds(Number(value, 5, 10_000)) },
                "--objects" => options with { Objects = Number(value, 1, 1_000) },
                "--lines" => options with { Lines = Number(value, 1, 10_000) },
                var option => throw HybridException.WrongCall($"'{option} {value}' is none of the options of bench day: see ./hybrid bench day --help"),
            };
        }

        return options;
    }

    private static int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw HybridException.WrongCall($"'{text}' is no number from {least} to {most}");

    private static TimeSpan Length(string text)
    {
        var unit = text.Length > 1 ? text[^1] : ' ';
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return seconds > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number * seconds <= 3600 && 86_400 % (number * seconds) == 0
            ? TimeSpan.FromSeconds(number * seconds)
            : throw HybridException.WrongCall($"'{text}' is no length of a partition: give 1s to 1h, of which a day holds a whole number, such as 10s or 1m");
    }
}
