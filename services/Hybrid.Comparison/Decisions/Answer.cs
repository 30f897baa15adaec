using System.Text.Json.Serialization;

namespace Hybrid.Comparison.Decisions;

/// <summary>The answer as it is shown and as <c>--json</c> gives it.</summary>
internal sealed record Answer
{
    /// <summary>One sentence: the lane, its freshness, its cost and its margin, or that none met the requirement.</summary>
    public required string Summary { get; init; }

    /// <summary>The lane; null when none met the requirement.</summary>
    public string? Lane { get; init; }

    /// <summary>How the lane was set; empty for its defaults.</summary>
    public string? Point { get; init; }

    /// <summary>What it costs a month, with its spread.</summary>
    public Amount? PerMonth { get; init; }

    /// <summary>Its bill.</summary>
    public IReadOnlyList<Item>? Bill { get; init; }

    /// <summary>How it stands to the cheapest other lane that met the requirement; null when there is none.</summary>
    public MarginAnswer? Margin { get; init; }

    /// <summary>What was asked.</summary>
    public required IReadOnlyDictionary<string, string> Asked { get; init; }

    /// <summary>Every lane, as it was set in each measured run, with its answer to each question.</summary>
    public required IReadOnlyList<CandidateAnswer> Candidates { get; init; }

    /// <summary>What would change the answer.</summary>
    public required IReadOnlyList<Threshold> WouldChange { get; init; }

    /// <summary>What the answer does not rest on.</summary>
    public required IReadOnlyList<string> NotMeasured { get; init; }

    /// <summary>Where the prices are from.</summary>
    public required string Prices { get; init; }
}

/// <summary>A figure with its spread.</summary>
internal sealed record Amount(double Value, double? Low, double? High, int Repetitions, string Unit);

/// <summary>A line of a bill.</summary>
internal sealed record Item(string Name, double PerMonth, bool AlwaysOn);

/// <summary>A margin.</summary>
/// <param name="Over">The other lane.</param>
/// <param name="Kind"><c>beyond</c> noise, within <c>noise</c> or <c>unknown</c>.</param>
/// <param name="Share">How much dearer the other lane is, as a share.</param>
internal sealed record MarginAnswer(string Over, string Kind, double? Share);

/// <summary>A candidate.</summary>
internal sealed record CandidateAnswer(string Lane, string Point, string Run, Amount? Freshness, Amount? PerMonth, bool Eligible, IReadOnlyList<CheckAnswer> Checks);

/// <summary>An answer to a question.</summary>
internal sealed record CheckAnswer(string Question, string Outcome, string Because);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Answer))]
internal sealed partial class AnswerJson : JsonSerializerContext;
