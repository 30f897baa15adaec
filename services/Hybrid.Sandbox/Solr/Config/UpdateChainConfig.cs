using System.Xml.Linq;
using Hybrid.Sandbox.Hosting;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Config;

/// <summary>What an update chain does before a document is indexed.</summary>
/// <param name="Name">As <c>update.chain</c> gives it; empty for the default chain.</param>
/// <param name="MaxErrors">How many refused commands it tolerates (<c>TolerantUpdateProcessorFactory</c>), or null: none, and it does not say.</param>
/// <param name="VersionConstraint">Which field must grow (<c>DocBasedVersionConstraintsProcessorFactory</c>), or null: none.</param>
internal sealed record UpdateChainConfig(string Name, int? MaxErrors, VersionConstraint? VersionConstraint)
{
    /// <summary>The chain of a request that names none: it indexes, and does nothing else.</summary>
    public static UpdateChainConfig Default { get; } = new(string.Empty, null, null);

    public static UpdateChainConfig Parse(XElement chain, CoreSchema schema)
    {
        var name = (string)chain.Attribute("name")!;
        var result = new UpdateChainConfig(name, null, null);
        var distributed = false;
        foreach (var processor in chain.Elements("processor"))
        {
            switch ((string)processor.Attribute("class")!)
            {
                case "solr.TolerantUpdateProcessorFactory":
                    var maxErrors = (int?)Argument(processor, "maxErrors") ?? -1;
                    result = result with { MaxErrors = maxErrors < 0 ? int.MaxValue : maxErrors };
                    break;
                case "solr.DocBasedVersionConstraintsProcessorFactory" when !distributed:
                    result = result with { VersionConstraint = Constraint(name, processor, schema) };
                    break;
                case "solr.DistributedUpdateProcessorFactory":
                    distributed = true;
                    break;
                case "solr.LogUpdateProcessorFactory" or "solr.RunUpdateProcessorFactory":
                    break;
                case var other:
                    throw new SandboxException($"update chain '{name}': processor '{other}' is not supported there by the sandbox");
            }
        }

        return result;
    }

    private static VersionConstraint Constraint(string chain, XElement processor, CoreSchema schema)
    {
        var versionField = Argument(processor, "versionField")?.Value;
        if (schema.Find(versionField ?? string.Empty) is not { Kind: FieldKind.Long, MultiValued: false, Stored: true } field)
        {
            throw new SandboxException($"update chain '{chain}': versionField '{versionField}' must be one stored long");
        }

        if (Argument(processor, "tombstoneConfig") is not null)
        {
            throw new SandboxException($"update chain '{chain}': tombstoneConfig is not supported by the sandbox");
        }

        return new VersionConstraint(
            field,
            (bool?)Argument(processor, "ignoreOldUpdates") ?? false,
            (bool?)Argument(processor, "supportMissingVersionOnOldDocs") ?? false,
            Argument(processor, "deleteVersionParam")?.Value);
    }

    private static XElement? Argument(XElement processor, string name) =>
        processor.Elements().FirstOrDefault(element => (string?)element.Attribute("name") == name);
}

/// <summary>An update is applied only if it is newer than the document.</summary>
/// <param name="Field">What says how new it is.</param>
/// <param name="IgnoreOldUpdates">Whether an update that is not newer is dropped in silence, or refused with 409.</param>
/// <param name="SupportMissingVersionOnOldDocs">Whether a document without the field is older than any update, or an error.</param>
/// <param name="DeleteVersionParameter">The request parameter that gives the version of a deletion by id, which then leaves a document of id and version; null when deletions are not looked at.</param>
internal sealed record VersionConstraint(
    SchemaField Field,
    bool IgnoreOldUpdates,
    bool SupportMissingVersionOnOldDocs,
    string? DeleteVersionParameter);
