using System.Text;

namespace Hybrid.Sandbox.Solr.Schema;

/// <summary>One <c>field</c> of the schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ordinal">Its position in the schema; what stored documents name it by.</param>
/// <param name="Kind">How its values are stored and compared.</param>
/// <param name="TypeName">The name of its field type.</param>
/// <param name="MultiValued">Whether it may hold more than one value.</param>
/// <param name="Required">Whether a document without it is refused.</param>
/// <param name="Indexed">Whether it can be searched by the index.</param>
/// <param name="Stored">Whether its value is stored.</param>
/// <param name="DocValues">Whether it can be sorted and, unless stored, be read back by its column.</param>
/// <param name="SortMissingLast">Whether documents without it come last in any order.</param>
internal sealed record SchemaField(
    string Name,
    int Ordinal,
    FieldKind Kind,
    string TypeName,
    bool MultiValued,
    bool Required,
    bool Indexed,
    bool Stored,
    bool DocValues,
    bool SortMissingLast)
{
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);

    public bool IsText => Kind is FieldKind.String or FieldKind.Text;

    public bool IsNumeric => Kind is FieldKind.Long or FieldKind.Double or FieldKind.Date;

    public bool IsReadable => Stored || DocValues;
}
