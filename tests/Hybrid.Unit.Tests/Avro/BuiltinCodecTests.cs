using System.Buffers;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Hybrid.Contracts;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Unit.Tests.Avro;

public sealed class BuiltinCodecTests : IAsyncLifetime
{
    private const string Incompatible = """{"type":"record","name":"CatalogDelta","fields":[{"name":"documentId","type":"long"}]}""";

    private readonly RegistryFixture _registry = new();
    private SchemaRegistryClient _client = null!;

    private static readonly CatalogDelta Full = new()
    {
        DocumentId = "85123A",
        Kind = DeltaKind.Signal,
        Version = long.MaxValue,
        EventTimeMilliseconds = 1322728000000,
        Partition = "2011-12-01T08:25Z",
        Title = "WHITE HANGING HEART T-LIGHT HOLDER £",
        Category = "",
        Price = 2.55,
        Quantity = -6,
        Campaign = "xmas",
        Related = ["71053", "84406B"],
    };

    public async Task InitializeAsync()
    {
        await _registry.StartAsync();
        _client = new SchemaRegistryClient(new AvroOptions { RegistryUrl = _registry.Address });
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task Encode_GivesTheBytesOfTheSpecification()
    {
        var delta = new CatalogDelta { DocumentId = "a", Kind = DeltaKind.Delete, Version = 64, EventTimeMilliseconds = -1, Partition = "p", Quantity = 1, Related = ["b"] };
        var bytes = await EncodeAsync(delta);
        Assert.Equal(
            [0, 0, 0, 0, 1, 2, (byte)'a', 2, 0x80, 0x01, 1, 2, (byte)'p', 0, 0, 0, 2, 2, 0, 2, 2, (byte)'b', 0],
            bytes);
    }

    [Fact]
    public async Task Decode_ReadsWhatEncodeWrote()
    {
        var decoded = await Decoder().DecodeAsync(await EncodeAsync(Full), CancellationToken.None);
        Assert.Equal(Full with { Related = [] }, decoded with { Related = Full.Related } with { Related = [] });
        Assert.Equal(Full.Related, decoded.Related);
    }

    [Fact]
    public async Task Decode_OfAnySlicedOrFlippedValue_GivesADeltaOrAFormatError()
    {
        var bytes = await EncodeAsync(Full);
        var decoder = Decoder();
        await decoder.DecodeAsync(bytes, CancellationToken.None);
        Prop.ForAll(ArbMap.Default.ArbFor<(NonNegativeInt Cut, NonNegativeInt At, byte With)>(), damage =>
        {
            var damaged = bytes[..(5 + (damage.Cut.Get % (bytes.Length - 4)))];
            if (damaged.Length > 5)
            {
                damaged[5 + (damage.At.Get % (damaged.Length - 5))] = damage.With;
            }

            try
            {
                return decoder.DecodeAsync(damaged, CancellationToken.None).AsTask().GetAwaiter().GetResult() is not null;
            }
            catch (DeltaFormatException)
            {
                return true;
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task FindUpdate_OfAnyValue_FindsWhatDecodingGives_OrSaysNo()
    {
        var bytes = await EncodeAsync(Full with { Kind = DeltaKind.Upsert, Related = [] });
        var decoder = Decoder();
        await decoder.DecodeAsync(bytes, CancellationToken.None);
        Prop.ForAll(ArbMap.Default.ArbFor<(NonNegativeInt Cut, NonNegativeInt At, byte With, bool Whole)>(), damage =>
        {
            var damaged = damage.Whole ? bytes[..] : bytes[..(5 + (damage.Cut.Get % (bytes.Length - 4)))];
            if (damaged.Length > 5)
            {
                damaged[5 + (damage.At.Get % (damaged.Length - 5))] = damage.With;
            }

            CatalogDelta? decoded = null;
            try
            {
                decoded = decoder.DecodeAsync(damaged, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
            catch (DeltaFormatException)
            {
                // Poison: there is nothing to be found.
            }

            var isUpdate = decoded is { Kind: not DeltaKind.Signal, Related.Length: 0 };
            return decoder.TryFindUpdate(damaged, out var found) ? isUpdate && AreEqual(decoded!, found.ToDelta()) : !isUpdate;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task FindUpdate_LeavesToDecoding_WhatIsNoUpdateOfOurOwnSchema()
    {
        var decoder = Decoder();
        var upsert = await EncodeAsync(Full with { Kind = DeltaKind.Upsert, Related = [] });
        Assert.False(decoder.TryFindUpdate(upsert, out _), "its schema was not asked for yet");
        await decoder.DecodeAsync(upsert, CancellationToken.None);

        Assert.True(decoder.TryFindUpdate(upsert, out _));
        Assert.False(decoder.TryFindUpdate(await EncodeAsync(Full), out _), "a signal");
        Assert.False(decoder.TryFindUpdate(new byte[] { 0, 0 }, out _), "too short");
        byte[] headless = [1, .. upsert.AsSpan(1)];
        Assert.False(decoder.TryFindUpdate(headless, out _), "no zero byte before it");
        var id = _registry.Add(ContractResources.CatalogDeltaSchema.Replace("[\"null\", \"double\"]", "[\"null\", \"float\"]", StringComparison.Ordinal));
        byte[] ofAnother = [0, 0, 0, 0, (byte)id, .. upsert.AsSpan(5)];
        Assert.False(decoder.TryFindUpdate(ofAnother, out _), "another schema");
        var asWrittenWith = new ArrayBufferWriter<byte>();
        BuiltinDeltaEncoder.WriteBody(Full with { Kind = DeltaKind.Upsert, Price = null, Related = [] }, new AvroBinaryWriter(asWrittenWith));
        byte[] known = [0, 0, 0, 0, (byte)id, .. asWrittenWith.WrittenSpan];
        await decoder.DecodeAsync(known, CancellationToken.None);
        Assert.False(decoder.TryFindUpdate(known, out _), "another schema, which is known");
    }

    [Fact]
    public void EncodedDelta_GivesTheDeltaBack()
    {
        var bare = new CatalogDelta { DocumentId = "", Kind = DeltaKind.Delete, Version = -1, EventTimeMilliseconds = long.MinValue, Partition = "" };
        Assert.True(AreEqual(Full, EncodedDelta.Of(Full).ToDelta()));
        Assert.True(AreEqual(bare, EncodedDelta.Of(bare).ToDelta()));
        Assert.Equal(Full.DocumentId, System.Text.Encoding.UTF8.GetString(EncodedDelta.Of(Full).DocumentId.Span));
    }

    [Fact]
    public async Task Decode_OfANewerWritersRecord_SkipsTheFieldsWeDoNotKnow()
    {
        var newer = ContractResources.CatalogDeltaSchema.Replace(
            "{\"name\": \"title\"",
            """
            {"name": "tags", "type": {"type": "map", "values": ["null", {"type": "array", "items": "double"}]}, "default": {}},
            {"name": "origin", "type": {"type": "record", "name": "Origin", "fields": [{"name": "host", "type": "string"}, {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 2}}]}},
            {"name": "title"
            """,
            StringComparison.Ordinal);
        var id = _registry.Add(newer);
        var output = new ArrayBufferWriter<byte>();
        var writer = new AvroBinaryWriter(output);
        writer.Raw([0, 0, 0, 0, (byte)id]);
        writer.String("a");
        writer.Long(0);
        writer.Long(9);
        writer.Long(1000);
        writer.String("p");
        writer.Long(1);
        writer.String("key");
        writer.Long(1);
        writer.Long(1);
        writer.Double(0.5);
        writer.Long(0);
        writer.Long(0);
        writer.String("host");
        writer.Raw([1, 2]);
        writer.Long(1);
        writer.String("title");
        foreach (var absent in (int[])[0, 0, 0, 0, 0])
        {
            writer.Long(absent);
        }

        var delta = await Decoder().DecodeAsync(output.WrittenMemory, CancellationToken.None);
        Assert.Equal("title", delta.Title);
        Assert.Equal(9, delta.Version);
        Assert.Empty(delta.Related);
    }

    [Fact]
    public async Task Decode_OfAnOlderWritersRecord_TakesOurDefaults()
    {
        var id = _registry.Add("""
            {"type":"record","name":"CatalogDelta","namespace":"hybrid.contracts","fields":[
              {"name":"documentId","type":"string"},{"name":"kind","type":{"type":"enum","name":"DeltaKind","symbols":["delete","upsert"]}},
              {"name":"version","type":"int"},{"name":"eventTime","type":"long"},{"name":"partition","type":"string"},{"name":"price","type":"float"}]}
            """);
        var output = new ArrayBufferWriter<byte>();
        var writer = new AvroBinaryWriter(output);
        writer.Raw([0, 0, 0, 0, (byte)id]);
        writer.String("a");
        writer.Long(1);
        writer.Long(9);
        writer.Long(1000);
        writer.String("p");
        writer.Raw(BitConverter.GetBytes(1.5f));
        var delta = await Decoder().DecodeAsync(output.WrittenMemory, CancellationToken.None);
        Assert.Equal(DeltaKind.Upsert, delta.Kind);
        Assert.Equal(1.5, delta.Price);
        Assert.Null(delta.Title);
    }

    [Fact]
    public async Task Decode_WithAnUnknownSchemaOrNoHeader_IsAFormatError()
    {
        await Assert.ThrowsAsync<DeltaFormatException>(() => Decoder().DecodeAsync(new byte[] { 0, 0, 0, 0, 99, 1 }, CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<DeltaFormatException>(async () => await Decoder().DecodeAsync(new byte[] { 1, 0 }, CancellationToken.None));
    }

    [Fact]
    public async Task Prepare_WithAnyVersionThatDoesNotResolve_SaysSoBeforeAnyRecord()
    {
        _registry.Add(Incompatible);
        _registry.Add(ContractResources.CatalogDeltaSchema);
        var failure = await Assert.ThrowsAsync<HybridException>(() => Decoder().PrepareAsync(CancellationToken.None));
        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.StartsWith("version 1 of 'hybrid.deltas-value'", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task Decode_OfADeltaWhoseSchemaDoesNotResolve_IsNoPoisonButStops()
    {
        var id = _registry.Add(Incompatible);
        var failure = await Assert.ThrowsAsync<HybridException>(() => Decoder().DecodeAsync(new byte[] { 0, 0, 0, 0, (byte)id, 2 }, CancellationToken.None).AsTask());
        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.Contains($"schema {id}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task Decode_OfAnotherKindOfRecord_IsPoison()
    {
        var id = _registry.Add("""{"type":"record","name":"Order","fields":[{"name":"documentId","type":"long"}]}""");
        await Assert.ThrowsAsync<DeltaFormatException>(() => Decoder().DecodeAsync(new byte[] { 0, 0, 0, 0, (byte)id, 2 }, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task Prepare_WhenTheRegistryRefuses_SaysWhyInOneLine()
    {
        _registry.RefuseWith = (HttpStatusCode.Conflict, """{"error_code":409,"message":"Schema being registered is incompatible"}""");
        var failure = await Assert.ThrowsAsync<HybridException>(() => Encoder().PrepareAsync(CancellationToken.None));
        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.Contains("incompatible", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    private BuiltinDeltaEncoder Encoder() => new(_client, new TopicNames());

    private static bool AreEqual(CatalogDelta one, CatalogDelta other) =>
        one with { Related = other.Related } == other && one.Related.SequenceEqual(other.Related);

    private BuiltinDeltaDecoder Decoder() => new(_client, new TopicNames());

    private async Task<byte[]> EncodeAsync(CatalogDelta delta)
    {
        var encoder = Encoder();
        await encoder.PrepareAsync(CancellationToken.None);
        var output = new ArrayBufferWriter<byte>();
        encoder.Encode(delta, output);
        return output.WrittenSpan.ToArray();
    }
}
