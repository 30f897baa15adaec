namespace Hybrid.Sandbox.Registry;

/// <summary>A schema under its global id.</summary>
internal sealed record RegisteredSchema(int Id, string Text, IReadOnlyList<SchemaReference> References, Avro.AvroSchema Parsed);

/// <summary>One version of a subject.</summary>
internal sealed record SubjectVersion(int Version, RegisteredSchema Schema, bool Deleted);

/// <summary>A subject's versions, oldest first, the soft-deleted among them, and its compatibility level.</summary>
internal sealed class Subject(string name)
{
    public string Name => name;

    public List<SubjectVersion> Versions { get; } = [];

    public IEnumerable<SubjectVersion> Live => Versions.Where(static version => !version.Deleted);

    /// <summary>The highest version ever given; numbers are not given twice, not even after a hard deletion.</summary>
    public int LastVersion { get; set; }
}
