namespace Hybrid.Pipeline.Lines;

/// <summary>Shortens what a source sent so that it fits into a message of one line.</summary>
internal static class Excerpt
{
    private const int MaxLength = 60;

    public static string Of(string text)
    {
        var shown = text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength), "…");
        return string.Create(shown.Length, shown, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
    }
}
