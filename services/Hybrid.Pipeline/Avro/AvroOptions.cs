using System.ComponentModel.DataAnnotations;

namespace Hybrid.Pipeline.Avro;

/// <summary>How values are encoded (section <c>Avro</c>).</summary>
public sealed class AvroOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Avro";

    /// <summary>The schema registry's address.</summary>
    [Required]
    public string RegistryUrl { get; set; } = "http://127.0.0.1:8081";

    /// <summary>Which client encodes: <c>builtin</c> or <c>confluent</c> (only where the feed served Confluent's serializers). The bytes are the same.</summary>
    [RegularExpression("builtin|confluent", ErrorMessage = "must be builtin or confluent")]
    public string Adapter { get; set; } = "builtin";
}
