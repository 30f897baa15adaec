using System.Text;
using Hybrid.Contracts.Records;

namespace Hybrid.Comparison.Load.Generate;

/// <summary>Makes up what stands in a line.</summary>
internal sealed class LineGenerator(GeneratorOptions options)
{
    private static readonly string[] s_colours = ["Red", "White", "Blue", "Green", "Ivory", "Vintage", "Pink", "Black"];
    private static readonly string[] s_things = ["Lantern", "Teacup", "Bunting", "Lunch Box", "Doormat", "Candle", "Clock", "Mug", "Cushion", "Frame"];
    private static readonly string[] s_categories = ["garden", "kitchen", "party", "gifts", "home", "toys"];
    private static readonly string[] s_campaigns = ["xmas", "spring", "clearance"];

    private readonly ZipfDistribution _documents = new(options.Documents, options.ZipfExponent);

    /// <summary>Makes a delta.</summary>
    public CatalogDelta Delta(ref SeededRandom random, DeltaKind kind, long eventTime) =>
        Delta(ref random, kind, Document(_documents.Draw(random.NextDouble())), eventTime);

    /// <summary>Makes a delta of a given document.</summary>
    public CatalogDelta Delta(ref SeededRandom random, DeltaKind kind, string document, long eventTime)
    {
        var delta = new CatalogDelta
        {
            DocumentId = document,
            Kind = kind,
            EventTimeMilliseconds = eventTime,
            Version = 0,
            Partition = "",
        };
        return kind switch
        {
            DeltaKind.Delete => delta,
            DeltaKind.Signal => delta with
            {
                Price = Price(ref random),
                Quantity = 1 + random.NextInt(12),
                Related = Related(ref random, document),
            },
            _ => delta with
            {
                Title = $"{s_colours[random.NextInt(s_colours.Length)]} {s_things[random.NextInt(s_things.Length)]} {document}",
                Category = s_categories[random.NextInt(s_categories.Length)],
                Price = Price(ref random),
                Quantity = random.NextInt(1_000),
                Campaign = random.NextInt(4) == 0 ? s_campaigns[random.NextInt(s_campaigns.Length)] : null,
            },
        };
    }

    /// <summary>Makes a line that is no delta, of one of the ways in which lines go wrong.</summary>
    public byte[] Malformed(ref SeededRandom random, long eventTime)
    {
        var document = Document(_documents.Draw(random.NextDouble()));
        return random.NextInt(6) switch
        {
            0 => Encoding.UTF8.GetBytes($$"""{"documentId":"{{document}}","kind":"upsert","eventTime":{{eventTime}},"title":"cut o"""),
            1 => Encoding.UTF8.GetBytes($$"""{"kind":"upsert","eventTime":{{eventTime}},"title":"of nothing"}"""),
            2 => Encoding.UTF8.GetBytes($$"""{"documentId":"{{document}}","kind":"merge","eventTime":{{eventTime}}}"""),
            3 => Encoding.UTF8.GetBytes($$"""{"documentId":"{{document}}","kind":"upsert","eventTime":{{eventTime}},"price":"1,99"}"""),
            4 => Encoding.UTF8.GetBytes($$"""{"documentId":"{{document}}","kind":"upsert","eventTime":"yesterday"}"""),
            _ => [.. "{\"documentId\":\""u8, 0xff, 0xfe, .. "\",\"kind\":\"delete\"}"u8],
        };
    }

    private static string Document(int rank) => $"doc-{rank:000000}";

    private static double Price(ref SeededRandom random) => (25 + random.NextInt(5_000)) / 100.0;

    private string[] Related(ref SeededRandom random, string document)
    {
        var related = new List<string>(4);
        for (var left = random.NextInt(5); left > 0; left--)
        {
            var other = Document(_documents.Draw(random.NextDouble()));
            if (other != document && !related.Contains(other))
            {
                related.Add(other);
            }
        }

        return [.. related];
    }
}
