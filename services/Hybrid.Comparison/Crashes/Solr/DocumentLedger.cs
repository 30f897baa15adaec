namespace Hybrid.Comparison.Crashes.Solr;

/// <summary>A document as the workload writes it.</summary>
/// <param name="Revision">Decides every field but the counter.</param>
/// <param name="Counter">How often it was incremented since it was written whole.</param>
internal readonly record struct DocumentState(long Revision, long Counter);

/// <summary>What one document must be: as acknowledged last, or as sent after it, whole; its version never goes back.</summary>
/// <param name="id">Its id.</param>
internal sealed class DocumentLedger(string id)
{
    private DocumentState? _pending;
    private bool _isPending;

    /// <summary>Its id.</summary>
    public string Id => id;

    /// <summary>As it was acknowledged, or found, last; null when there is none.</summary>
    public DocumentState? Settled { get; private set; }

    /// <summary>The <c>_version_</c> that was acknowledged, or found, last; 0 when not known.</summary>
    public long Version { get; private set; }

    /// <summary>Begins a change that is not acknowledged yet.</summary>
    /// <param name="state">What the document will be; null when it is deleted.</param>
    public void Begin(DocumentState? state) => (_pending, _isPending) = (state, true);

    /// <summary>The change was acknowledged.</summary>
    /// <param name="version">The <c>_version_</c> in the answer, the absolute value for a deletion.</param>
    /// <returns>What is wrong, or null.</returns>
    public string? Acknowledge(long version)
    {
        var before = Version;
        (Settled, _isPending, Version) = (_pending, false, Math.Max(version, before));
        return version > before ? null : $"'{id}' was given version {version} after {before}";
    }

    /// <summary>Compares with what was read; what was not acknowledged counts from then on as found.</summary>
    /// <param name="found">The document; null when there is none.</param>
    /// <param name="version">Its <c>_version_</c>, or 0.</param>
    /// <returns>What is wrong, or null.</returns>
    public string? Check(DocumentState? found, long version)
    {
        if (_isPending && found == _pending)
        {
            return found is null ? Deleted() : Acknowledge(version);
        }

        if (found != Settled)
        {
            return $"'{id}' is {Describe(found)}; acknowledged was {Describe(Settled)}{(_isPending ? $", sent {Describe(_pending)}" : "")}";
        }

        _isPending = false;
        return found is null || version == Version ? null : $"'{id}' has version {version}, and {Version} was acknowledged";
    }

    private static string Describe(DocumentState? state) => state is { } known ? $"revision {known.Revision} with counter {known.Counter}" : "no document";

    private string? Deleted()
    {
        (Settled, _isPending) = (null, false);
        return null;
    }
}
