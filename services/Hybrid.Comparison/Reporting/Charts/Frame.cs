namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>The room that a chart is drawn in. Every chart is drawn twice, so that its letters stay legible on a phone.</summary>
/// <param name="Name">The class that the style sheet shows or hides it by.</param>
/// <param name="Width">Units across.</param>
/// <param name="Height">Units down.</param>
/// <param name="Left">Room for the vertical axis.</param>
/// <param name="XTicks">Marks on the horizontal axis at most.</param>
internal sealed record Frame(string Name, int Width, int Height, int Left, int XTicks)
{
    public static IReadOnlyList<Frame> Both { get; } = [new("wide", 720, 320, 72, 9), new("narrow", 340, 260, 56, 4)];

    public int Right => Width - 18;

    public int Top => 14;

    public int Bottom => Height - 46;
}
