using System.Xml.Linq;

namespace Hybrid.Sandbox.Solr.Config;

/// <summary>An automatic commit.</summary>
/// <param name="MaxTime">How long after an update it comes; null when it is off.</param>
/// <param name="OpenSearcher">Whether it makes updates searchable.</param>
internal sealed record AutoCommitConfig(TimeSpan? MaxTime, bool OpenSearcher)
{
    public static AutoCommitConfig Parse(XElement? element)
    {
        var maxTime = (int?)element?.Element("maxTime") ?? -1;
        return new AutoCommitConfig(
            maxTime > 0 ? TimeSpan.FromMilliseconds(maxTime) : null,
            (bool?)element?.Element("openSearcher") ?? true);
    }
}
