namespace Hybrid.Comparison.Progress;

/// <summary>Is told how a comparison goes. Calls may come from several threads.</summary>
public interface IComparisonProgress
{
    /// <summary>A new phase begins.</summary>
    /// <param name="text">What is done now, one line.</param>
    void Phase(string text);

    /// <summary>The phase gets on.</summary>
    /// <param name="done">Units done.</param>
    /// <param name="total">Units in all.</param>
    void Advance(long done, long total);

    /// <summary>A lane's run gets on.</summary>
    /// <param name="lane">How far it is.</param>
    void Lane(LaneProgress lane);

    /// <summary>Something the user should know.</summary>
    /// <param name="text">One line.</param>
    void Note(string text);
}

/// <summary>How far a lane's run is.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Due">Periods due so far.</param>
/// <param name="Periods">Periods in all.</param>
/// <param name="Records">Records the lane has taken; null when it has not said.</param>
/// <param name="Lag">Records it lags behind; null when it has not said.</param>
/// <param name="Seen">Canaries seen.</param>
/// <param name="Canaries">Canaries in all.</param>
public sealed record LaneProgress(string Lane, int Due, int Periods, long? Records, double? Lag, int Seen, int Canaries);
