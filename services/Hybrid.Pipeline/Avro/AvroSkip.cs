namespace Hybrid.Pipeline.Avro;

/// <summary>Passes over values of any schema, within bounds that hostile bytes cannot stretch.</summary>
internal static class AvroSkip
{
    private const int MaxDepth = 100;

    /// <summary>Passes over a value.</summary>
    /// <exception cref="DeltaFormatException">The bytes are not one, or nest too deeply.</exception>
    public static void Value(ref AvroBinaryReader reader, AvroSchema schema) => Value(ref reader, schema, 0);

    /// <summary>The branch of a union that comes next; of another schema, itself.</summary>
    /// <exception cref="DeltaFormatException">There is no such branch.</exception>
    public static AvroSchema Branch(ref AvroBinaryReader reader, AvroSchema schema)
    {
        if (schema.Type != AvroType.Union)
        {
            return schema;
        }

        var index = reader.Long();
        return index >= 0 && index < schema.Branches.Count
            ? schema.Branches[(int)index]
            : throw new DeltaFormatException($"union branch {index} does not exist");
    }

    private static void Value(ref AvroBinaryReader reader, AvroSchema schema, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new DeltaFormatException($"a value nests deeper than {MaxDepth} levels");
        }

        var actual = Branch(ref reader, schema);
        switch (actual.Type)
        {
            case AvroType.Null:
                break;
            case AvroType.Boolean:
                reader.Boolean();
                break;
            case AvroType.Int or AvroType.Long or AvroType.Enum:
                reader.Long();
                break;
            case AvroType.Float:
                reader.Float();
                break;
            case AvroType.Double:
                reader.Double();
                break;
            case AvroType.Bytes or AvroType.String:
                reader.Bytes();
                break;
            case AvroType.Fixed:
                reader.Take(actual.Size);
                break;
            case AvroType.Record:
                foreach (var field in actual.Fields)
                {
                    Value(ref reader, field.Schema, depth + 1);
                }

                break;
            default:
                Blocks(ref reader, actual, depth);
                break;
        }
    }

    private static void Blocks(ref AvroBinaryReader reader, AvroSchema schema, int depth)
    {
        for (var count = reader.BlockCount(); count > 0; count = reader.BlockCount())
        {
            // Whether an item takes bytes follows from the schema: if the first takes none, none does.
            var before = reader.Remaining;
            for (var i = 0L; i < count && (i == 0 || reader.Remaining < before); i++)
            {
                if (schema.Type == AvroType.Map)
                {
                    reader.Bytes();
                }

                Value(ref reader, schema.Items!, depth + 1);
            }
        }
    }
}
