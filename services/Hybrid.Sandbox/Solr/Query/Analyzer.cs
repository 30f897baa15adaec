using System.Globalization;
using System.Text;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary>
/// The standard tokenizer and the lower-case filter, as far as titles need them: words of letters and digits, joined by an
/// underscore, by an apostrophe, period or colon between letters and by a period or comma between digits (after the word-break
/// rules of UAX #29); an ideograph is a token by itself.
/// </summary>
internal static class Analyzer
{
    private const int MaxTokenLength = 255;

    public static IReadOnlyList<string> Tokens(ReadOnlySpan<byte> utf8) => Tokens(Encoding.UTF8.GetString(utf8));

    public static IReadOnlyList<string> Tokens(string text)
    {
        var tokens = new List<string>();
        var start = -1;
        for (var index = 0; index <= text.Length; index++)
        {
            var inWord = index < text.Length && IsWordCharacter(text, index, start >= 0);
            if (inWord && IsIdeograph(text[index]))
            {
                Emit(text, start, index, tokens);
                Emit(text, index, index + 1, tokens);
                start = -1;
            }
            else if (inWord && start < 0)
            {
                start = index;
            }
            else if (!inWord)
            {
                Emit(text, start, index, tokens);
                start = -1;
            }
        }

        return tokens;
    }

    private static void Emit(string text, int start, int end, List<string> tokens)
    {
        for (; start >= 0 && start < end; start += MaxTokenLength)
        {
            tokens.Add(text[start..Math.Min(end, start + MaxTokenLength)].ToLowerInvariant());
        }
    }

    private static bool IsWordCharacter(string text, int index, bool within)
    {
        var character = text[index];
        if (char.IsLetterOrDigit(character) || character == '_' || char.IsSurrogate(character))
        {
            return true;
        }

        var category = char.GetUnicodeCategory(character);
        if (within && category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
        {
            return true;
        }

        if (!within || index == 0 || index + 1 >= text.Length)
        {
            return false;
        }

        var before = text[index - 1];
        var after = text[index + 1];
        return character switch
        {
            '\'' or '\u2019' or ':' or '\u00B7' => char.IsLetter(before) && char.IsLetter(after),
            '.' => (char.IsLetter(before) && char.IsLetter(after)) || (char.IsDigit(before) && char.IsDigit(after)),
            ',' or ';' => char.IsDigit(before) && char.IsDigit(after),
            _ => false,
        };
    }

    private static bool IsIdeograph(char character) => character is >= '\u3400' and <= '\u9FFF' or >= '\u3040' and <= '\u309F';
}
