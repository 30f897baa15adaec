using Hybrid.Contracts.Records;
using Hybrid.Pipeline.DeadLetters;

namespace Hybrid.Pipeline.Lines;

/// <summary>The fields of a line that have a meaning.</summary>
internal enum Field
{
    Unknown,
    DocumentId,
    Kind,
    EventTime,
    Title,
    Category,
    Price,
    Quantity,
    Campaign,
    Related,
}

/// <summary>The fields of a line as far as they were read.</summary>
internal struct LineFields
{
    public string? DocumentId;
    public DeltaKind? Kind;
    public long? EventTime;
    public string? Title;
    public string? Category;
    public double? Price;
    public long? Quantity;
    public string? Campaign;
    public string[]? Related;
    private int _seen;

    /// <summary>Notes that a field occurs; false when it did before.</summary>
    public bool Claim(Field field)
    {
        var bit = 1 << (int)field;
        var first = (_seen & bit) == 0;
        _seen |= bit;
        return first;
    }

    /// <summary>The error of a line that lacks what every line has.</summary>
    public readonly LineError? Missing() =>
        string.IsNullOrEmpty(DocumentId) ? new LineError(ErrorClasses.MissingField, "documentId is missing or empty")
        : Kind is null ? new LineError(ErrorClasses.MissingField, "kind is missing")
        : EventTime is null ? new LineError(ErrorClasses.MissingField, "eventTime is missing")
        : null;

    public readonly CatalogDelta ToDelta(in SourcePosition position) => new()
    {
        DocumentId = DocumentId!,
        Kind = Kind!.Value,
        Version = DeltaVersion.Create(EventTime!.Value, position.Generation, position.Line, position.ObjectOrdinal),
        EventTimeMilliseconds = EventTime.Value,
        Partition = position.Partition,
        Title = Title,
        Category = Category,
        Price = Price,
        Quantity = Quantity,
        Campaign = Campaign,
        Related = Related ?? [],
    };
}
