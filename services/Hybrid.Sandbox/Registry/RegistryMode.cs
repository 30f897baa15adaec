using System.Text.Json.Serialization;

namespace Hybrid.Sandbox.Registry;

/// <summary>What a subject takes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RegistryMode>))]
internal enum RegistryMode
{
    /// <summary>Everything.</summary>
    READWRITE,

    /// <summary>Nothing; it can be read.</summary>
    READONLY,

    /// <summary>As <see cref="READONLY"/>, and where it is global it holds for the subjects that have a mode of their own, too.</summary>
    READONLY_OVERRIDE,

    /// <summary>Schemas with the ids and versions that they have elsewhere, unchecked against earlier ones.</summary>
    IMPORT,
}
