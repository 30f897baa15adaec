using Hybrid.Contracts.Records;

namespace Hybrid.Pipeline.Avro;

/// <summary>
/// Reads <see cref="CatalogDelta"/>s that were written with one schema: the schema resolution of the Avro specification, worked out
/// once. Fields that we do not know are skipped; fields that the writer did not have take our defaults. Not for concurrent use.
/// </summary>
internal sealed class DeltaReader
{
    private static readonly AvroSchema Ours = AvroSchema.Parse(Contracts.ContractResources.CatalogDeltaSchema);

    private readonly Step[] _steps;
    private readonly DeltaKind[] _kinds;
    private readonly LastText _partitions = new();
    private readonly LastText _categories = new();
    private readonly LastText _campaigns = new();

    /// <summary>Works out how to read.</summary>
    /// <exception cref="FormatException">The writer's schema does not resolve to ours.</exception>
    public DeltaReader(AvroSchema writer)
    {
        if (writer.Type != AvroType.Record)
        {
            throw new FormatException("the writer's schema is no record");
        }

        _steps = [.. writer.Fields.Select(field => new Step(TargetOf(field.Name), field.Schema))];
        foreach (var required in (Target[])[Target.DocumentId, Target.Kind, Target.Version, Target.EventTime, Target.Partition])
        {
            if (_steps.All(step => step.Target != required))
            {
                throw new FormatException($"the writer's schema lacks the field for {required}, which has no default");
            }
        }

        foreach (var step in _steps)
        {
            Check(step);
        }

        IsOurs = writer.IsWrittenLike(Ours);
        var kind = _steps.First(step => step.Target == Target.Kind).Schema;
        _kinds = [.. kind.Symbols.Select(symbol => Enum.TryParse<DeltaKind>(symbol, ignoreCase: true, out var known) ? known : (DeltaKind)(-1))];
    }

    private enum Target
    {
        Skip,
        DocumentId,
        Kind,
        Version,
        EventTime,
        Partition,
        Title,
        Category,
        Price,
        Quantity,
        Campaign,
        Related,
    }

    /// <summary>Whether what was written with the schema is in the Avro binary of our own, as <see cref="DeltaFields"/> reads it.</summary>
    public bool IsOurs { get; }

    /// <summary>Reads one delta.</summary>
    /// <exception cref="DeltaFormatException">The bytes are not one.</exception>
    public CatalogDelta Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new AvroBinaryReader(bytes);
        string documentId = "", partition = "";
        string? title = null, category = null, campaign = null;
        var kind = DeltaKind.Upsert;
        long version = 0, eventTime = 0;
        double? price = null;
        long? quantity = null;
        string[] related = [];
        foreach (ref readonly var step in _steps.AsSpan())
        {
            switch (step.Target)
            {
                case Target.DocumentId:
                    documentId = Text(ref reader, step.Schema) ?? throw new DeltaFormatException("documentId is null");
                    break;
                case Target.Kind:
                    kind = Kind(ref reader);
                    break;
                case Target.Version:
                    version = Integer(ref reader, step.Schema) ?? throw new DeltaFormatException("version is null");
                    break;
                case Target.EventTime:
                    eventTime = Integer(ref reader, step.Schema) ?? throw new DeltaFormatException("eventTime is null");
                    break;
                case Target.Partition:
                    partition = _partitions.Text(ref reader, AvroSkip.Branch(ref reader, step.Schema));
                    break;
                case Target.Title:
                    title = Text(ref reader, step.Schema);
                    break;
                case Target.Category:
                    category = _categories.OptionalText(ref reader, AvroSkip.Branch(ref reader, step.Schema));
                    break;
                case Target.Price:
                    price = Number(ref reader, step.Schema);
                    break;
                case Target.Quantity:
                    quantity = Integer(ref reader, step.Schema);
                    break;
                case Target.Campaign:
                    campaign = _campaigns.OptionalText(ref reader, AvroSkip.Branch(ref reader, step.Schema));
                    break;
                case Target.Related:
                    related = Texts(ref reader, step.Schema);
                    break;
                default:
                    AvroSkip.Value(ref reader, step.Schema);
                    break;
            }
        }

        if (reader.Remaining > 0)
        {
            throw new DeltaFormatException($"{reader.Remaining} bytes are left after the last field");
        }

        if (documentId.Length == 0)
        {
            throw new DeltaFormatException("documentId is empty");
        }

        return new CatalogDelta
        {
            DocumentId = documentId,
            Kind = kind,
            Version = version,
            EventTimeMilliseconds = eventTime,
            Partition = partition,
            Title = title,
            Category = category,
            Price = price,
            Quantity = quantity,
            Campaign = campaign,
            Related = related,
        };
    }

    private static Target TargetOf(string name) => name switch
    {
        "documentId" => Target.DocumentId,
        "kind" => Target.Kind,
        "version" => Target.Version,
        "eventTime" => Target.EventTime,
        "partition" => Target.Partition,
        "title" => Target.Title,
        "category" => Target.Category,
        "price" => Target.Price,
        "quantity" => Target.Quantity,
        "campaign" => Target.Campaign,
        "related" => Target.Related,
        _ => Target.Skip,
    };

    private static void Check(Step step)
    {
        var nullable = step.Target is Target.Title or Target.Category or Target.Price or Target.Quantity or Target.Campaign;
        var types = (step.Schema.Type == AvroType.Union ? step.Schema.Branches : [step.Schema]).Select(branch => branch.Type);
        bool Readable(AvroType type) => step.Target switch
        {
            Target.Skip => true,
            Target.Kind => type == AvroType.Enum,
            Target.Version or Target.EventTime or Target.Quantity => type is AvroType.Int or AvroType.Long,
            Target.Price => type is AvroType.Int or AvroType.Long or AvroType.Float or AvroType.Double,
            Target.Related => type == AvroType.Array && step.Schema.Items!.Type is AvroType.String or AvroType.Bytes,
            _ => type is AvroType.String or AvroType.Bytes,
        };

        if (!types.All(type => Readable(type) || (nullable && type == AvroType.Null)))
        {
            throw new FormatException($"the writer's type of {step.Target} does not resolve to ours");
        }
    }

    private DeltaKind Kind(ref AvroBinaryReader reader)
    {
        var index = reader.Long();
        var kind = index >= 0 && index < _kinds.Length ? _kinds[index] : (DeltaKind)(-1);
        return Enum.IsDefined(kind) ? kind : throw new DeltaFormatException($"kind {index} is none that we know");
    }

    private static string? Text(ref AvroBinaryReader reader, AvroSchema schema) =>
        AvroSkip.Branch(ref reader, schema).Type == AvroType.Null ? null : reader.String();

    private static long? Integer(ref AvroBinaryReader reader, AvroSchema schema) =>
        AvroSkip.Branch(ref reader, schema).Type == AvroType.Null ? null : reader.Long();

    private static double? Number(ref AvroBinaryReader reader, AvroSchema schema) => AvroSkip.Branch(ref reader, schema).Type switch
    {
        AvroType.Null => null,
        AvroType.Double => reader.Double(),
        AvroType.Float => reader.Float(),
        _ => reader.Long(),
    };

    private static string[] Texts(ref AvroBinaryReader reader, AvroSchema schema)
    {
        AvroSkip.Branch(ref reader, schema);
        return reader.Texts();
    }

    private readonly record struct Step(Target Target, AvroSchema Schema);

    /// <summary>A field whose text is often the same as in the record before: then it is that string and no new one.</summary>
    private sealed class LastText
    {
        private readonly byte[] _bytes = new byte[128];
        private int _length;
        private string _text = "";

        public string? OptionalText(ref AvroBinaryReader reader, AvroSchema schema) => schema.Type == AvroType.Null ? null : Text(ref reader, schema);

        public string Text(ref AvroBinaryReader reader, AvroSchema schema)
        {
            if (schema.Type == AvroType.Null)
            {
                throw new DeltaFormatException("a field that must be given is null");
            }

            var bytes = reader.Bytes();
            if (bytes.SequenceEqual(_bytes.AsSpan(0, _length)))
            {
                return _text;
            }

            var text = AvroBinaryReader.Decode(bytes);
            if (bytes.Length <= _bytes.Length)
            {
                bytes.CopyTo(_bytes);
                (_length, _text) = (bytes.Length, text);
            }

            return text;
        }
    }
}
