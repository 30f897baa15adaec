namespace Hybrid.Sandbox.Solr.Index;

/// <summary>What the index knows of one id.</summary>
internal sealed class DocumentEntry(byte[] id)
{
    private byte[]? _current;
    private byte[]? _visible;

    public byte[] Id { get; } = id;

    /// <summary>The body as of the last update, null once deleted; what real-time get reads.</summary>
    public byte[]? Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }

    /// <summary>The body as of the last commit that opened a searcher, or null; what searches read.</summary>
    public byte[]? Visible
    {
        get => Volatile.Read(ref _visible);
        set => Volatile.Write(ref _visible, value);
    }

    /// <summary>Whether it waits for a commit to become visible.</summary>
    public bool IsPending { get; set; }

    /// <summary>Whether it changed since the last hard commit.</summary>
    public bool IsUncommitted { get; set; }
}
