namespace Hybrid.Comparison.Crashes.Registry;

/// <summary>Which schema has which id: every id once, and the same for ever.</summary>
internal sealed class SchemaLedger
{
    private readonly List<Entry> _schemas = [];
    private readonly Dictionary<int, int> _owners = [];

    /// <summary>How many schemas were sent.</summary>
    public int Count => _schemas.Count;

    /// <summary>Begins a registration.</summary>
    /// <returns>The schema's number.</returns>
    public int Begin()
    {
        _schemas.Add(new Entry());
        return _schemas.Count - 1;
    }

    /// <summary>Begins the deletion of a subject.</summary>
    public void BeginDelete(int number) => _schemas[number].MayBeGone = true;

    /// <summary>The deletion was acknowledged.</summary>
    public void AcknowledgeDelete(int number) => _schemas[number].IsGone = true;

    /// <summary>Whether a schema was acknowledged and its subject not deleted.</summary>
    public bool IsSettled(int number) => _schemas[number] is { Id: not null, MayBeGone: false };

    /// <summary>The id was acknowledged, or found.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Acknowledge(int number, int id)
    {
        _schemas[number].Id = id;
        return _owners.TryAdd(id, number) || _owners[id] == number ? null : $"id {id} was given to schema {_owners[id]} and to schema {number}";
    }

    /// <summary>Compares with what the registry tells; what was not acknowledged counts from then on as found.</summary>
    /// <param name="number">The schema.</param>
    /// <param name="id">The id that its subject tells; null when there is no subject.</param>
    /// <returns>What is wrong, or null.</returns>
    public string? Check(int number, int? id)
    {
        var schema = _schemas[number];
        if (id is null)
        {
            var gone = schema.Id is null || schema.MayBeGone;
            schema.MayBeGone |= gone;
            schema.IsGone |= gone;
            return gone ? null : $"schema {number} is gone, and was acknowledged with id {schema.Id}";
        }

        if (schema.IsGone)
        {
            return $"schema {number} is there with id {id}, and was deleted";
        }

        schema.MayBeGone = false;
        return schema.Id is { } known && known != id ? $"schema {number} has id {id}, and had {known}" : Acknowledge(number, id.Value);
    }

    private sealed class Entry
    {
        public int? Id { get; set; }

        public bool MayBeGone { get; set; }

        public bool IsGone { get; set; }
    }
}
