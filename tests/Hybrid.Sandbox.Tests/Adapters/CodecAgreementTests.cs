using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hybrid.Contracts;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Avro.Confluent;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Sandbox.Tests.Adapters;

/// <summary>Holds the built-in codec and the one over Confluent's serializers to the same bytes.</summary>
public sealed class CodecAgreementTests(CodecFixture fixture) : IClassFixture<CodecFixture>
{
    private const string Builtin = CodecFixture.Builtin;
    private const string Confluent = "confluent";

    public static TheoryData<string> Adapters => new(Builtin, Confluent);

    public static TheoryData<string, string> Pairs => new() { { Builtin, Confluent }, { Confluent, Builtin }, { Confluent, Confluent } };

    private static CatalogDelta[] Samples =>
    [
        Deltas.Upsert("85123A"),
        Deltas.Upsert("m", long.MaxValue) with { Title = "Gläser, 杯 🥂", Price = -0.0, Quantity = long.MinValue },
        Deltas.Upsert("0", long.MinValue) with { Title = "", Price = double.MaxValue, Quantity = 0, EventTimeMilliseconds = DeltaVersion.MaxEventTime.ToUnixTimeMilliseconds() },
        Deltas.Delete("x", 7) with { EventTimeMilliseconds = -1 },
        Deltas.Signal("s", 3, "a", "b", new string('c', 300)),
    ];

    [Fact]
    public async Task Encode_WithEitherAdapter_GivesTheSameBytes()
    {
        var builtin = await fixture.EncoderAsync(Builtin);
        var confluent = await fixture.EncoderAsync(Confluent);

        foreach (var delta in Samples)
        {
            Assert.Equal(CodecFixture.Encode(builtin, delta), CodecFixture.Encode(confluent, delta));
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Decode_OfTheOthersBytes_GivesTheDeltaBack(string writer, string reader)
    {
        var encoder = await fixture.EncoderAsync(writer);
        var decoder = await fixture.DecoderAsync(reader);

        foreach (var delta in Samples)
        {
            var decoded = await decoder.DecodeAsync(CodecFixture.Encode(encoder, delta), CancellationToken.None);

            Assert.Equal(delta with { Related = [] }, decoded with { Related = [] });
            Assert.Equal(delta.Related, decoded.Related);
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task Decode_OfAWriterWithAnotherField_LeavesTheFieldOut(string adapter)
    {
        const string Added = """{"name": "colour", "type": ["null", "string"], "default": null}, {"name": "related",""";
        var schema = ContractResources.CatalogDeltaSchema.Replace("""{"name": "related",""", Added, StringComparison.Ordinal);
        var id = await fixture.Registry.RegisterAsync("evolved-value", schema, CancellationToken.None);
        var decoder = await fixture.DecoderAsync(adapter);

        var decoded = await decoder.DecodeAsync(Body(id, colour: "red"), CancellationToken.None);

        Assert.Equal("d", decoded.DocumentId);
        Assert.Equal(["r"], decoded.Related);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task Decode_OfAWriterWithoutAField_GivesItsDefault(string adapter)
    {
        var schema = JsonNode.Parse(ContractResources.CatalogDeltaSchema)!;
        var fields = schema["fields"]!.AsArray();
        fields.RemoveAt(fields.Count - 1);
        var id = await fixture.Registry.RegisterAsync("older-value", schema.ToJsonString(), CancellationToken.None);
        var decoder = await fixture.DecoderAsync(adapter);

        var decoded = await decoder.DecodeAsync(Body(id, colour: null, related: false), CancellationToken.None);

        Assert.Equal("d", decoded.DocumentId);
        Assert.Empty(decoded.Related);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task Decode_OfBytesThatAreNoDelta_SaysSo(string adapter)
    {
        var good = CodecFixture.Encode(await fixture.EncoderAsync(Builtin), Deltas.Upsert("d"));
        var decoder = await fixture.DecoderAsync(adapter);
        var unknownId = good.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(unknownId.AsSpan(1), 4711);
        var wrongMagic = good.ToArray();
        wrongMagic[0] = 9;
        var negativeLength = good.ToArray();
        negativeLength[5] = 1;
        var wrongKind = good.ToArray();
        wrongKind[7] = 120;

        var emptyId = Body(await fixture.Registry.RegisterAsync(
            fixture.Topics.DeltasSubject, ContractResources.CatalogDeltaSchema, CancellationToken.None), colour: null);
        emptyId = [.. emptyId[..5], 0, .. emptyId[7..]];

        foreach (var bytes in new[] { [], [0], emptyId, good[..7], good[..^3], unknownId, wrongMagic, negativeLength, wrongKind, Encoding.UTF8.GetBytes("{\"json\":1}") })
        {
            await Assert.ThrowsAsync<DeltaFormatException>(async () => await decoder.DecodeAsync(bytes, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Prepare_WithoutARegistry_IsUnreachable()
    {
        var options = new AvroOptions { RegistryUrl = "http://127.0.0.1:1" };
        using var encoder = new ConfluentDeltaEncoder(options, fixture.Topics);
        using var decoder = new ConfluentDeltaDecoder(options, fixture.Topics);

        foreach (var prepare in new Func<Task>[] { () => encoder.PrepareAsync(CancellationToken.None), () => decoder.PrepareAsync(CancellationToken.None) })
        {
            var failure = await Assert.ThrowsAsync<HybridException>(prepare);

            Assert.Equal(ExitCodes.Unreachable, failure.ExitCode);
            Assert.Contains("http://127.0.0.1:1", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', failure.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task Prepare_OfADecoder_RefusesASubjectThatItCannotRead(string adapter)
    {
        var topics = new Contracts.Topics.TopicNames(string.Create(CultureInfo.InvariantCulture, $"foreign{Environment.TickCount64}."));
        await fixture.Registry.RegisterAsync(topics.DeltasSubject, """{"type": "record", "name": "Other", "fields": []}""", CancellationToken.None);

        var failure = await Assert.ThrowsAsync<HybridException>(() => fixture.DecoderAsync(adapter, topics));

        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.StartsWith($"version 1 of '{topics.DeltasSubject}'", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task Decode_OfADeltaWhoseSchemaDoesNotResolve_IsNoPoisonButStops(string adapter)
    {
        var schema = ContractResources.CatalogDeltaSchema.Replace("""documentId", "type": "string""", """documentId", "type": "long""", StringComparison.Ordinal);
        Assert.NotEqual(ContractResources.CatalogDeltaSchema, schema);
        var id = await fixture.Registry.RegisterAsync("incompatible-value", schema, CancellationToken.None);
        var decoder = await fixture.DecoderAsync(adapter);

        var failure = await Assert.ThrowsAsync<HybridException>(async () => await decoder.DecodeAsync(Body(id, colour: null), CancellationToken.None));

        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.Contains($"schema {id}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task Decode_OfAnotherKindOfRecord_IsPoison(string adapter)
    {
        var id = await fixture.Registry.RegisterAsync(
            "order-value", """{"type": "record", "name": "Order", "fields": [{"name": "documentId", "type": "long"}]}""", CancellationToken.None);
        var decoder = await fixture.DecoderAsync(adapter);

        await Assert.ThrowsAsync<DeltaFormatException>(async () => await decoder.DecodeAsync(Body(id, colour: null), CancellationToken.None));
    }

    /// <summary>documentId d, kind upsert, version 1, eventTime 0, partition p, nulls, and one related document r.</summary>
    private static byte[] Body(int id, string? colour, bool related = true)
    {
        var header = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), id);
        byte[] fields = [2, (byte)'d', 0, 2, 0, 2, (byte)'p', 0, 0, 0, 0, 0];
        byte[] extra = colour is null ? [] : [2, (byte)(colour.Length * 2), .. Encoding.ASCII.GetBytes(colour)];
        byte[] array = related ? [2, 2, (byte)'r', 0] : [];
        return [.. header, .. fields, .. extra, .. array];
    }
}
