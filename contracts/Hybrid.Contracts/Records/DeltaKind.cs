namespace Hybrid.Contracts.Records;

/// <summary>What a delta does to its document. The values are the Avro enum's ordinals.</summary>
public enum DeltaKind
{
    /// <summary>Replaces all attributes of the document.</summary>
    Upsert = 0,

    /// <summary>Hides the document: a tombstone that keeps the version.</summary>
    Delete = 1,

    /// <summary>A behavioural event about the document, such as a sale. Leaves the attributes alone.</summary>
    Signal = 2,
}
