namespace Hybrid.Sandbox.Registry;

/// <summary>A schema under its global id.</summary>
internal sealed record RegisteredSchema(int Id, string Text, IReadOnlyList<SchemaReference> References, Avro.AvroSchema Parsed)
{
    /// <summary>What two schemas share when they are the same.</summary>
    public string Content { get; } = ReadSchema.ContentOf(Text, References);
}

/// <summary>One version of a subject.</summary>
internal sealed record SubjectVersion(int Version, RegisteredSchema Schema, bool Deleted);

/// <summary>Which versions a request is about.</summary>
/// <param name="WithLive">Those that were not deleted.</param>
/// <param name="WithDeleted">Those that were soft-deleted.</param>
internal sealed record Deleted(bool WithLive, bool WithDeleted)
{
    public static Deleted Hidden { get; } = new(WithLive: true, WithDeleted: false);

    public static Deleted Included { get; } = new(WithLive: true, WithDeleted: true);

    public static Deleted Only { get; } = new(WithLive: false, WithDeleted: true);

    public bool Shows(SubjectVersion version) => version.Deleted ? WithDeleted : WithLive;
}

/// <summary>A subject's versions by number, the soft-deleted among them.</summary>
internal sealed class Subject(string name)
{
    public string Name => name;

    public List<SubjectVersion> Versions { get; } = [];

    public IEnumerable<SubjectVersion> Live => Versions.Where(static version => !version.Deleted);

    /// <summary>The highest number that a version has; 0 without any.</summary>
    public int LastVersion => Versions.Count == 0 ? 0 : Versions[^1].Version;

    public SubjectVersion? Find(int version) => Versions.Find(candidate => candidate.Version == version);

    public SubjectVersion? FindLive(string content) => Versions.Find(version => !version.Deleted && version.Schema.Content == content);

    /// <summary>Adds a version, or replaces that of its number.</summary>
    public void Set(SubjectVersion version)
    {
        Versions.RemoveAll(known => known.Version == version.Version);
        var at = Versions.FindIndex(known => known.Version > version.Version);
        Versions.Insert(at < 0 ? Versions.Count : at, version);
    }
}
