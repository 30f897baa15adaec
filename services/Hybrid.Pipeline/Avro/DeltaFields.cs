using System.Text.Unicode;
using Hybrid.Contracts.Records;

namespace Hybrid.Pipeline.Avro;

/// <summary>A text as UTF-8 where it lies, or none.</summary>
internal readonly ref struct OptionalText(bool isGiven, ReadOnlySpan<byte> utf8)
{
    public bool IsGiven { get; } = isGiven;

    /// <summary>Empty when none is given.</summary>
    public ReadOnlySpan<byte> Utf8 { get; } = utf8;
}

/// <summary>The fields of a delta in the Avro binary of our own schema, read where they lie: no object is made of them.</summary>
internal readonly ref struct DeltaFields
{
    private readonly ReadOnlySpan<byte> _related;

    private DeltaFields(ReadOnlySpan<byte> body)
    {
        var reader = new AvroBinaryReader(body);
        DocumentId = reader.Bytes();
        DocumentIdStart = body.Length - reader.Remaining - DocumentId.Length;
        var kind = reader.Long();
        Kind = kind is >= 0 and <= (long)DeltaKind.Signal ? (DeltaKind)kind : throw new DeltaFormatException($"kind {kind} is none that we know");
        Version = reader.Long();
        EventTimeMilliseconds = reader.Long();
        Partition = reader.Bytes();
        Title = Text(ref reader);
        Category = Text(ref reader);
        Price = IsGiven(ref reader) ? reader.Double() : null;
        Quantity = IsGiven(ref reader) ? reader.Long() : null;
        Campaign = Text(ref reader);
        _related = reader.Take(reader.Remaining);
    }

    public ReadOnlySpan<byte> DocumentId { get; }

    /// <summary>At which byte the document's id begins.</summary>
    public int DocumentIdStart { get; }

    public DeltaKind Kind { get; }

    public long Version { get; }

    public long EventTimeMilliseconds { get; }

    public ReadOnlySpan<byte> Partition { get; }

    public OptionalText Title { get; }

    public OptionalText Category { get; }

    public double? Price { get; }

    public long? Quantity { get; }

    public OptionalText Campaign { get; }

    /// <summary>Reads the fields up to the last; no text is looked into.</summary>
    /// <exception cref="DeltaFormatException">The bytes are not a delta of our schema.</exception>
    public static DeltaFields Read(ReadOnlySpan<byte> body) => new(body);

    /// <summary>Whether bytes are an upsert or a delete of our schema in every detail, so that they can be read whenever that is needed.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="fields">The fields; good only with the answer yes.</param>
    public static bool TryReadUpdate(ReadOnlySpan<byte> body, out DeltaFields fields)
    {
        try
        {
            fields = new DeltaFields(body);
            return fields.Kind is DeltaKind.Upsert or DeltaKind.Delete
                && fields.DocumentId.Length > 0
                && Utf8.IsValid(fields.DocumentId)
                && Utf8.IsValid(fields.Partition)
                && Utf8.IsValid(fields.Title.Utf8)
                && Utf8.IsValid(fields.Category.Utf8)
                && Utf8.IsValid(fields.Campaign.Utf8)
                && fields._related is [0];
        }
        catch (DeltaFormatException)
        {
            fields = default;
            return false;
        }
    }

    /// <summary>Makes the delta.</summary>
    /// <exception cref="DeltaFormatException">A text is not UTF-8, or the last field is none.</exception>
    public CatalogDelta ToDelta()
    {
        var reader = new AvroBinaryReader(_related);
        return new CatalogDelta
        {
            DocumentId = AvroBinaryReader.Decode(DocumentId),
            Kind = Kind,
            Version = Version,
            EventTimeMilliseconds = EventTimeMilliseconds,
            Partition = AvroBinaryReader.Decode(Partition),
            Title = Decode(Title),
            Category = Decode(Category),
            Price = Price,
            Quantity = Quantity,
            Campaign = Decode(Campaign),
            Related = reader.Texts(),
        };
    }

    private static string? Decode(OptionalText text) => text.IsGiven ? AvroBinaryReader.Decode(text.Utf8) : null;

    private static OptionalText Text(scoped ref AvroBinaryReader reader) => IsGiven(ref reader) ? new OptionalText(true, reader.Bytes()) : default;

    private static bool IsGiven(ref AvroBinaryReader reader) => reader.Long() switch
    {
        0 => false,
        1 => true,
        var branch => throw new DeltaFormatException($"union branch {branch} does not exist"),
    };
}
