using System.Text.RegularExpressions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Hosting;
using Hybrid.Unit.Tests.Load;
using Hybrid.Unit.Tests.Repository;

namespace Hybrid.Unit.Tests.Formats;

public sealed class FormatsPageTests
{
    [Fact]
    public async Task Example_OfThePage_ReadsAsThePageSays()
    {
        var page = File.ReadAllText(RepositoryRoot.File("docs/formats.md"));
        using var directory = new TemporaryDirectory();
        var mapping = directory.Below("mapping.json");
        File.WriteAllText(mapping, Block("json").Match(page).Groups[1].Value);

        var records = await Objects.ReadAsync(
            "shop/dt=2011-12-01/hh=08/mm=05/export.csv", Block("csv").Match(page).Groups[1].Value, FormatSettings.Of(new SourceOptions { Mapping = mapping }));

        Assert.All(records, record => Assert.Null(record.Error));
        Assert.Equal([DeltaKind.Upsert, DeltaKind.Delete, DeltaKind.Signal], records.Select(record => record.Delta!.Kind));
        Assert.Equal(("White \"hanging\" heart", 1002.55, 6L), (records[0].Delta!.Title, records[0].Delta!.Price, records[0].Delta!.Quantity));
        Assert.Equal(["85123A", "71053"], records[2].Delta!.Related);
        Assert.All(records, record => Assert.Equal(
            "2011-12-01T08:0", DateTimeOffset.FromUnixTimeMilliseconds(record.Delta!.EventTimeMilliseconds).ToString("yyyy-MM-dd'T'HH:mm")[..15]));
    }

    private static Regex Block(string language) => new($"```{language}\n(.*?)```", RegexOptions.Singleline);
}
