using Spectre.Console;

namespace Hybrid.Comparison.Reporting;

/// <summary>Prints a title with lines below it on the terminal; nothing where there are none.</summary>
internal static class TitledList
{
    public static void Write(IAnsiConsole console, string title, IEnumerable<string> lines)
    {
        var all = lines.ToArray();
        if (all.Length == 0)
        {
            return;
        }

        console.WriteLine(title);
        foreach (var line in all)
        {
            console.WriteLine($"  - {line}");
        }

        console.WriteLine();
    }
}
