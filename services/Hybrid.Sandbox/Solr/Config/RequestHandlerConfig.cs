using System.Collections.Immutable;
using System.Xml.Linq;

namespace Hybrid.Sandbox.Solr.Config;

using Parameters = ImmutableArray<KeyValuePair<string, string>>;

/// <summary>A request handler and what it does to the parameters of a request.</summary>
/// <param name="Path">Where it answers: <c>/select</c>.</param>
/// <param name="Class">What it is: <c>solr.SearchHandler</c>.</param>
/// <param name="Defaults">Hold for a parameter that the request does not give.</param>
/// <param name="Appends">Are added to those of the request.</param>
/// <param name="Invariants">Replace those of the request.</param>
internal sealed record RequestHandlerConfig(string Path, string Class, Parameters Defaults, Parameters Appends, Parameters Invariants)
{
    public static RequestHandlerConfig Parse(XElement handler)
    {
        Parameters Of(string list) => handler.Elements("lst")
            .Where(element => (string?)element.Attribute("name") == list)
            .Elements()
            .Select(element => KeyValuePair.Create((string)element.Attribute("name")!, element.Value))
            .ToImmutableArray();

        return new RequestHandlerConfig(
            (string)handler.Attribute("name")!,
            (string)handler.Attribute("class")!,
            Of("defaults"),
            Of("appends"),
            Of("invariants"));
    }
}
