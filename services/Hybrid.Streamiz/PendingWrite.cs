using Hybrid.Contracts.Records;

namespace Hybrid.Streamiz;

/// <summary>A delta on its way to Solr.</summary>
/// <param name="Delta">The delta.</param>
/// <param name="Value">The record's value, for the dead letters.</param>
/// <param name="Due">When its partition was due to close, wall time in milliseconds since 1970; null when the record does not say.</param>
/// <param name="Owner">The task that waits for it.</param>
internal readonly record struct PendingWrite(CatalogDelta Delta, byte[] Value, long? Due, WritesInFlight Owner);
