using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Hybrid.Sandbox.Tests.Solr;

/// <summary>Random updates, commits and restarts against a few lines that say what the index must then hold.</summary>
public sealed class ModelTests : SolrTest
{
    private const int Requests = 120;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnyHistory_EndsInTheStateOfTheModel(int seed)
    {
        var random = new Random(seed);
        var model = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        for (var request = 0; request < Requests; request++)
        {
            switch (random.Next(12))
            {
                case 0:
                    await RestartAsync();
                    break;
                case 1:
                    await Solr.UpdateAsync("[]", "softCommit=true");
                    break;
                case 2:
                    await DeleteAsync(random, model);
                    break;
                case 3:
                    await ReplaceAsync(random, model);
                    break;
                default:
                    await UpdateThroughAChainAsync(random, model);
                    break;
            }
        }

        await Solr.UpdateAsync("""{"commit":{}}""");
        var answer = await Solr.GetAsync("shop/select-all?q=*:*&sort=id+asc&rows=100");
        Assert.Equal(model.Values.Select(Text), answer.Documents.Select(document => Text(document!.AsObject())));
    }

    private async Task UpdateThroughAChainAsync(Random random, SortedDictionary<string, JsonObject> model)
    {
        var isSignal = random.Next(2) == 0;
        var (versionField, valueField) = isSignal ? ("signals_version_l", "signal_units_l") : ("attributes_version_l", "quantity_l");
        var bulk = new JsonArray();
        for (var left = random.Next(1, 6); left > 0; left--)
        {
            var id = Id(random);
            var version = random.Next(1, 60);
            JsonNode? value = random.Next(4) == 0 ? null : random.Next(1000);
            var isBad = random.Next(10) == 0;
            bulk.Add(new JsonObject
            {
                ["id"] = id,
                [versionField] = version,
                [valueField] = new JsonObject { ["set"] = isBad ? "bad" : value },
            });
            var document = model.GetValueOrDefault(id);
            if (isBad || (document?[versionField] is { } before && (int)before >= version))
            {
                continue;
            }

            document ??= model[id] = new JsonObject { ["id"] = id };
            document[versionField] = version;
            document.Remove(valueField);
            if (value is not null)
            {
                document[valueField] = value.DeepClone();
            }
        }

        Assert.Equal(
            HttpStatusCode.OK,
            (await Solr.UpdateAsync(bulk.ToJsonString(), isSignal ? "update.chain=signals" : "update.chain=attributes")).Status);
    }

    private async Task ReplaceAsync(Random random, SortedDictionary<string, JsonObject> model)
    {
        var document = new JsonObject { ["id"] = Id(random), ["price_d"] = random.Next(100) + 0.5 };
        model[(string)document["id"]!] = document;
        await Solr.UpdateAsync(new JsonArray(document.DeepClone()).ToJsonString());
    }

    private async Task DeleteAsync(Random random, SortedDictionary<string, JsonObject> model)
    {
        if (random.Next(3) > 0)
        {
            var id = Id(random);
            model.Remove(id);
            await Solr.UpdateAsync($$"""{"delete":"{{id}}"}""");
            return;
        }

        var bound = random.Next(1000);
        foreach (var (id, document) in model.ToList())
        {
            if (document["quantity_l"] is { } quantity && (int)quantity >= bound)
            {
                model.Remove(id);
            }
        }

        await Solr.UpdateAsync($$$"""{"delete":{"query":"quantity_l:[{{{bound}}} TO *]"}}""");
    }

    private static string Id(Random random) => random.Next(8).ToString(CultureInfo.InvariantCulture);

    private static string Text(JsonObject document) => string.Join(
        ' ',
        document.Where(field => field.Key != "_version_").OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"));
}
