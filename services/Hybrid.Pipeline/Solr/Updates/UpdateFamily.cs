namespace Hybrid.Pipeline.Solr.Updates;

/// <summary>A family of a document's fields: which chain guards it, and what its updates are like.</summary>
/// <typeparam name="T">What is written.</typeparam>
internal abstract class UpdateFamily<T>
{
    /// <summary>One of <see cref="Hybrid.Contracts.Search.UpdateChains"/>.</summary>
    public abstract string Chain { get; }

    /// <summary>The document that an item is about.</summary>
    public abstract string IdOf(T item);

    /// <summary>Tells why an item cannot be written as a document; null when it can.</summary>
    public abstract string? Unwritable(T item);

    /// <summary>Writes one item as one document.</summary>
    public abstract void Write(IUpdateSink sink, T item);
}
