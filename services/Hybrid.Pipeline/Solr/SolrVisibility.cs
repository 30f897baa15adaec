using System.Globalization;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Pipeline.Solr;

/// <summary>When an update becomes searchable: the setting <see cref="SolrOptions.Visibility"/>, read.</summary>
public sealed record SolrVisibility
{
    private const string CommitWithinPrefix = "commit-within=";
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private SolrVisibility(VisibilityKind kind, TimeSpan delay)
    {
        Kind = kind;
        Delay = delay;
    }

    /// <summary>Every bulk is committed softly.</summary>
    public static SolrVisibility SoftCommit { get; } = new(VisibilityKind.SoftCommit, TimeSpan.Zero);

    /// <summary>The server's <c>autoSoftCommit</c> decides.</summary>
    public static SolrVisibility Server { get; } = new(VisibilityKind.Server, TimeSpan.Zero);

    /// <summary>Who commits.</summary>
    public VisibilityKind Kind { get; }

    /// <summary>The delay of <see cref="VisibilityKind.CommitWithin"/>, whole milliseconds from 1 ms to 1 h; zero for the others.</summary>
    public TimeSpan Delay { get; }

    /// <summary>The update request's parameter, such as <c>commitWithin=200</c>; null for none.</summary>
    public string? Parameter => Kind switch
    {
        VisibilityKind.CommitWithin => string.Create(CultureInfo.InvariantCulture, $"commitWithin={(long)Delay.TotalMilliseconds}"),
        VisibilityKind.SoftCommit => "softCommit=true",
        _ => null,
    };

    /// <summary>Solr commits by itself at the latest so long after an update.</summary>
    /// <param name="delay">From 1 ms to 1 h.</param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is out of range.</exception>
    public static SolrVisibility CommitWithin(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, Longest);
        return new SolrVisibility(VisibilityKind.CommitWithin, TimeSpan.FromMilliseconds(Math.Floor(delay.TotalMilliseconds)));
    }

    /// <summary>Reads the setting.</summary>
    /// <param name="text"><c>commit-within=200ms</c> (or a number of <c>s</c>), <c>soft-commit</c> or <c>server</c>.</param>
    /// <exception cref="HybridException">It is none of these, or the delay is not from 1 ms to 1 h.</exception>
    public static SolrVisibility Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var setting = text.Trim();
        if (setting.Equals("soft-commit", StringComparison.OrdinalIgnoreCase))
        {
            return SoftCommit;
        }

        if (setting.Equals("server", StringComparison.OrdinalIgnoreCase))
        {
            return Server;
        }

        if (setting.StartsWith(CommitWithinPrefix, StringComparison.OrdinalIgnoreCase)
            && TryReadDelay(setting.AsSpan(CommitWithinPrefix.Length), out var delay)
            && delay >= TimeSpan.FromMilliseconds(1)
            && delay <= Longest)
        {
            return CommitWithin(delay);
        }

        throw HybridException.WrongCall(
            $"Solr:Visibility is '{text}': give commit-within=DELAY with a DELAY such as 200ms or 1s (1 ms to 1 h), soft-commit, or server");
    }

    /// <summary>The setting as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Kind switch
    {
        VisibilityKind.CommitWithin => string.Create(CultureInfo.InvariantCulture, $"{CommitWithinPrefix}{(long)Delay.TotalMilliseconds}ms"),
        VisibilityKind.SoftCommit => "soft-commit",
        _ => "server",
    };

    private static bool TryReadDelay(ReadOnlySpan<char> text, out TimeSpan delay)
    {
        var unit = text.EndsWith("ms", StringComparison.OrdinalIgnoreCase) ? 2 : text.EndsWith("s", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        delay = default;
        if (unit == 0
            || !double.TryParse(text[..^unit], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            || amount > Longest.TotalMilliseconds)
        {
            return false;
        }

        delay = TimeSpan.FromMilliseconds(unit == 2 ? amount : amount * 1000);
        return true;
    }
}

/// <summary>Who makes updates searchable.</summary>
public enum VisibilityKind
{
    /// <summary>Solr, a set time after an update: many updates share one commit, so it is cheap, and the delay is the floor of freshness.</summary>
    CommitWithin,

    /// <summary>Every request: the freshest, and each one pays for a new searcher.</summary>
    SoftCommit,

    /// <summary>Solr's own schedule: nothing is asked for, and nothing is promised.</summary>
    Server,
}
