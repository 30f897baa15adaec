using System.Collections.Immutable;
using System.Text;

namespace Hybrid.Sandbox.Solr.Index;

/// <summary>What <c>core.properties</c> says of a core.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ConfigSet">Its configset.</param>
/// <param name="Properties">Its own values for <c>${name:default}</c>.</param>
internal sealed record CoreDescriptor(string Name, string ConfigSet, ImmutableSortedDictionary<string, string> Properties)
{
    public const string FileName = "core.properties";

    public static CoreDescriptor Read(string directory)
    {
        var lines = File.ReadAllLines(Path.Combine(directory, FileName))
            .Where(line => !line.StartsWith('#') && line.Contains('=', StringComparison.Ordinal))
            .Select(line => line.Split('=', 2))
            .ToImmutableSortedDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
        return new CoreDescriptor(
            lines.GetValueOrDefault("name") ?? Path.GetFileName(directory),
            lines.GetValueOrDefault("configSet") ?? string.Empty,
            lines.RemoveRange(["name", "configSet"]));
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Write(string directory)
    {
        var text = new StringBuilder().Append("name=").Append(Name).Append('\n').Append("configSet=").Append(ConfigSet).Append('\n');
        foreach (var (name, value) in Properties)
        {
            text.Append(name).Append('=').Append(value).Append('\n');
        }

        var path = Path.Combine(directory, FileName);
        File.WriteAllText(path + ".partial", text.ToString());
        File.Move(path + ".partial", path, overwrite: true);
    }

    /// <summary>Its own properties over those of the server.</summary>
    public IReadOnlyDictionary<string, string> With(IReadOnlyDictionary<string, string> serverProperties)
    {
        var all = new Dictionary<string, string>(serverProperties, StringComparer.Ordinal);
        foreach (var (name, value) in Properties)
        {
            all[name] = value;
        }

        return all;
    }
}
