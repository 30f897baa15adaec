using System.Text;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary>Makes the matcher for what a query asks of one field, as the field's type reads it.</summary>
internal sealed class FieldQueries(CoreSchema schema, ValueConverter converter)
{
    public SchemaField Field(string name) =>
        schema.Find(name) ?? throw SolrException.BadRequest($"undefined field {name}");

    public IMatcher Exists(SchemaField field) => new ExistsMatcher(schema, field);

    /// <summary>A bare word: an exact value, or any of its tokens.</summary>
    public IMatcher Term(SchemaField field, string text)
    {
        if (field.Kind != FieldKind.Text)
        {
            return Terms(field, [text]);
        }

        var tokens = Analyzer.Tokens(text);
        return tokens.Count == 1
            ? new PhraseMatcher(schema, field, tokens)
            : new BooleanMatcher([], [], tokens.Select(token => new PhraseMatcher(schema, field, [token])));
    }

    /// <summary>A quoted text: an exact value, or its tokens one behind the other.</summary>
    public IMatcher Phrase(SchemaField field, string text)
    {
        if (field.Kind != FieldKind.Text)
        {
            return Terms(field, [text]);
        }

        var tokens = Analyzer.Tokens(text);
        return tokens.Count == 0 ? new MatchNone() : new PhraseMatcher(schema, field, tokens);
    }

    /// <summary>Any of some exact values; of a text field, tokens.</summary>
    public IMatcher Terms(SchemaField field, IEnumerable<string> texts)
    {
        if (field.Kind == FieldKind.Text)
        {
            return new BooleanMatcher([], [], texts.Select(text => new PhraseMatcher(schema, field, [text])));
        }

        var terms = texts.Select(text => Stored(field, text)).ToList();
        return ReferenceEquals(field, schema.Id) ? new IdMatcher(terms) : new TermsMatcher(schema, field, terms);
    }

    public IMatcher Wildcard(SchemaField field, string pattern)
    {
        RequireText(field, "a wildcard");
        return new WildcardMatcher(schema, field, WildcardPattern.Parse(field.Kind == FieldKind.Text ? pattern.ToLowerInvariant() : pattern));
    }

    public IMatcher Prefix(SchemaField field, string prefix)
    {
        RequireText(field, "a prefix");
        return new WildcardMatcher(schema, field, WildcardPattern.Prefix(prefix));
    }

    /// <summary>A range; null for an open end.</summary>
    public IMatcher Range(SchemaField field, string? low, bool includesLow, string? high, bool includesHigh)
    {
        if (low is null && high is null)
        {
            return Exists(field);
        }

        if (field.Kind == FieldKind.Text)
        {
            throw SolrException.Unsupported($"a range over the text field {field.Name}");
        }

        return new RangeMatcher(
            schema,
            field,
            low is null ? null : Stored(field, low),
            includesLow,
            high is null ? null : Stored(field, high),
            includesHigh);
    }

    private static void RequireText(SchemaField field, string what)
    {
        if (!field.IsText)
        {
            throw SolrException.BadRequest($"Can't run {what} query on the field {field.Name} of type {field.TypeName}");
        }
    }

    private byte[] Stored(SchemaField field, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (field.IsText)
        {
            return utf8;
        }

        using var output = new ByteBuffer(StoredValue.FixedSize);
        if (converter.TryWrite(field, RawValue.Of(utf8), output) is { } reason)
        {
            throw SolrException.BadRequest(field.Kind == FieldKind.Date ? reason : $"Invalid Number: {text}");
        }

        return output.Written.ToArray();
    }
}
