namespace Hybrid.Sandbox.Solr.Query;

/// <summary>A pattern of literal characters, <c>*</c> (any number of characters) and <c>?</c> (one).</summary>
internal sealed class WildcardPattern
{
    private const int AnyRun = -1;
    private const int AnyOne = -2;

    private readonly int[] _symbols;

    private WildcardPattern(int[] symbols) => _symbols = symbols;

    /// <summary>Reads a pattern in which a backslash takes the meaning off the character behind it.</summary>
    public static WildcardPattern Parse(string text)
    {
        var symbols = new List<int>(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            symbols.Add(text[index] switch
            {
                '*' => AnyRun,
                '?' => AnyOne,
                '\\' when index + 1 < text.Length => text[++index],
                var literal => literal,
            });
        }

        return new WildcardPattern(symbols.ToArray());
    }

    public static WildcardPattern Prefix(string text) => new([.. text.Select(character => (int)character), AnyRun]);

    public bool IsMatch(ReadOnlySpan<char> text)
    {
        var symbol = 0;
        var position = 0;
        var retrySymbol = -1;
        var retryPosition = 0;
        while (position < text.Length)
        {
            if (symbol < _symbols.Length && _symbols[symbol] == AnyRun)
            {
                retrySymbol = ++symbol;
                retryPosition = position;
            }
            else if (symbol < _symbols.Length && (_symbols[symbol] == AnyOne || _symbols[symbol] == text[position]))
            {
                symbol++;
                position++;
            }
            else if (retrySymbol >= 0)
            {
                symbol = retrySymbol;
                position = ++retryPosition;
            }
            else
            {
                return false;
            }
        }

        while (symbol < _symbols.Length && _symbols[symbol] == AnyRun)
        {
            symbol++;
        }

        return symbol == _symbols.Length;
    }
}
