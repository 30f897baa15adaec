using System.Text.Json;
using System.Text.Json.Serialization;
using Hybrid.Contracts.Json;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Pipeline.Formats.Csv;

/// <summary>
/// How the columns of CSV objects become fields of deltas: a JSON file. Without one, separator, quote and formats are the defaults here and
/// every column is the field of its name. All times without an offset are UTC, or at <see cref="CsvFieldMapping.Offset"/>: no time zone
/// with daylight saving is ever applied.
/// </summary>
public sealed record CsvMapping
{
    /// <summary>What separates fields: one ASCII character, such as <c>,</c>, <c>;</c> or a tab.</summary>
    public string Separator { get; set; } = ",";

    /// <summary>What fields are quoted with: one ASCII character; doubled within a field.</summary>
    public string Quote { get; set; } = "\"";

    /// <summary>What separates the integer part of a number from its fraction.</summary>
    public string DecimalSeparator { get; set; } = ".";

    /// <summary>What separates groups of digits; null when nothing may.</summary>
    public string? GroupSeparator { get; set; }

    /// <summary>Whether spaces around a field that is not quoted are cut off.</summary>
    public bool Trim { get; set; }

    /// <summary>
    /// Where each field comes from, by the field's name: documentId, kind and eventTime, and any of title, category, price, quantity, campaign
    /// and related. Empty for every column being the field of its name.
    /// </summary>
    public IReadOnlyDictionary<string, CsvFieldMapping> Fields { get; set; } = new Dictionary<string, CsvFieldMapping>();

    /// <summary>Reads a mapping.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="HybridException">It is not there, or not a mapping: one line that says what is wrong.</exception>
    public static CsvMapping Load(string path)
    {
        CsvMapping? mapping;
        try
        {
            mapping = JsonSerializer.Deserialize(File.ReadAllBytes(path), CsvMappingJson.Default.CsvMapping);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new HybridException(ExitCodes.WrongCall, $"the mapping {path} cannot be read ({failure.Message}): correct Source:Mapping", failure);
        }
        catch (JsonException mistake)
        {
            throw new HybridException(ExitCodes.WrongCall, $"the mapping {path} is not one ({JsonMistake.Describe(mistake)})", mistake);
        }

        try
        {
            _ = new CsvPlan(mapping ?? throw new FormatException("it is null"));
            return mapping;
        }
        catch (FormatException mistake)
        {
            throw new HybridException(ExitCodes.WrongCall, $"the mapping {path}: {mistake.Message}", mistake);
        }
    }
}

/// <summary>Where a field comes from: a column, a constant or, for the kind, rules.</summary>
public sealed record CsvFieldMapping
{
    /// <summary>The column's name in the header row; null when the field comes from none.</summary>
    public string? Column { get; set; }

    /// <summary>The value that every row has; null when it comes from a column.</summary>
    public string? Constant { get; set; }

    /// <summary>The kind for a column's value, such as <c>"D": "delete"</c>; values that are not here are errors. Empty for the kinds' own names.</summary>
    public IReadOnlyDictionary<string, string> Values { get; set; } = new Dictionary<string, string>();

    /// <summary>Kinds by rules over any columns, of which the first that applies counts; empty for none.</summary>
    public IReadOnlyList<CsvKindRule> Rules { get; set; } = [];

    /// <summary>
    /// The forms of an event time, of which the first that fits counts: <c>iso</c> (ISO 8601 with an offset), <c>epoch-seconds</c>,
    /// <c>epoch-milliseconds</c>, or a .NET date and time pattern such as <c>dd.MM.yyyy HH:mm:ss</c>. Empty for iso and epoch-milliseconds.
    /// </summary>
    public IReadOnlyList<string> Formats { get; set; } = [];

    /// <summary>The fixed offset from UTC of times whose pattern has none, such as <c>+01:00</c>; null for UTC.</summary>
    public string? Offset { get; set; }

    /// <summary>What separates the documents of <c>related</c> within their column; null for <c>|</c>.</summary>
    public string? Separator { get; set; }
}

/// <summary>A rule that gives a row its kind. Without any condition it always applies.</summary>
public sealed record CsvKindRule
{
    /// <summary>The column that the condition is about; null when there is none.</summary>
    public string? Column { get; set; }

    /// <summary>Applies when the column's value is this.</summary>
    [JsonPropertyName("equals")]
    public string? Value { get; set; }

    /// <summary>Applies when the column's value begins with this.</summary>
    public string? StartsWith { get; set; }

    /// <summary>The kind: upsert, delete or signal.</summary>
    public string Kind { get; set; } = "";
}

/// <summary>Serialization of <see cref="CsvMapping"/> without reflection; a member that it does not know is an error.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CsvMapping))]
internal sealed partial class CsvMappingJson : JsonSerializerContext;
