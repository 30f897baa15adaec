namespace Hybrid.Sandbox.Registry;

/// <content>What a change does to the catalogue, whether it is new or read back from the journal.</content>
internal sealed partial class SchemaCatalogue
{
    private void Apply(RegistryChange change)
    {
        switch (change.Kind)
        {
            case RegistryChangeKind.Registered:
                ApplyRegistration(change);
                break;
            case RegistryChangeKind.SoftDeleted:
                ApplySoftDeletion(_subjects[change.Subject!], change.Version);
                break;
            case RegistryChangeKind.HardDeleted:
                ApplyHardDeletion(_subjects[change.Subject!], change.Version);
                break;
            case RegistryChangeKind.Configured:
                _settings.SetLevel(change.Subject, change.Level is null ? null : CompatibilityLevel.Parse(change.Level));
                break;
            case RegistryChangeKind.ModeSet:
                _settings.SetMode(change.Subject, change.Mode);
                break;
        }
    }

    private void ApplyRegistration(RegistryChange change)
    {
        if (!_byId.TryGetValue(change.Id, out var schema))
        {
            var references = change.References ?? [];
            schema = new RegisteredSchema(change.Id, change.Schema!, references, _reader.Parse(change.Schema!, references));
            _byId[change.Id] = schema;
            _byContent[schema.Content] = schema;
            _lastId = Math.Max(_lastId, change.Id);
        }

        if (!_subjects.TryGetValue(change.Subject!, out var subject))
        {
            _subjects[change.Subject!] = subject = new Subject(change.Subject!);
        }

        subject.Set(new SubjectVersion(change.Version, schema, Deleted: false));
    }

    /// <summary>With the last live version go the subject's own level and mode.</summary>
    private void ApplySoftDeletion(Subject subject, int version)
    {
        subject.Set(subject.Find(version)! with { Deleted = true });
        if (!subject.Live.Any())
        {
            _settings.SetLevel(subject.Name, null);
            _settings.SetMode(subject.Name, null);
        }
    }

    /// <summary>With the last version that has it goes the schema.</summary>
    private void ApplyHardDeletion(Subject subject, int number)
    {
        var schema = subject.Find(number)!.Schema;
        subject.Versions.RemoveAll(version => version.Version == number);
        if (!_subjects.Values.Any(other => other.Versions.Exists(version => version.Schema.Id == schema.Id)))
        {
            _byId.Remove(schema.Id);
            if (_byContent.GetValueOrDefault(schema.Content)?.Id == schema.Id)
            {
                _byContent.Remove(schema.Content);
            }
        }
    }
}
