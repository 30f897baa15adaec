using System.Text.Json;

namespace Hybrid.Pipeline.Solr.Updates;

/// <summary>A field's name, ready for both formats.</summary>
internal sealed class UpdateField(string name)
{
    public string Name => name;

    public JsonEncodedText Json { get; } = JsonEncodedText.Encode(name);
}
