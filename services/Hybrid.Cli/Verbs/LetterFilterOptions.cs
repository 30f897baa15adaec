using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Pipeline.Hosting;
using Hybrid.Publisher.DeadLetters;

namespace Hybrid.Cli.Verbs;

/// <summary>The options that say which dead letters are meant.</summary>
internal sealed class LetterFilterOptions(int? limit)
{
    private readonly Option<string?> _source = new("--source") { Description = "Only those of this source.", HelpName = "NAME" };

    private readonly Option<string?> _object = new("--object")
    {
        Description = "Only those of objects with such a key; * stands for any characters, ? for one.",
        HelpName = "GLOB",
    };

    private readonly Option<string?> _class = new("--class") { Description = "Only those with this class of error, such as malformed-json.", HelpName = "CLASS" };

    private readonly Option<DateTimeOffset?> _since = Dates.PastOption("--since", "Only those written since then: 2h, or 2011-12-01T08:00Z.");

    private readonly Option<bool> _pending = new("--pending") { Description = "Only those that were not published again." };

    private readonly Option<int?> _limit = new("--limit") { Description = "So many at most, the oldest ones.", HelpName = "N" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_source, _object, _class, _since, _pending, _limit])
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="HybridException">A position is not one.</exception>
    public LetterFilter Read(ParseResult parsed, params string[] positions) => new()
    {
        Source = parsed.GetValue(_source),
        Object = parsed.GetValue(_object),
        ErrorClass = parsed.GetValue(_class),
        Since = parsed.GetValue(_since),
        Pending = parsed.GetValue(_pending),
        Limit = parsed.GetValue(_limit) ?? limit,
        Positions = positions.Length == 0 ? null : positions.Select(Position).ToHashSet(),
    };

    private static LetterPosition Position(string text) => LetterPosition.TryParse(text, out var position)
        ? position
        : throw HybridException.WrongCall($"--at {text}: write partition:offset, such as 0:17");
}
