using Hybrid.Sandbox.Faults;

namespace Hybrid.Sandbox.Registry;

/// <summary>
/// Subjects, versions, ids, compatibility levels and modes: every change is journalled, then applied, under one lock; replaying the
/// journal gives the same catalogue.
/// </summary>
internal sealed partial class SchemaCatalogue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Subject> _subjects = new(StringComparer.Ordinal);
    private readonly Dictionary<int, RegisteredSchema> _byId = [];
    private readonly Dictionary<string, RegisteredSchema> _byContent = new(StringComparer.Ordinal);
    private readonly RegistrySettings _settings = new();
    private readonly SchemaReader _reader;
    private readonly RegistryJournal _journal;

    /// <summary>The highest id ever given; none is given twice.</summary>
    private int _lastId;

    /// <summary>Opens or creates the catalogue of a journal.</summary>
    /// <param name="journalPath">The file.</param>
    /// <param name="disk">Where it is written.</param>
    public SchemaCatalogue(string journalPath, Disk disk)
    {
        _reader = new SchemaReader(reference => _subjects.GetValueOrDefault(reference.Subject)?.Find(reference.Version)?.Schema);
        (_journal, CutOff) = RegistryJournal.Open(journalPath, Apply, disk.Write);
    }

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

    public IReadOnlyList<string> Subjects(string prefix, Deleted deleted)
    {
        lock (_lock)
        {
            return [.. _subjects.Values
                .Where(subject => subject.Versions.Exists(deleted.Shows) && subject.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(static subject => subject.Name)];
        }
    }

    /// <exception cref="RegistryException">40401.</exception>
    public IReadOnlyList<int> Versions(string name, Deleted deleted)
    {
        lock (_lock)
        {
            return [.. Subject(name, deleted).Versions.Where(deleted.Shows).Select(static version => version.Version)];
        }
    }

    /// <param name="name">The subject.</param>
    /// <param name="version">A number, or null for the latest.</param>
    /// <param name="deleted">Whether soft-deleted versions count.</param>
    /// <exception cref="RegistryException">40401 or 40402.</exception>
    public SubjectVersion Version(string name, int? version, Deleted deleted)
    {
        lock (_lock)
        {
            var candidates = Subject(name, deleted).Versions.Where(deleted.Shows);
            return (version is null ? candidates.LastOrDefault() : candidates.FirstOrDefault(candidate => candidate.Version == version))
                ?? throw RegistryException.VersionNotFound(version?.ToString() ?? "latest");
        }
    }

    /// <summary>Every version of every subject, or only the latest of each.</summary>
    public IReadOnlyList<(string Subject, SubjectVersion Version)> All(string prefix, Deleted deleted, bool latestOnly)
    {
        lock (_lock)
        {
            return [.. _subjects.Values
                .Where(subject => subject.Name.StartsWith(prefix, StringComparison.Ordinal))
                .SelectMany(subject => subject.Versions.Where(deleted.Shows).TakeLast(latestOnly ? 1 : int.MaxValue)
                    .Select(version => (subject.Name, version)))];
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
    public IReadOnlyList<SubjectVersionAnswer> Uses(int id, Deleted deleted)
    {
        lock (_lock)
        {
            _ = Schema(id);
            return [.. _subjects.Values.SelectMany(subject => subject.Versions
                .Where(version => version.Schema.Id == id && deleted.Shows(version))
                .Select(version => new SubjectVersionAnswer(subject.Name, version.Version)))];
        }
    }

    /// <summary>Ids of the schemas that refer to a version.</summary>
    /// <exception cref="RegistryException">40401 or 40402.</exception>
    public IReadOnlyList<int> ReferencedBy(string name, int? version)
    {
        lock (_lock)
        {
            var number = Version(name, version, Deleted.Included).Version;
            return [.. Users(name, number).Select(static user => user.Schema.Id).Distinct().Order()];
        }
    }

    /// <summary>Registers a schema under a subject; the same schema again changes nothing.</summary>
    /// <returns>Its id, the same under every subject.</returns>
    /// <exception cref="RegistryException">42201, 42205 or 409.</exception>
    public int Register(string name, SchemaRequest request, bool normalize)
    {
        lock (_lock)
        {
            var schema = _reader.Read(request, normalize);
            var subject = _subjects.GetValueOrDefault(name);
            if (subject?.FindLive(schema.Content) is { } known && (request.Id is null or <= 0 || request.Id == known.Schema.Id))
            {
                return known.Schema.Id;
            }

            CheckMode(name, request);
            var isImport = _settings.Mode(name) == RegistryMode.IMPORT;
            if (!isImport && _settings.Level(name).Check(schema.Parsed, [.. subject?.Live ?? []]) is { Count: > 0 } problems)
            {
                throw RegistryException.Incompatible(name, problems);
            }

            if (isImport && _byId.TryGetValue(request.Id ?? 0, out var other) && other.Content != schema.Content)
            {
                throw RegistryException.OperationNotPermitted($"Overwrite new schema with id {other.Id} is not permitted.");
            }

            return Register(name, request, schema, subject);
        }
    }

    /// <summary>The version under which a schema is registered.</summary>
    /// <exception cref="RegistryException">40401, 40403 or 42201.</exception>
    public SubjectVersion Find(string name, SchemaRequest request, Deleted deleted, bool normalize)
    {
        lock (_lock)
        {
            var subject = Subject(name, deleted);
            var content = _reader.Read(request, normalize).Content;
            return subject.Versions.LastOrDefault(version => deleted.Shows(version) && version.Schema.Content == content)
                ?? throw RegistryException.SchemaNotFound();
        }
    }

    /// <summary>What keeps a schema from being compatible; nothing is registered.</summary>
    /// <param name="name">The subject.</param>
    /// <param name="request">The schema.</param>
    /// <param name="against">The version to hold it against; null for those that the subject's level names.</param>
    /// <param name="normalize">As a registration would.</param>
    /// <exception cref="RegistryException">42201.</exception>
    public IReadOnlyList<string> Incompatibilities(string name, SchemaRequest request, SubjectVersion? against, bool normalize)
    {
        lock (_lock)
        {
            var schema = _reader.Read(request, normalize);
            IEnumerable<SubjectVersion> earlier = against is not null ? [against] : _subjects.GetValueOrDefault(name)?.Live ?? [];
            return _settings.Level(name).Check(schema.Parsed, [.. earlier]);
        }
    }

    /// <returns>The versions deleted.</returns>
    /// <exception cref="RegistryException">40401, 40404, 40405, 42205 or 42206.</exception>
    public IReadOnlyList<int> DeleteSubject(string name, bool permanent)
    {
        lock (_lock)
        {
            var subject = Subject(name, Deleted.Included);
            var hasLive = subject.Live.Any();
            CheckWritable(name);
            if (permanent && hasLive)
            {
                throw RegistryException.SubjectNotSoftDeleted(name);
            }

            if (!permanent && !hasLive)
            {
                throw RegistryException.SubjectSoftDeleted(name);
            }

            var versions = (permanent ? subject.Versions : subject.Live).Select(static version => version.Version).ToList();
            versions.ForEach(version => CheckUnused(name, version));
            versions.ForEach(version => Delete(name, version, permanent));
            return versions;
        }
    }

    /// <exception cref="RegistryException">40401, 40402, 40406, 40407, 42205 or 42206.</exception>
    public int DeleteVersion(string name, int? number, bool permanent)
    {
        lock (_lock)
        {
            var version = Version(name, number, permanent || number is not null ? Deleted.Included : Deleted.Hidden);
            CheckWritable(name);
            if (permanent && !version.Deleted)
            {
                throw RegistryException.VersionNotSoftDeleted(name, version.Version);
            }

            if (!permanent && version.Deleted)
            {
                throw RegistryException.VersionSoftDeleted(name, version.Version);
            }

            CheckUnused(name, version.Version);
            Delete(name, version.Version, permanent);
            return version.Version;
        }
    }

    /// <summary>The level in force, or null when the subject has none of its own and <paramref name="orGlobal"/> is false.</summary>
    public CompatibilityLevel? Level(string? subject, bool orGlobal)
    {
        lock (_lock)
        {
            return _settings.OwnLevel(subject) ?? (orGlobal ? _settings.OwnLevel(null) : null);
        }
    }

    /// <summary>Sets the level of a subject, or the global one for null; a null level removes the subject's.</summary>
    /// <exception cref="RegistryException">42205: it can only be read.</exception>
    public void SetLevel(string? subject, CompatibilityLevel? level)
    {
        lock (_lock)
        {
            CheckWritable(subject);
            Change(new RegistryChange { Kind = RegistryChangeKind.Configured, Subject = subject, Level = level?.Name });
        }
    }

    /// <summary>The mode in force, or null when the subject has none of its own and <paramref name="orGlobal"/> is false.</summary>
    public RegistryMode? Mode(string? subject, bool orGlobal)
    {
        lock (_lock)
        {
            return orGlobal ? _settings.Mode(subject) : _settings.OwnMode(subject);
        }
    }

    /// <summary>Sets the mode of a subject, or the global one for null; a null mode removes the subject's.</summary>
    /// <exception cref="RegistryException">42205: there are schemas already, which an import could contradict.</exception>
    public void SetMode(string? subject, RegistryMode? mode, bool force)
    {
        lock (_lock)
        {
            if (mode == RegistryMode.IMPORT && !force && _settings.Mode(subject) != RegistryMode.IMPORT
                && _subjects.Values.Any(known => (subject is null || known.Name == subject) && known.Live.Any()))
            {
                throw RegistryException.OperationNotPermitted("Cannot import since found existing subjects");
            }

            Change(new RegistryChange { Kind = RegistryChangeKind.ModeSet, Subject = subject, Mode = mode });
        }
    }

    private int Register(string name, SchemaRequest request, ReadSchema schema, Subject? subject)
    {
        var id = request.Id > 0 ? request.Id.Value : _byContent.GetValueOrDefault(schema.Content)?.Id ?? _lastId + 1;
        var version = request.Version > 0 ? request.Version.Value : (subject?.LastVersion ?? 0) + 1;
        Change(new RegistryChange
        {
            Kind = RegistryChangeKind.Registered,
            Subject = name,
            Version = version,
            Id = id,
            Schema = schema.Text,
            References = schema.References.Count > 0 ? schema.References : null,
        });

        // The same schema comes back under a new version: its deleted one is forgotten.
        foreach (var replaced in _subjects[name].Versions.Where(old => old.Deleted && old.Schema.Id == id && old.Version < version).ToList())
        {
            Change(new RegistryChange { Kind = RegistryChangeKind.HardDeleted, Subject = name, Version = replaced.Version });
        }

        return id;
    }

    private void CheckMode(string name, SchemaRequest request)
    {
        CheckWritable(name);
        var isImport = _settings.Mode(name) == RegistryMode.IMPORT;
        if (isImport != (request.Id > 0 || request.Version > 0))
        {
            throw RegistryException.OperationNotPermitted($"Subject {name} is not in {(isImport ? "read-write" : "import")} mode");
        }
    }

    private void CheckWritable(string? subject)
    {
        if (_settings.Mode(subject) is RegistryMode.READONLY or RegistryMode.READONLY_OVERRIDE)
        {
            throw RegistryException.OperationNotPermitted($"Subject {subject} is in read-only mode");
        }
    }

    private void CheckUnused(string name, int version)
    {
        if (Users(name, version).Any())
        {
            throw RegistryException.ReferenceExists(name, version);
        }
    }

    private IEnumerable<SubjectVersion> Users(string name, int version) => _subjects.Values
        .SelectMany(static subject => subject.Live)
        .Where(user => user.Schema.References.Any(reference => reference.Subject == name && reference.Version == version));

    private Subject Subject(string name, Deleted deleted) =>
        _subjects.TryGetValue(name, out var subject) && subject.Versions.Exists(deleted.Shows)
            ? subject
            : throw RegistryException.SubjectNotFound(name);

    private void Delete(string name, int version, bool permanent) => Change(new RegistryChange
    {
        Kind = permanent ? RegistryChangeKind.HardDeleted : RegistryChangeKind.SoftDeleted,
        Subject = name,
        Version = version,
    });

    private void Change(RegistryChange change)
    {
        _journal.Append(change);
        Apply(change);
    }
}
