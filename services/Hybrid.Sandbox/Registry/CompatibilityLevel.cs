using Hybrid.Sandbox.Registry.Avro;

namespace Hybrid.Sandbox.Registry;

/// <summary>Which earlier versions a new schema must get on with, and in which direction.</summary>
/// <param name="Name">As the REST API writes it: <c>BACKWARD_TRANSITIVE</c>.</param>
/// <param name="Backward">The new schema must read data of earlier ones.</param>
/// <param name="Forward">Earlier schemas must read data of the new one.</param>
/// <param name="Transitive">All earlier versions count, not only the last.</param>
internal sealed record CompatibilityLevel(string Name, bool Backward, bool Forward, bool Transitive)
{
    private static readonly CompatibilityLevel[] All =
    [
        new("NONE", Backward: false, Forward: false, Transitive: false),
        new("BACKWARD", Backward: true, Forward: false, Transitive: false),
        new("BACKWARD_TRANSITIVE", Backward: true, Forward: false, Transitive: true),
        new("FORWARD", Backward: false, Forward: true, Transitive: false),
        new("FORWARD_TRANSITIVE", Backward: false, Forward: true, Transitive: true),
        new("FULL", Backward: true, Forward: true, Transitive: false),
        new("FULL_TRANSITIVE", Backward: true, Forward: true, Transitive: true),
    ];

    public static CompatibilityLevel Default => All[1];

    /// <exception cref="RegistryException">42203: no such level.</exception>
    public static CompatibilityLevel Parse(string? name) =>
        All.FirstOrDefault(level => string.Equals(level.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw RegistryException.InvalidCompatibility(name);

    /// <summary>Holds a new schema against earlier ones.</summary>
    /// <param name="schema">The new schema.</param>
    /// <param name="earlier">Earlier versions, oldest first.</param>
    /// <returns>
    /// What is wrong with the newest earlier version that does not get on with it, which version that is and by which level; empty when
    /// compatible.
    /// </returns>
    public IReadOnlyList<string> Check(AvroSchema schema, IReadOnlyList<SubjectVersion> earlier)
    {
        var messages = new List<string>();
        for (var i = earlier.Count - 1; i >= 0 && (Transitive || i == earlier.Count - 1); i--)
        {
            var known = earlier[i].Schema;
            var problems = Backward ? AvroCompatibility.Check(reader: schema, writer: known.Parsed) : [];
            if (Forward)
            {
                problems = [.. problems, .. AvroCompatibility.Check(reader: known.Parsed, writer: schema)];
            }

            if (problems.Count > 0)
            {
                messages.AddRange(problems);
                messages.Add($"{{oldSchemaVersion: {earlier[i].Version}}}");
                messages.Add($"{{oldSchema: '{known.Text}'}}");
                messages.Add($"{{compatibility: '{Name}'}}");
                break;
            }
        }

        return messages;
    }
}
