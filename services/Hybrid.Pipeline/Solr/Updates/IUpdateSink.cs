using Hybrid.Pipeline.Avro;

namespace Hybrid.Pipeline.Solr.Updates;

/// <summary>
/// Takes the atomic update of one document in Solr's terms (Solr Reference Guide, "Partial Document Updates"), whatever the format.
/// </summary>
internal interface IUpdateSink
{
    /// <summary>The document's id: first, and once.</summary>
    void Id(string id);

    /// <inheritdoc cref="Id(string)"/>
    void Id(ReadOnlySpan<byte> utf8);

    /// <summary>The family's version: a plain value, since the version constraint looks at the update before it is merged.</summary>
    void Version(UpdateField field, long version);

    /// <summary>Sets a field; null clears it.</summary>
    void Set(UpdateField field, string? value);

    /// <inheritdoc cref="Set(UpdateField, string?)"/>
    void Set(UpdateField field, ReadOnlySpan<char> value);

    /// <inheritdoc cref="Set(UpdateField, string?)"/>
    void Set(UpdateField field, OptionalText value);

    /// <inheritdoc cref="Set(UpdateField, string?)"/>
    void Set(UpdateField field, long? value);

    /// <inheritdoc cref="Set(UpdateField, string?)"/>
    void Set(UpdateField field, double? value);

    /// <inheritdoc cref="Set(UpdateField, string?)"/>
    void Set(UpdateField field, bool? value);

    /// <summary>Sets a field of many values; an empty list clears it.</summary>
    void Set(UpdateField field, IReadOnlyList<string> values);
}
