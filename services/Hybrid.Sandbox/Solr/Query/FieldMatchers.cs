using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary>Any value of one field passes a test.</summary>
internal abstract class FieldMatcher(CoreSchema schema, SchemaField field) : IMatcher
{
    public IReadOnlyCollection<byte[]>? Ids => null;

    public virtual bool ScoresOne => false;

    protected SchemaField Field { get; } = field;

    public bool Matches(in StoredDocument document)
    {
        if (ReferenceEquals(Field, schema.Id))
        {
            return Test(document.Id);
        }

        if (ReferenceEquals(Field, schema.Version))
        {
            return Test(document.Body.AsSpan(0, StoredDocument.HeaderSize));
        }

        if (StoredDocument.TryFind(schema, document.Body, Field, out var values))
        {
            foreach (var value in new ValueEnumerator(Field, values))
            {
                if (Test(value))
                {
                    return true;
                }
            }
        }

        return false;
    }

    protected abstract bool Test(ReadOnlySpan<byte> value);
}

/// <summary><c>field:*</c>.</summary>
internal sealed class ExistsMatcher(CoreSchema schema, SchemaField field) : FieldMatcher(schema, field)
{
    public override bool ScoresOne => true;

    protected override bool Test(ReadOnlySpan<byte> value) => true;
}

/// <summary>One of some exact values, given as stored.</summary>
internal sealed class TermsMatcher(CoreSchema schema, SchemaField field, IEnumerable<byte[]> terms) : FieldMatcher(schema, field)
{
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _terms =
        terms.ToHashSet(new Utf8Comparer()).GetAlternateLookup<ReadOnlySpan<byte>>();

    protected override bool Test(ReadOnlySpan<byte> value) => _terms.Contains(value);
}

/// <summary>A text field that has all of some tokens, one behind the other.</summary>
internal sealed class PhraseMatcher(CoreSchema schema, SchemaField field, IReadOnlyList<string> phrase) : FieldMatcher(schema, field)
{
    protected override bool Test(ReadOnlySpan<byte> value)
    {
        var tokens = Analyzer.Tokens(value);
        for (var start = 0; start + phrase.Count <= tokens.Count; start++)
        {
            var length = 0;
            while (length < phrase.Count && tokens[start + length] == phrase[length])
            {
                length++;
            }

            if (length == phrase.Count)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A pattern of <c>*</c> and <c>?</c> against a string, or against each token of a text.</summary>
internal sealed class WildcardMatcher(CoreSchema schema, SchemaField field, WildcardPattern pattern) : FieldMatcher(schema, field)
{
    public override bool ScoresOne => true;

    protected override bool Test(ReadOnlySpan<byte> value)
    {
        if (Field.Kind != FieldKind.Text)
        {
            return pattern.IsMatch(System.Text.Encoding.UTF8.GetString(value));
        }

        foreach (var token in Analyzer.Tokens(value))
        {
            if (pattern.IsMatch(token))
            {
                return true;
            }
        }

        return false;
    }
}
