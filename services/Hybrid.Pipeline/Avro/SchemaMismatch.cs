using System.Globalization;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Pipeline.Avro;

/// <summary>
/// The failures of schemas that do not resolve to ours. They are no poison: whoever writes with one writes every record with it, and a lane
/// that passed them over would pass over everything.
/// </summary>
internal static class SchemaMismatch
{
    /// <summary>A registered version, found before any record is read.</summary>
    public static HybridException Registered(string subject, int version, string reason, Exception? cause = null) => new(
        ExitCodes.WrongCall,
        string.Create(
            CultureInfo.InvariantCulture,
            $"version {version} of '{subject}' cannot be read as a CatalogDelta ({reason}): deploy a Hybrid that knows it, or delete that version from the registry; only fields with defaults may differ"),
        cause);

    /// <summary>The schema of a record.</summary>
    public static HybridException InUse(int id, string reason, Exception? cause = null) => new(
        ExitCodes.WrongCall,
        string.Create(
            CultureInfo.InvariantCulture,
            $"a record is written with schema {id}, a CatalogDelta that cannot be read ({reason}): deploy a Hybrid that knows it and start it again; nothing of the record was written"),
        cause);
}
