using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hybrid.Sandbox.Registry;

/// <summary>A schema of another subject that a schema uses.</summary>
internal sealed record SchemaReference(string Name, string Subject, int Version);

/// <summary>The body of a registration, a look-up or a compatibility check.</summary>
/// <param name="Schema">The schema's text.</param>
/// <param name="SchemaType">AVRO, or nothing for the same.</param>
/// <param name="References">The schemas of other subjects that it uses.</param>
/// <param name="Id">The id that an import gives it; null or not positive for none.</param>
/// <param name="Version">The version that an import gives it; null or not positive for none.</param>
internal sealed record SchemaRequest(
    string? Schema, string? SchemaType, IReadOnlyList<SchemaReference>? References, int? Id = null, int? Version = null);

internal sealed record ConfigRequest(string? Compatibility);

internal sealed record ConfigWritten(string Compatibility);

internal sealed record ConfigRead(string CompatibilityLevel);

/// <summary>The body of a change of mode and the answer to it.</summary>
internal sealed record ModeBody(string? Mode);

internal sealed record IdAnswer(int Id);

internal sealed record SchemaAnswer(string Schema, IReadOnlyList<SchemaReference>? References);

internal sealed record VersionAnswer(string Subject, int Version, int Id, string Schema, IReadOnlyList<SchemaReference>? References);

internal sealed record SubjectVersionAnswer(string Subject, int Version);

internal sealed record CompatibilityAnswer(
    [property: JsonPropertyName("is_compatible")] bool IsCompatible,
    [property: JsonPropertyName("messages")] IReadOnlyList<string>? Messages);

internal sealed record ErrorAnswer([property: JsonPropertyName("error_code")] int ErrorCode, string Message);

/// <summary>One change of the catalogue, as the journal keeps it.</summary>
internal sealed record RegistryChange
{
    public required RegistryChangeKind Kind { get; init; }

    public string? Subject { get; init; }

    public int Version { get; init; }

    public int Id { get; init; }

    public string? Schema { get; init; }

    public IReadOnlyList<SchemaReference>? References { get; init; }

    /// <summary>The compatibility level set; null removes the subject's.</summary>
    public string? Level { get; init; }

    /// <summary>The mode set; null removes the subject's.</summary>
    public RegistryMode? Mode { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<RegistryChangeKind>))]
internal enum RegistryChangeKind
{
    Registered,
    SoftDeleted,
    HardDeleted,
    Configured,
    ModeSet,
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SchemaRequest))]
[JsonSerializable(typeof(ConfigRequest))]
[JsonSerializable(typeof(ConfigWritten))]
[JsonSerializable(typeof(ConfigRead))]
[JsonSerializable(typeof(ModeBody))]
[JsonSerializable(typeof(IdAnswer))]
[JsonSerializable(typeof(SchemaAnswer))]
[JsonSerializable(typeof(VersionAnswer))]
[JsonSerializable(typeof(CompatibilityAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(RegistryChange))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(IReadOnlyList<int>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<VersionAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<SubjectVersionAnswer>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class RegistryJson : JsonSerializerContext
{
    /// <summary>For answers: quotes within a schema are escaped by a backslash, and letters are left as they are.</summary>
    public static RegistryJson Answers { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
