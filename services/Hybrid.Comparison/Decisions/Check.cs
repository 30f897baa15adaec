namespace Hybrid.Comparison.Decisions;

/// <summary>How a candidate stands to one of the questions.</summary>
/// <param name="Question">Which one.</param>
/// <param name="Outcome">Whether it met it.</param>
/// <param name="Because">The measured reason, one sentence.</param>
internal sealed record Check(Question Question, Outcome Outcome, string Because);

/// <summary>The five questions, and the one that comes before them.</summary>
internal enum Question
{
    /// <summary>Does it end in the right index at all?</summary>
    Correct,

    /// <summary>Is low latency really needed?</summary>
    Freshness,

    /// <summary>Is state needed across events?</summary>
    State,

    /// <summary>Is the input bounded?</summary>
    Bounded,

    /// <summary>What happens when it breaks?</summary>
    Restart,

    /// <summary>What does it cost in total?</summary>
    Cost,
}

/// <summary>Whether a requirement was met in the measured runs.</summary>
internal enum Outcome
{
    /// <summary>It was.</summary>
    Met,

    /// <summary>It was not.</summary>
    Missed,

    /// <summary>No run says.</summary>
    NotMeasured,
}
