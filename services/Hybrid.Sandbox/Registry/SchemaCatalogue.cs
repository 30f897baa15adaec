using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Registry.Avro;

namespace Hybrid.Sandbox.Registry;

/// <summary>
/// Subjects, versions, ids and compatibility levels: every change is journalled, then applied, under one lock; replaying the journal
/// gives the same catalogue.
/// </summary>
internal sealed class SchemaCatalogue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Subject> _subjects = new(StringComparer.Ordinal);
    private readonly Dictionary<int, RegisteredSchema> _byId = [];
    private readonly Dictionary<string, RegisteredSchema> _byContent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CompatibilityLevel> _subjectLevels = new(StringComparer.Ordinal);
    private readonly RegistryJournal _journal;
    private CompatibilityLevel _globalLevel = CompatibilityLevel.Default;

    /// <summary>Opens or creates the catalogue of a journal.</summary>
    public SchemaCatalogue(string journalPath, Disk disk) => (_journal, CutOff) = RegistryJournal.Open(journalPath, Apply, disk.Write);

    /// <summary>Bytes of a torn tail that were cut off the journal at the start.</summary>
    public long CutOff { get; }

    public int SchemaCount
    {
        get
        {
            lock (_lock)
            {
                return _byId.Count;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _journal.Dispose();
        }
    }

    public IReadOnlyList<string> Subjects(string prefix, bool withDeleted)
    {
        lock (_lock)
        {
            return [.. _subjects.Values
                .Where(subject => (withDeleted || subject.Live.Any()) && subject.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(static subject => subject.Name)];
        }
    }

    /// <exception cref="RegistryException">40401.</exception>
    public IReadOnlyList<int> Versions(string name, bool withDeleted)
    {
        lock (_lock)
        {
            return [.. Subject(name, withDeleted).Versions
                .Where(version => withDeleted || !version.Deleted)
                .Select(static version => version.Version)];
        }
    }

    /// <param name="name">The subject.</param>
    /// <param name="version">A number, or null for the latest.</param>
    /// <param name="withDeleted">Soft-deleted versions count.</param>
    /// <exception cref="RegistryException">40401 or 40402.</exception>
    public SubjectVersion Version(string name, int? version, bool withDeleted)
    {
        lock (_lock)
        {
            var candidates = Subject(name, withDeleted).Versions.Where(candidate => withDeleted || !candidate.Deleted);
            return (version is null ? candidates.LastOrDefault() : candidates.FirstOrDefault(candidate => candidate.Version == version))
                ?? throw RegistryException.VersionNotFound(version?.ToString() ?? "latest");
        }
    }

    /// <exception cref="RegistryException">40403.</exception>
    public RegisteredSchema Schema(int id)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(id) ?? throw RegistryException.SchemaNotFound();
        }
    }

    /// <summary>Every version of every subject that has this id.</summary>
    /// <exception cref="RegistryException">40403.</exception>
    public IReadOnlyList<SubjectVersionAnswer> Uses(int id, bool withDeleted)
    {
        lock (_lock)
        {
            _ = Schema(id);
            return [.. _subjects.Values.SelectMany(subject => subject.Versions
                .Where(version => version.Schema.Id == id && (withDeleted || !version.Deleted))
                .Select(version => new SubjectVersionAnswer(subject.Name, version.Version)))];
        }
    }

    /// <summary>Registers a schema under a subject; the same schema again changes nothing.</summary>
    /// <returns>Its id, the same under every subject.</returns>
    /// <exception cref="RegistryException">42201 or 409.</exception>
    public int Register(string name, SchemaRequest request)
    {
        lock (_lock)
        {
            var (text, references, parsed) = Parse(request);
            var subject = _subjects.GetValueOrDefault(name);
            var content = Content(text, references);
            if (subject?.Live.FirstOrDefault(version => Content(version.Schema) == content) is { } known)
            {
                return known.Schema.Id;
            }

            var earlier = subject?.Live.Select(static version => version.Schema.Parsed).ToList() ?? [];
            if (Level(name).Check(parsed, earlier) is { Count: > 0 } problems)
            {
                throw RegistryException.Incompatible(name, problems);
            }

            var id = _byContent.GetValueOrDefault(content)?.Id ?? _byId.Keys.DefaultIfEmpty().Max() + 1;
            Change(new RegistryChange
            {
                Kind = RegistryChangeKind.Registered,
                Subject = name,
                Version = (subject?.LastVersion ?? 0) + 1,
                Id = id,
                Schema = text,
                References = references.Count > 0 ? references : null,
            });
            return id;
        }
    }

    /// <summary>The version under which a schema is registered.</summary>
    /// <exception cref="RegistryException">40401, 40403 or 42201.</exception>
    public SubjectVersion Find(string name, SchemaRequest request, bool withDeleted)
    {
        lock (_lock)
        {
            var subject = Subject(name, withDeleted);
            var (text, references, _) = Parse(request);
            var content = Content(text, references);
            return subject.Versions.LastOrDefault(version => (withDeleted || !version.Deleted) && Content(version.Schema) == content)
                ?? throw RegistryException.SchemaNotFound();
        }
    }

    /// <summary>What keeps a schema from being compatible; nothing is registered.</summary>
    /// <param name="name">The subject.</param>
    /// <param name="request">The schema.</param>
    /// <param name="against">The version to hold it against; null for those that the subject's level names.</param>
    /// <exception cref="RegistryException">42201.</exception>
    public IReadOnlyList<string> Incompatibilities(string name, SchemaRequest request, SubjectVersion? against)
    {
        lock (_lock)
        {
            var (_, _, parsed) = Parse(request);
            IReadOnlyList<AvroSchema> earlier = against is not null
                ? [against.Schema.Parsed]
                : _subjects.GetValueOrDefault(name)?.Live.Select(static version => version.Schema.Parsed).ToList() ?? [];
            return Level(name).Check(parsed, earlier);
        }
    }

    /// <returns>The versions deleted.</returns>
    /// <exception cref="RegistryException">40401, 40404 or 40405.</exception>
    public IReadOnlyList<int> DeleteSubject(string name, bool permanent)
    {
        lock (_lock)
        {
            var subject = Subject(name, withDeleted: true);
            var hasLive = subject.Live.Any();
            if (permanent && hasLive)
            {
                throw RegistryException.SubjectNotSoftDeleted(name);
            }

            if (!permanent && !hasLive)
            {
                throw RegistryException.SubjectSoftDeleted(name);
            }

            var versions = subject.Versions
                .Where(version => permanent || !version.Deleted)
                .Select(static version => version.Version)
                .ToList();
            foreach (var version in versions)
            {
                Delete(name, version, permanent);
            }

            return versions;
        }
    }

    /// <exception cref="RegistryException">40401, 40402, 40406 or 40407.</exception>
    public int DeleteVersion(string name, int? number, bool permanent)
    {
        lock (_lock)
        {
            var version = Version(name, number, withDeleted: permanent || number is not null);
            if (permanent && !version.Deleted)
            {
                throw RegistryException.VersionNotSoftDeleted(name, version.Version);
            }

            if (!permanent && version.Deleted)
            {
                throw RegistryException.VersionSoftDeleted(name, version.Version);
            }

            Delete(name, version.Version, permanent);
            return version.Version;
        }
    }

    /// <summary>The level in force, or null when the subject has none of its own and <paramref name="orGlobal"/> is false.</summary>
    public CompatibilityLevel? Level(string? subject, bool orGlobal)
    {
        lock (_lock)
        {
            return subject is null ? _globalLevel : _subjectLevels.GetValueOrDefault(subject) ?? (orGlobal ? _globalLevel : null);
        }
    }

    /// <summary>Sets the level of a subject, or the global one for null; a null level removes the subject's.</summary>
    public void SetLevel(string? subject, CompatibilityLevel? level)
    {
        lock (_lock)
        {
            Change(new RegistryChange { Kind = RegistryChangeKind.Configured, Subject = subject, Level = level?.Name });
        }
    }

    private static string Content(RegisteredSchema schema) => Content(schema.Text, schema.References);

    private static string Content(string text, IReadOnlyList<SchemaReference> references) =>
        references.Count == 0 ? text : $"{text}\n{string.Join('\n', references)}";

    private CompatibilityLevel Level(string subject) => Level(subject, orGlobal: true)!;

    private Subject Subject(string name, bool withDeleted) =>
        _subjects.TryGetValue(name, out var subject) && (withDeleted || subject.Live.Any()) && subject.Versions.Count > 0
            ? subject
            : throw RegistryException.SubjectNotFound(name);

    private (string Text, IReadOnlyList<SchemaReference> References, AvroSchema Parsed) Parse(SchemaRequest request)
    {
        if (request.SchemaType is not (null or "" or "AVRO"))
        {
            throw RegistryException.InvalidSchema($"the type {request.SchemaType} is not supported here; AVRO is");
        }

        if (string.IsNullOrWhiteSpace(request.Schema))
        {
            throw RegistryException.InvalidSchema("it is empty");
        }

        var references = request.References ?? [];
        var texts = new List<string>();
        Collect(references, texts, []);
        try
        {
            var parsed = AvroSchemaParser.Parse(request.Schema, texts);
            return (AvroCanonical.Write(parsed, texts.Count == 0 ? [] : AvroSchemaParser.NamesOf(texts)), references, parsed);
        }
        catch (AvroSchemaException exception)
        {
            throw RegistryException.InvalidSchema(exception.Message);
        }
    }

    /// <summary>The texts of referenced schemas, those that others use first.</summary>
    private void Collect(IReadOnlyList<SchemaReference> references, List<string> texts, HashSet<int> seen)
    {
        foreach (var reference in references)
        {
            var versions = _subjects.GetValueOrDefault(reference.Subject)?.Versions;
            var schema = versions?.FirstOrDefault(version => version.Version == reference.Version)?.Schema
                ?? throw RegistryException.InvalidSchema(
                    $"the reference to subject {reference.Subject} version {reference.Version} leads nowhere");
            if (seen.Add(schema.Id))
            {
                Collect(schema.References, texts, seen);
                texts.Add(schema.Text);
            }
        }
    }

    private void Delete(string name, int version, bool permanent)
    {
        var references = _subjects.Values.SelectMany(static subject => subject.Live).SelectMany(static user => user.Schema.References);
        if (references.Any(reference => reference.Subject == name && reference.Version == version))
        {
            throw RegistryException.ReferenceExists(name, version);
        }

        Change(new RegistryChange
        {
            Kind = permanent ? RegistryChangeKind.HardDeleted : RegistryChangeKind.SoftDeleted,
            Subject = name,
            Version = version,
        });
    }

    private void Change(RegistryChange change)
    {
        _journal.Append(change);
        Apply(change);
    }

    private void Apply(RegistryChange change)
    {
        switch (change.Kind)
        {
            case RegistryChangeKind.Registered:
                ApplyRegistration(change);
                break;
            case RegistryChangeKind.SoftDeleted:
                var versions = _subjects[change.Subject!].Versions;
                var index = versions.FindIndex(version => version.Version == change.Version);
                versions[index] = versions[index] with { Deleted = true };
                break;
            case RegistryChangeKind.HardDeleted:
                _subjects[change.Subject!].Versions.RemoveAll(version => version.Version == change.Version);
                break;
            case RegistryChangeKind.Configured when change.Subject is null:
                _globalLevel = CompatibilityLevel.Parse(change.Level);
                break;
            case RegistryChangeKind.Configured when change.Level is null:
                _subjectLevels.Remove(change.Subject!);
                break;
            case RegistryChangeKind.Configured:
                _subjectLevels[change.Subject!] = CompatibilityLevel.Parse(change.Level);
                break;
        }
    }

    private void ApplyRegistration(RegistryChange change)
    {
        if (!_byId.TryGetValue(change.Id, out var schema))
        {
            var references = change.References ?? [];
            var texts = new List<string>();
            Collect(references, texts, []);
            schema = new RegisteredSchema(change.Id, change.Schema!, references, AvroSchemaParser.Parse(change.Schema!, texts));
            _byId[change.Id] = schema;
            _byContent[Content(schema)] = schema;
        }

        if (!_subjects.TryGetValue(change.Subject!, out var subject))
        {
            _subjects[change.Subject!] = subject = new Subject(change.Subject!);
        }

        subject.Versions.Add(new SubjectVersion(change.Version, schema, Deleted: false));
        subject.LastVersion = change.Version;
    }
}
