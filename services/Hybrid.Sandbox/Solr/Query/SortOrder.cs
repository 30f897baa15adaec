using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary>
/// The order of a search's hits. Every hit scores the same here, so <c>score</c> decides nothing, and what the fields leave
/// undecided the index order does: the least recently updated first.
/// </summary>
internal sealed class SortOrder : IComparer<StoredDocument>
{
    private static readonly byte[] Zero = new byte[StoredValue.FixedSize];

    private readonly CoreSchema _schema;

    private SortOrder(CoreSchema schema, IReadOnlyList<SortClause> clauses, bool asksForScore)
    {
        _schema = schema;
        Clauses = clauses;
        AsksForScore = asksForScore;
    }

    public IReadOnlyList<SortClause> Clauses { get; }

    /// <summary>Whether <c>score</c> is among the clauses, which is right only where every hit scores the same.</summary>
    public bool AsksForScore { get; }

    /// <summary>Whether it is by id and nothing else, which the searcher keeps ready.</summary>
    public bool IsById => Clauses is [var only] && ReferenceEquals(only.Field, _schema.Id);

    public bool IsDescending => Clauses is [{ Descending: true }, ..];

    /// <summary>Whether no two hits are equal in it, as a cursor needs it.</summary>
    public bool IsTotal => Clauses.Any(clause => ReferenceEquals(clause.Field, _schema.Id));

    /// <summary>Parses <c>field asc,other desc</c>.</summary>
    public static SortOrder Parse(string? text, CoreSchema schema)
    {
        var clauses = new List<SortClause>();
        var asksForScore = false;
        foreach (var part in (text ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var space = part.LastIndexOf(' ');
            var direction = space < 0 ? string.Empty : part[(space + 1)..].ToLowerInvariant();
            if (direction is not ("asc" or "desc"))
            {
                throw SolrException.BadRequest($"Can't determine a Sort Order (asc or desc) in sort spec '{text}', pos={text!.Length}");
            }

            var name = part[..space].Trim();
            if (name == "score")
            {
                asksForScore = true;
                continue;
            }

            var field = schema.Find(name)
                ?? throw SolrException.BadRequest($"sort param field can't be found: {name}");
            if (field.MultiValued)
            {
                throw SolrException.BadRequest($"can not sort on multivalued field: {name}");
            }

            if (field.Kind == FieldKind.Text)
            {
                throw SolrException.Unsupported($"sorting by the text field {name}");
            }

            clauses.Add(new SortClause(field, direction == "desc"));
        }

        return new SortOrder(schema, clauses, asksForScore);
    }

    public int Compare(StoredDocument x, StoredDocument y)
    {
        foreach (var clause in Clauses)
        {
            var hasX = x.TryGetFirst(_schema, clause.Field, out var left);
            var hasY = y.TryGetFirst(_schema, clause.Field, out var right);
            if (Compare(clause, hasX, left, hasY, right) is var order and not 0)
            {
                return order;
            }
        }

        return x.Version.CompareTo(y.Version);
    }

    /// <summary>Compares a hit with the last one of an earlier page.</summary>
    public int Compare(in StoredDocument document, IReadOnlyList<byte[]?> cursor)
    {
        for (var index = 0; index < Clauses.Count; index++)
        {
            var clause = Clauses[index];
            var has = document.TryGetFirst(_schema, clause.Field, out var value);
            if (Compare(clause, has, value, cursor[index] is not null, cursor[index]) is var order and not 0)
            {
                return order;
            }
        }

        return 0;
    }

    /// <summary>What a cursor has to remember of a page's last hit.</summary>
    public byte[]?[] ValuesOf(StoredDocument document) => Clauses
        .Select(clause => document.TryGetFirst(_schema, clause.Field, out var value) ? value.ToArray() : null)
        .ToArray();

    private static int Compare(SortClause clause, bool hasLeft, ReadOnlySpan<byte> left, bool hasRight, ReadOnlySpan<byte> right)
    {
        var field = clause.Field;
        if (hasLeft != hasRight && !(field.IsNumeric && !field.SortMissingLast))
        {
            var missingLast = field.SortMissingLast || clause.Descending;
            return hasLeft == missingLast ? -1 : 1;
        }

        if (!hasLeft && !hasRight)
        {
            return 0;
        }

        var order = StoredOrder.Compare(field.Kind, hasLeft ? left : Zero, hasRight ? right : Zero);
        return clause.Descending ? -order : order;
    }
}

/// <summary>One clause of a sort.</summary>
internal sealed record SortClause(SchemaField Field, bool Descending);
