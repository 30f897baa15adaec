namespace Hybrid.Sandbox.Solr.Update;

/// <summary>What an update request's own parameters say of each of its commands, unless the command says otherwise.</summary>
/// <param name="CommitWithin">Milliseconds; -1 for never.</param>
/// <param name="Version">What optimistic concurrency asks; 0 for nothing.</param>
internal readonly record struct UpdateParameters(int CommitWithin, long Version);
