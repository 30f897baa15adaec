using System.IO.Enumeration;

namespace Hybrid.Publisher.DeadLetters;

/// <summary>Which dead letters are meant; every condition that is set has to hold.</summary>
public sealed record LetterFilter
{
    /// <summary>The source's name.</summary>
    public string? Source { get; init; }

    /// <summary>The object's key, with <c>*</c> for any characters and <c>?</c> for one.</summary>
    public string? Object { get; init; }

    /// <summary>The class of the error.</summary>
    public string? ErrorClass { get; init; }

    /// <summary>Written at this wall time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those that were not published again.</summary>
    public bool Pending { get; init; }

    /// <summary>Only these positions.</summary>
    public IReadOnlySet<LetterPosition>? Positions { get; init; }

    /// <summary>How many at most, the first ones; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Whether a letter is meant, the limit aside.</summary>
    /// <param name="letter">The letter.</param>
    public bool Matches(StoredLetter letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        return (Source is null || letter.Source == Source)
            && (Object is null || (letter.ObjectKey is { } key && FileSystemName.MatchesSimpleExpression(Object, key, ignoreCase: false)))
            && (ErrorClass is null || letter.ErrorClass == ErrorClass)
            && (Since is null || letter.Written >= Since)
            && (!Pending || letter.Replayed is null)
            && (Positions is null || Positions.Contains(letter.Position));
    }
}
