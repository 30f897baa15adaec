using System.Collections.Immutable;
using System.Text;
using Hybrid.Sandbox.Solr;
using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Http;
using Hybrid.Sandbox.Solr.Query;
using Hybrid.Sandbox.Solr.Schema;
using Hybrid.Sandbox.Solr.Update;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Tests.Solr;

/// <summary>Damaged input ends in an error answer, never in another exception.</summary>
public sealed class HostileInputTests
{
    private const int Rounds = 3_000;
    private const string Noise = "{}[]\":,\\*?()+-!~^/ \n01aeT&|\u00e9\u0000";

    private static readonly ImmutableArray<string> Updates =
    [
        """[{"id":"a","attributes_version_l":1,"title_t":{"set":"T\u00e9"},"price_d":{"inc":1.5},"signal_related_ss":["x",null,2]}]""",
        """{"add":{"doc":{"id":"a"},"commitWithin":5},"delete":{"id":"b","_version_":1},"delete":["c"],"commit":{"softCommit":true}}""",
    ];

    private static readonly ImmutableArray<string> Queries =
    [
        "+title_t:\"white heart\" -category_s:(a OR b*) AND quantity_l:[1 TO 5}",
        "{!terms f=id separator=';'}a;b",
        "NOT (price_d:{* TO 2.5] || event_time_dt:[NOW-1DAY/DAY TO *]) && id:a\\:b",
    ];

    private readonly CoreConfig _config = CoreConfig.Load("hybrid", ImmutableDictionary<string, string>.Empty);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AMutatedJsonUpdate_IsReadOrRefused(int seed)
    {
        var random = new Random(seed);
        using var batch = new UpdateBatch();
        for (var round = 0; round < Rounds; round++)
        {
            batch.Clear();
            var builder = new UpdateBatchBuilder(_config.Schema, new ValueConverter(TimeProvider.System), batch, 0);
            var body = MutateBytes(random, Updates[round % Updates.Length]);
            JsonUpdateReader.Read(body, batch, builder, new UpdateParameters(-1, 0));
        }
    }

    [Fact]
    public void AMutatedXmlUpdate_IsReadOrRefused()
    {
        const string Update = "<add commitWithin=\"5\"><doc><field name=\"id\">a</field><field name=\"price_d\" update=\"inc\">1</field></doc></add>";
        var random = new Random(3);
        using var batch = new UpdateBatch();
        for (var round = 0; round < Rounds; round++)
        {
            batch.Clear();
            var builder = new UpdateBatchBuilder(_config.Schema, new ValueConverter(TimeProvider.System), batch, 0);
            using var body = new MemoryStream(MutateBytes(random, Update));
            XmlUpdateReader.Read(body, batch, builder, new UpdateParameters(-1, 0));
        }
    }

    [Fact]
    public void AMutatedQuery_IsParsedOrRefused()
    {
        var random = new Random(4);
        var parser = new QueryParser(new FieldQueries(_config.Schema, new ValueConverter(TimeProvider.System)));
        for (var round = 0; round < Rounds; round++)
        {
            try
            {
                parser.Parse(Mutate(random, Queries[round % Queries.Length]));
            }
            catch (SolrException exception)
            {
                Assert.Equal(400, exception.Error.Code);
            }
        }
    }

    [Fact]
    public void AMutatedJsonRequest_IsReadOrRefused()
    {
        const string Request = """{"query":"*:*","filter":["a:\u00e9",1],"limit":5,"offset":0,"sort":"id asc","fields":"id","params":{"q.op":["AND"],"x":null}}""";
        var random = new Random(5);
        for (var round = 0; round < Rounds; round++)
        {
            var parameters = new SolrParameters(new DefaultHttpContext().Request);
            try
            {
                var request = JsonRequest.Parse([Encoding.UTF8.GetString(MutateBytes(random, Request))]);
                request.AddParams(parameters);
                request.Convert(parameters);
            }
            catch (SolrException exception)
            {
                Assert.Equal(400, exception.Error.Code);
            }
        }
    }

    [Fact]
    public void ADeeplyNestedQuery_IsRefusedAndEndsNothing()
    {
        var parser = new QueryParser(new FieldQueries(_config.Schema, new ValueConverter(TimeProvider.System)));

        Assert.Throws<SolrException>(() => parser.Parse(new string('(', 1_000_000)));
    }

    private static byte[] MutateBytes(Random random, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(Mutate(random, text));
        if (random.Next(3) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static string Mutate(Random random, string text)
    {
        var mutated = new StringBuilder(text);
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            var position = random.Next(mutated.Length);
            switch (random.Next(3))
            {
                case 0:
                    mutated.Insert(position, Noise[random.Next(Noise.Length)]);
                    break;
                case 1:
                    mutated[position] = Noise[random.Next(Noise.Length)];
                    break;
                default:
                    mutated.Remove(position, Math.Min(mutated.Length - position, random.Next(1, 8)));
                    mutated.Append(' ');
                    break;
            }
        }

        return mutated.ToString();
    }
}
