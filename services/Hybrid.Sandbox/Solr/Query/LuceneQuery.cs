using System.Text;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary>
/// One parse of the classic query syntax: <c>field:term</c>, phrases, ranges, wildcards, <c>+ - ! NOT AND OR &amp;&amp; ||</c>
/// and parentheses. As in Lucene, an AND makes both its sides required, an OR neither, and a negation alone finds nothing, save at
/// the top, where Solr reads it as everything else.
/// </summary>
internal sealed class LuceneQuery(FieldQueries fields, string text, string? defaultField, bool allByDefault)
{
    private const string Special = "+-!(){}[]^\"~*?:\\/&|";

    private const int MaxDepth = 200;

    private int _position;
    private int _depth;

    public IMatcher Parse()
    {
        SkipSpaces();
        if (AtEnd)
        {
            return new MatchNone();
        }

        var query = ParseClauses(defaultField, isTop: true);
        return AtEnd ? query : throw Unexpected();
    }

    private bool AtEnd => _position >= text.Length;

    private char Next => text[_position];

    private IMatcher ParseClauses(string? field, bool isTop)
    {
        var clauses = new List<Clause>();
        while (true)
        {
            SkipSpaces();
            if (AtEnd || Next == ')')
            {
                break;
            }

            var isAnd = TryKeyword("AND") || TrySymbol("&&");
            var isOr = !isAnd && (TryKeyword("OR") || TrySymbol("||"));
            if ((isAnd || isOr) && clauses.Count == 0)
            {
                throw Unexpected();
            }

            SkipSpaces();
            var occurs = ParseModifier();
            SkipSpaces();
            if (AtEnd || Next == ')')
            {
                throw Unexpected();
            }

            Conjoin(clauses, isAnd, isOr, ref occurs);
            clauses.Add(new Clause(ParseClause(field), occurs ?? Occurs.Should));
        }

        return Combine(clauses, isTop);
    }

    private void Conjoin(List<Clause> clauses, bool isAnd, bool isOr, ref Occurs? occurs)
    {
        if (clauses.Count > 0 && isAnd && clauses[^1].Occurs != Occurs.Not)
        {
            clauses[^1] = clauses[^1] with { Occurs = Occurs.Must };
        }

        if (clauses.Count > 0 && isOr && allByDefault && clauses[^1].Occurs == Occurs.Must)
        {
            clauses[^1] = clauses[^1] with { Occurs = Occurs.Should };
        }

        occurs ??= isAnd || (allByDefault && !isOr) ? Occurs.Must : null;
    }

    private static IMatcher Combine(List<Clause> clauses, bool isTop)
    {
        if (clauses is [{ Occurs: not Occurs.Not } only])
        {
            return only.Matcher;
        }

        IEnumerable<IMatcher> Of(Occurs occurs) => clauses.Where(clause => clause.Occurs == occurs).Select(clause => clause.Matcher);
        if (clauses.Count > 0 && clauses.TrueForAll(clause => clause.Occurs == Occurs.Not))
        {
            return isTop ? new BooleanMatcher([new MatchAll()], Of(Occurs.Not), []) : new MatchNone();
        }

        return clauses.Count == 0 ? new MatchNone() : new BooleanMatcher(Of(Occurs.Must), Of(Occurs.Not), Of(Occurs.Should));
    }

    private Occurs? ParseModifier()
    {
        if (TryKeyword("NOT") || TrySymbol("-") || TrySymbol("!"))
        {
            return Occurs.Not;
        }

        return TrySymbol("+") ? Occurs.Must : null;
    }

    private IMatcher ParseClause(string? field)
    {
        if (TrySymbol("("))
        {
            return ParseGroup(field);
        }

        if (TrySymbol("*:*"))
        {
            RefuseSuffix();
            return new MatchAll();
        }

        var start = _position;
        if (Next is not ('"' or '[' or '{' or '/'))
        {
            var name = ReadWord(out var hasWildcard);
            if (!AtEnd && Next == ':' && !hasWildcard)
            {
                _position++;
                return ParseFieldClause(name);
            }

            _position = start;
        }

        return ParseValue(fields.Field(
            field ?? throw SolrException.BadRequest("no field name specified in query and no default specified via 'df' param")));
    }

    private IMatcher ParseFieldClause(string name)
    {
        if (name is "_query_" or "_val_")
        {
            throw SolrException.Unsupported($"'{name}' in a query");
        }

        var field = fields.Field(name);
        SkipSpaces();
        if (AtEnd)
        {
            throw Unexpected();
        }

        return TrySymbol("(") ? ParseGroup(name) : ParseValue(field);
    }

    private IMatcher ParseGroup(string? field)
    {
        if (++_depth > MaxDepth)
        {
            throw SolrException.BadRequest($"the query nests deeper than {MaxDepth} parentheses");
        }

        var group = ParseClauses(field, isTop: false);
        _depth--;
        if (!TrySymbol(")"))
        {
            throw Unexpected();
        }

        RefuseSuffix();
        return group;
    }

    private IMatcher ParseValue(SchemaField field)
    {
        IMatcher matcher;
        switch (Next)
        {
            case '"':
                matcher = fields.Phrase(field, ReadQuoted());
                break;
            case '[' or '{':
                matcher = ParseRange(field);
                break;
            case '/':
                throw SolrException.Unsupported("a regular expression in a query");
            default:
                var start = _position;
                var word = ReadWord(out var hasWildcard);
                if (_position == start)
                {
                    throw Unexpected();
                }

                var raw = text[start.._position];
                matcher = !hasWildcard ? fields.Term(field, word)
                    : raw == "*" ? fields.Exists(field)
                    : fields.Wildcard(field, raw);
                break;
        }

        RefuseSuffix();
        return matcher;
    }

    private IMatcher ParseRange(SchemaField field)
    {
        var includesLow = text[_position++] == '[';
        var low = ReadRangeEnd();
        SkipSpaces();
        if (!TryKeyword("TO"))
        {
            throw Unexpected();
        }

        var high = ReadRangeEnd();
        SkipSpaces();
        if (AtEnd || Next is not (']' or '}'))
        {
            throw Unexpected();
        }

        var includesHigh = text[_position++] == ']';
        return fields.Range(field, low, includesLow, high, includesHigh);
    }

    private string? ReadRangeEnd()
    {
        SkipSpaces();
        if (!AtEnd && Next == '"')
        {
            return ReadQuoted();
        }

        var start = _position;
        while (!AtEnd && Next is not (' ' or ']' or '}'))
        {
            _position += Next == '\\' ? 2 : 1;
        }

        _position = Math.Min(_position, text.Length);
        if (_position == start)
        {
            throw Unexpected();
        }

        var end = text[start.._position];
        return end == "*" ? null : Unescape(end);
    }

    private string ReadQuoted()
    {
        var start = ++_position;
        while (!AtEnd && Next != '"')
        {
            _position += Next == '\\' ? 2 : 1;
        }

        if (AtEnd)
        {
            throw Unexpected();
        }

        return Unescape(text[start.._position++]);
    }

    private string ReadWord(out bool hasWildcard)
    {
        hasWildcard = false;
        var start = _position;
        while (!AtEnd && !char.IsWhiteSpace(Next))
        {
            if (Next == '\\')
            {
                if (_position + 1 >= text.Length)
                {
                    throw Unexpected();
                }

                _position += 2;
            }
            else if (Next is '*' or '?')
            {
                hasWildcard = true;
                _position++;
            }
            else if (Special.Contains(Next, StringComparison.Ordinal) && !(_position > start && Next is '-' or '+' or '/' or '!' or '&' or '|'))
            {
                break;
            }
            else
            {
                _position++;
            }
        }

        return Unescape(text[start.._position]);
    }

    private static string Unescape(string escaped)
    {
        if (!escaped.Contains('\\', StringComparison.Ordinal))
        {
            return escaped;
        }

        var plain = new StringBuilder(escaped.Length);
        for (var index = 0; index < escaped.Length; index++)
        {
            if (escaped[index] == '\\' && index + 1 < escaped.Length)
            {
                index++;
            }

            plain.Append(escaped[index]);
        }

        return plain.ToString();
    }

    private void RefuseSuffix()
    {
        if (!AtEnd && Next is '^' or '~')
        {
            throw SolrException.Unsupported(Next == '^' ? "a boost (^) in a query" : "a fuzzy or proximity search (~)");
        }
    }

    private void SkipSpaces()
    {
        while (!AtEnd && char.IsWhiteSpace(Next))
        {
            _position++;
        }
    }

    private bool TrySymbol(string symbol)
    {
        if (string.CompareOrdinal(text, _position, symbol, 0, symbol.Length) != 0)
        {
            return false;
        }

        _position += symbol.Length;
        return true;
    }

    private bool TryKeyword(string keyword)
    {
        var end = _position + keyword.Length;
        return (end >= text.Length || char.IsWhiteSpace(text[end]) || text[end] == '(') && TrySymbol(keyword);
    }

    private SolrException Unexpected() => SolrException.BadRequest(
        $"org.apache.solr.search.SyntaxError: Cannot parse '{text}': Encountered {(AtEnd ? "the end" : $"'{Next}'")} at column {Math.Min(_position, text.Length)}",
        JavaClasses.QuerySyntax);

    private enum Occurs
    {
        Should,
        Must,
        Not,
    }

    private readonly record struct Clause(IMatcher Matcher, Occurs Occurs);
}
