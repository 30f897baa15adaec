using Hybrid.Sandbox.Registry.Avro;

namespace Hybrid.Sandbox.Registry;

/// <summary>A schema as a request gives it, in the registry's own text.</summary>
/// <param name="Text">Its canonical text.</param>
/// <param name="References">The schemas of other subjects that it uses.</param>
/// <param name="Parsed">What it says.</param>
internal sealed record ReadSchema(string Text, IReadOnlyList<SchemaReference> References, AvroSchema Parsed)
{
    /// <summary>What two schemas share when they are the same.</summary>
    public string Content { get; } = ContentOf(Text, References);

    public static string ContentOf(string text, IReadOnlyList<SchemaReference> references) =>
        references.Count == 0 ? text : $"{text}\n{string.Join('\n', references)}";
}

/// <summary>Reads schemas with the referenced ones that they use.</summary>
/// <param name="find">Finds the schema of a subject's version, the soft-deleted among them.</param>
internal sealed class SchemaReader(Func<SchemaReference, RegisteredSchema?> find)
{
    /// <param name="request">The schema.</param>
    /// <param name="normalize">Also put into order what has no order, so that schemas that mean the same are the same.</param>
    /// <exception cref="RegistryException">42201.</exception>
    public ReadSchema Read(SchemaRequest request, bool normalize)
    {
        if (request.SchemaType is not (null or "" or "AVRO"))
        {
            throw RegistryException.InvalidSchema($"the type {request.SchemaType} is not supported here; AVRO is");
        }

        if (string.IsNullOrWhiteSpace(request.Schema))
        {
            throw RegistryException.EmptySchema();
        }

        var references = request.References ?? [];
        try
        {
            var texts = Texts(references);
            var parsed = AvroSchemaParser.Parse(request.Schema, texts);
            var names = texts.Count == 0 ? [] : AvroSchemaParser.NamesOf(texts);
            if (normalize)
            {
                references = [.. references.OrderBy(static reference => reference.Name, StringComparer.Ordinal)];
            }

            return new ReadSchema(AvroCanonical.Write(parsed, normalize, names), references, parsed);
        }
        catch (AvroSchemaException exception)
        {
            throw RegistryException.InvalidSchema(exception.Message);
        }
    }

    /// <summary>Parses a text that the registry wrote itself.</summary>
    public AvroSchema Parse(string text, IReadOnlyList<SchemaReference> references) => AvroSchemaParser.Parse(text, Texts(references));

    private List<string> Texts(IReadOnlyList<SchemaReference> references)
    {
        var texts = new List<string>();
        Collect(references, texts, []);
        return texts;
    }

    /// <summary>The texts of referenced schemas, those that others use first.</summary>
    private void Collect(IReadOnlyList<SchemaReference> references, List<string> texts, HashSet<int> seen)
    {
        foreach (var reference in references)
        {
            var schema = find(reference) ?? throw RegistryException.InvalidSchema(
                $"the reference to subject {reference.Subject} version {reference.Version} leads nowhere");
            if (seen.Add(schema.Id))
            {
                Collect(schema.References, texts, seen);
                texts.Add(schema.Text);
            }
        }
    }
}
