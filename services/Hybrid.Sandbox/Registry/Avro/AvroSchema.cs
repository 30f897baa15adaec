using System.Text.Json.Nodes;

namespace Hybrid.Sandbox.Registry.Avro;

/// <summary>A schema of Apache Avro 1.11, as far as schema resolution needs it.</summary>
internal abstract class AvroSchema
{
    /// <summary>The kind as the specification names it: <c>int</c>, <c>record</c>, <c>union</c>…</summary>
    public abstract string Kind { get; }

    /// <summary>How an error message calls it.</summary>
    public virtual string Description => Kind;

    /// <summary>Attributes that the specification gives no meaning for this kind, and logical types: kept, not judged.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonNode?>> Properties { get; init; } = [];
}

internal sealed class AvroPrimitive(string kind) : AvroSchema
{
    public override string Kind => kind;
}

internal sealed class AvroArray(AvroSchema items) : AvroSchema
{
    public override string Kind => "array";

    public AvroSchema Items => items;
}

internal sealed class AvroMap(AvroSchema values) : AvroSchema
{
    public override string Kind => "map";

    public AvroSchema Values => values;
}

internal sealed class AvroUnion(IReadOnlyList<AvroSchema> branches) : AvroSchema
{
    public override string Kind => "union";

    public IReadOnlyList<AvroSchema> Branches => branches;
}

/// <summary>A record, enum or fixed.</summary>
internal abstract class AvroNamed(AvroName name) : AvroSchema
{
    public AvroName Name => name;

    public string? Doc { get; init; }

    /// <summary>Full names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public override string Description => $"{Kind} {Name.Full}";
}

internal sealed class AvroRecord(AvroName name, bool isError) : AvroNamed(name)
{
    public override string Kind => isError ? "error" : "record";

    /// <summary>Set once, when the fields are parsed: they may refer to the record itself.</summary>
    public IReadOnlyList<AvroField> Fields { get; set; } = [];
}

internal sealed class AvroEnum(AvroName name, IReadOnlyList<string> symbols, string? defaultSymbol) : AvroNamed(name)
{
    public override string Kind => "enum";

    public IReadOnlyList<string> Symbols => symbols;

    public string? Default => defaultSymbol;
}

internal sealed class AvroFixed(AvroName name, int size) : AvroNamed(name)
{
    public override string Kind => "fixed";

    /// <summary>Bytes.</summary>
    public int Size => size;
}

/// <summary>A field of a record.</summary>
internal sealed record AvroField(string Name, AvroSchema Schema)
{
    public bool HasDefault { get; init; }

    /// <summary>The default as it was written; meaningful when <see cref="HasDefault"/>.</summary>
    public JsonNode? Default { get; init; }

    public string? Doc { get; init; }

    /// <summary><c>ascending</c>, <c>descending</c> or <c>ignore</c>; null when not given.</summary>
    public string? Order { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, JsonNode?>> Properties { get; init; } = [];
}

/// <summary>A name with its namespace, which may be empty.</summary>
internal readonly record struct AvroName(string Namespace, string Simple)
{
    public string Full => Namespace.Length == 0 ? Simple : $"{Namespace}.{Simple}";

    /// <summary>Reads a name as it stands in a schema: a dotted name carries its own namespace.</summary>
    /// <exception cref="AvroSchemaException">It is no name.</exception>
    public static AvroName Parse(string text, string enclosingNamespace)
    {
        var dot = text.LastIndexOf('.');
        var name = dot < 0 ? new AvroName(enclosingNamespace, text) : new AvroName(text[..dot], text[(dot + 1)..]);
        foreach (var part in name.Full.Split('.'))
        {
            if (!IsName(part))
            {
                throw new AvroSchemaException($"'{text}' is not a name: letters, digits and underscores, not beginning with a digit.");
            }
        }

        return name;
    }

    public static bool IsName(string text) =>
        text.Length > 0
        && (char.IsAsciiLetter(text[0]) || text[0] == '_')
        && text.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
}

/// <summary>A text is not an Avro schema; the message says where and why.</summary>
internal sealed class AvroSchemaException(string message) : Exception(message);
