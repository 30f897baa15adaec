namespace Hybrid.Sandbox.Solr.Index;

/// <summary>How many update commands a core has carried out since it was opened. Written by one at a time, read by anybody.</summary>
internal sealed class UpdateTally
{
    private long _adds;
    private long _deletesById;
    private long _deletesByQuery;
    private long _rollbacks;

    public long Adds => Interlocked.Read(ref _adds);

    public long DeletesById => Interlocked.Read(ref _deletesById);

    public long DeletesByQuery => Interlocked.Read(ref _deletesByQuery);

    public long Rollbacks => Interlocked.Read(ref _rollbacks);

    public void Added() => Volatile.Write(ref _adds, _adds + 1);

    public void DeletedById() => Volatile.Write(ref _deletesById, _deletesById + 1);

    public void DeletedByQuery() => Volatile.Write(ref _deletesByQuery, _deletesByQuery + 1);

    public void RolledBack() => Volatile.Write(ref _rollbacks, _rollbacks + 1);
}
