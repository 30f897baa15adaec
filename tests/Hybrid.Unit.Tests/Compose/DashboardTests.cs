using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hybrid.Contracts.Measurement;

namespace Hybrid.Unit.Tests.Compose;

public partial class DashboardTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(ComposeFile.Folder, "grafana", "dashboards", "hybrid.json"));

    [Fact]
    public void Metric_OfEveryPanel_IsAnInstrumentUnderItsPrometheusName()
    {
        var instruments = typeof(Instruments).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Select(name => name.Replace('.', '_'))
            .ToHashSet();
        var used = Metric().Matches(Text).Select(match => Suffix().Replace(match.Value, "")).Distinct().ToList();
        Assert.True(used.Count > 10, $"only {used.Count} metrics were found");
        Assert.All(used, metric => Assert.Contains(metric, instruments));
    }

    [Fact]
    public void DataSource_OfEveryPanel_IsTheProvisionedOne()
    {
        var provisioned = DataSourceUid().Match(File.ReadAllText(Path.Combine(ComposeFile.Folder, "grafana", "provisioning", "datasources", "prometheus.yaml"))).Value;
        using var dashboard = JsonDocument.Parse(Text);
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row").ToList();
        Assert.NotEmpty(panels);
        Assert.All(panels, panel => Assert.Equal(provisioned, panel.GetProperty("datasource").GetProperty("uid").GetString()));
    }

    [GeneratedRegex(@"\bhybrid_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("(_total|_seconds_bucket)$")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"(?<=uid: )\S+")]
    private static partial Regex DataSourceUid();
}
