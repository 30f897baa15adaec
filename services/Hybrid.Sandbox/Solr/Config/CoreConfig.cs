using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Hybrid.Contracts;
using Hybrid.Sandbox.Hosting;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Config;

/// <summary>A configset as a core runs it: the schema, the handlers, the update chains and the automatic commits.</summary>
internal sealed partial class CoreConfig
{
    private CoreConfig(
        XElement schemaFile,
        CoreSchema schema,
        ImmutableDictionary<string, RequestHandlerConfig> handlers,
        ImmutableDictionary<string, UpdateChainConfig> chains,
        AutoCommitConfig autoCommit,
        AutoCommitConfig autoSoftCommit)
    {
        SchemaFile = schemaFile;
        Schema = schema;
        Handlers = handlers;
        Chains = chains;
        AutoCommit = autoCommit;
        AutoSoftCommit = autoSoftCommit;
    }

    /// <summary><c>schema.xml</c>.</summary>
    public XElement SchemaFile { get; }

    public CoreSchema Schema { get; }

    /// <summary>By path: <c>/select</c>.</summary>
    public ImmutableDictionary<string, RequestHandlerConfig> Handlers { get; }

    /// <summary>By name, as <c>update.chain</c> gives it.</summary>
    public ImmutableDictionary<string, UpdateChainConfig> Chains { get; }

    public AutoCommitConfig AutoCommit { get; }

    public AutoCommitConfig AutoSoftCommit { get; }

    /// <summary>Whether the contracts hold a configset of that name.</summary>
    public static bool Exists(string configSet) => ContractResources.Names.Contains(Resource(configSet, "solrconfig.xml"));

    /// <summary>Reads a configset out of the contracts.</summary>
    /// <param name="configSet">Its name.</param>
    /// <param name="properties">Values for <c>${name:default}</c>.</param>
    /// <exception cref="SandboxException">It uses what the sandbox does not implement.</exception>
    public static CoreConfig Load(string configSet, IReadOnlyDictionary<string, string> properties)
    {
        var schemaFile = Read(configSet, "schema.xml", properties);
        var schema = CoreSchema.Parse(schemaFile);
        var config = Read(configSet, "solrconfig.xml", properties);
        var updateHandler = config.Element("updateHandler");
        return new CoreConfig(
            schemaFile,
            schema,
            config.Elements("requestHandler").Select(RequestHandlerConfig.Parse).ToImmutableDictionary(handler => handler.Path),
            config.Elements("updateRequestProcessorChain").Select(chain => UpdateChainConfig.Parse(chain, schema))
                .ToImmutableDictionary(chain => chain.Name),
            AutoCommitConfig.Parse(updateHandler?.Element("autoCommit")),
            AutoCommitConfig.Parse(updateHandler?.Element("autoSoftCommit")));
    }

    /// <summary>Opens a file of a configset as it is, or null when there is none of that name.</summary>
    public static Stream? OpenFile(string configSet, string file) =>
        ContractResources.Names.Contains(Resource(configSet, file)) ? ContractResources.Open(Resource(configSet, file)) : null;

    private static XElement Read(string configSet, string file, IReadOnlyDictionary<string, string> properties)
    {
        using var stream = ContractResources.Open(Resource(configSet, file));
        using var reader = new StreamReader(stream);
        var text = Property().Replace(
            reader.ReadToEnd(),
            match => properties.TryGetValue(match.Groups["name"].Value, out var value) ? value : match.Groups["default"].Value);
        return XDocument.Parse(text).Root!;
    }

    private static string Resource(string configSet, string file) =>
        string.Create(CultureInfo.InvariantCulture, $"solr/{configSet}/conf/{file}");

    [GeneratedRegex(@"\$\{(?<name>[^:}]+)(:(?<default>[^}]*))?\}")]
    private static partial Regex Property();
}
