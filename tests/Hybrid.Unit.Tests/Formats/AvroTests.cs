using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Hybrid.Contracts;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Formats.Avro;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Unit.Tests.Formats;

public sealed class AvroTests
{
    private const long Time = 1322726400123;
    private static readonly byte[] s_sync = [.. Enumerable.Range(100, 16).Select(i => (byte)i)];

    [Theory]
    [InlineData("null")]
    [InlineData("deflate")]
    [InlineData("snappy")]
    [InlineData("zstandard")]
    public async Task Blocks_OfEveryCodec_AreRead_AndADamagedOneIsOneDeadLetter(string codec)
    {
        byte[][] blocks = [.. Enumerable.Range(0, 5).Select(block => Encode(codec, Enumerable.Range(0, 100).Select(i => Ours($"doc-{block}-{i}"))))];
        Assert.Equal(500, (await Objects.ReadAsync("a.avro", new MemoryStream(File(codec, ContractResources.SourceRecordSchema, blocks.Select(block => (100L, block)))))).Count(record => record.Error is null));

        blocks[2].AsSpan(blocks[2].Length / 2, 9).Fill(0xff);
        var records = await Objects.ReadAsync("a.avro", new MemoryStream(File(codec, ContractResources.SourceRecordSchema, blocks.Select(block => (100L, block)))));

        var letter = Assert.Single(records, record => record.Error?.Class == ErrorClasses.CorruptBlock);
        Assert.InRange(letter.Line, 201, 300);
        Assert.Contains($"from record {letter.Line}", letter.Error!.Message);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{301 + i}:doc-3-{i}"), records.Where(record => record.Line is > 300 and <= 400).Select(record => record.ToString()));
        Assert.Equal("500:doc-4-99", records[^1].ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Block_WithoutItsMarker_IsOneDeadLetter_AndReadingGoesOnBehindTheNext(bool damageMarker)
    {
        var block = Encode("null", Enumerable.Range(0, 10).Select(i => Ours($"doc-{i}")));
        var file = File("null", ContractResources.SourceRecordSchema, Enumerable.Repeat((10L, block), 4));
        var second = file.AsSpan().LastIndexOf(s_sync) - (3 * (block.Length + s_sync.Length + Counts(10, block.Length).Length)) + s_sync.Length;
        // Either the marker behind the second block, or the count at its begin.
        file[damageMarker ? second + Counts(10, block.Length).Length + block.Length : second] ^= 0x81;

        var records = await Objects.ReadAsync("a.avro", new PiecemealStream(file, 33));

        Assert.Single(records, record => record.Error is not null);
        Assert.Equal(ErrorClasses.CorruptBlock, records[10].Error!.Class);
        Assert.Equal(damageMarker ? 21 : 31, records.Count);
        Assert.Equal("doc-9", records[^1].Delta!.DocumentId);
        Assert.Equal(records.Select(record => record.Line).Distinct().Order(), records.Select(record => record.Line));
    }

    [Fact]
    public async Task Schema_OfAnotherWriter_IsResolvedByFieldNames()
    {
        const string Schema = """
            {"type":"record","name":"Other","fields":[
              {"name":"extra","type":{"type":"map","values":{"type":"array","items":["null","int"]}}},
              {"name":"quantity","type":["int","null"]},
              {"name":"eventTime","type":{"type":"long","logicalType":"timestamp-micros"}},
              {"name":"price","type":"float"},
              {"name":"kind","type":["null","string"]},
              {"name":"inner","type":{"type":"record","name":"Inner","fields":[{"name":"f","type":{"type":"fixed","name":"F","size":3}},{"name":"next","type":["null","Inner"]}]}},
              {"name":"documentId","type":"bytes"}]}
            """;
        var record = Body(writer =>
        {
            writer.Long(1);
            writer.String("k");
            writer.Long(-2);
            writer.Long(3);
            writer.Long(1);
            writer.Long(7);
            writer.Long(0);
            writer.Long(0);
            writer.Long(0);
            writer.Long(0);
            writer.Long(5);
            writer.Long((Time * 1_000) + 999);
            writer.Raw(BitConverter.GetBytes(2.5f));
            writer.Long(1);
            writer.String("delete");
            writer.Raw("abc"u8);
            writer.Long(1);
            writer.Raw("def"u8);
            writer.Long(0);
            writer.String("47");
        });
        var read = Assert.Single(await Objects.ReadAsync("a.avro", new MemoryStream(File("null", Schema, [(1L, record)]))));

        var delta = read.Delta!;
        Assert.Equal(("47", DeltaKind.Delete, Time, 2.5, 5L), (delta.DocumentId, delta.Kind, delta.EventTimeMilliseconds, delta.Price, delta.Quantity));
        Assert.Null(delta.Title);
    }

    [Fact]
    public async Task Record_ThatIsNoDelta_IsADeadLetterOfItsOwn()
    {
        const string Schema = """
            {"type":"record","name":"R","fields":[{"name":"documentId","type":"string"},{"name":"kind","type":"string"},{"name":"eventTime","type":["long","string"]}]}
            """;
        byte[] Record(ReadOnlySpan<byte> id, string kind, Action<ArrayBufferWriter<byte>> time)
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = new AvroBinaryWriter(output);
            writer.Long(id.Length);
            writer.Raw(id);
            writer.String(kind);
            time(output);
            return output.WrittenSpan.ToArray();
        }

        void Now(ArrayBufferWriter<byte> output) => new AvroBinaryWriter(output).Raw(Body(writer => { writer.Long(0); writer.Long(Time); }));
        byte[][] records =
        [
            Record("a"u8, "upsert", Now),
            Record("a"u8, "merge", Now),
            Record([], "upsert", Now),
            Record([0xff], "upsert", Now),
            Record("a"u8, "upsert", output => new AvroBinaryWriter(output).Raw(Body(writer => { writer.Long(1); writer.String("noon"); }))),
            Record("a"u8, "upsert", output => new AvroBinaryWriter(output).Raw(Body(writer => { writer.Long(0); writer.Long(-5); }))),
            Record("z"u8, "signal", output => new AvroBinaryWriter(output).Raw(Body(writer => { writer.Long(1); writer.String("2011-12-01T08:00:00+01:00"); }))),
        ];
        var read = await Objects.ReadAsync("a.avro", new MemoryStream(File("null", Schema, [((long)records.Length, [.. records.SelectMany(record => record)])])));

        Assert.Equal(
            ["1:a", "2:unknown-kind", "3:missing-field", "4:invalid-utf8", "5:wrong-type", "6:out-of-range", "7:z"], read.Select(record => record.ToString()));
        Assert.Equal(records.Select(record => (long)record.Length), read.Select(record => record.Length));
    }

    [Theory]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"documentId","type":"string"}]}""", "null", "has no field kind")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"documentId","type":"string"},{"name":"kind","type":"int"},{"name":"eventTime","type":"long"}]}""", "null", "has kind as int")]
    [InlineData("\"string\"", "null", "not one of a record")]
    [InlineData("{", "null", "not an Avro schema")]
    [InlineData(null, "xz", "codec is 'xz'")]
    public async Task File_ThatIsNotOfRecordsLikeOurs_IsOneDamage(string? schema, string codec, string message)
    {
        var damage = await Assert.ThrowsAsync<CorruptObjectException>(
            () => Objects.ReadAsync("a.avro", new MemoryStream(File(codec, schema ?? ContractResources.SourceRecordSchema, []))));
        Assert.Contains(message, damage.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Obj")]
    [InlineData("Obj\u0001")]
    [InlineData("{\"documentId\":\"a\"}")]
    public async Task File_ThatIsNone_IsOneDamage(string content) =>
        await Assert.ThrowsAsync<CorruptObjectException>(() => Objects.ReadAsync("a.avro", content));

    [Fact]
    public async Task Bytes_OfAnyKindBehindTheHeader_NeverEndInAnythingButRecordsDeadLettersOrDamage()
    {
        var random = new Random(7);
        var block = Encode("deflate", Enumerable.Range(0, 50).Select(i => Ours($"doc-{i}")));
        var whole = File("deflate", ContractResources.SourceRecordSchema, Enumerable.Repeat((50L, block), 3));
        var header = File("deflate", ContractResources.SourceRecordSchema, []).Length;
        for (var run = 0; run < 300; run++)
        {
            var file = whole.ToArray();
            for (var flips = random.Next(1, 5); flips > 0; flips--)
            {
                file[random.Next(header, file.Length)] = (byte)random.Next(256);
            }

            var failure = await Record.ExceptionAsync(() => Objects.ReadAsync("a.avro", new MemoryStream(file)));
            Assert.True(failure is null or CorruptObjectException, failure?.ToString());
        }
    }

    [Fact]
    public async Task NestedOrEndlessValues_AreABlockThatCannotBeRead()
    {
        const string Schema = """
            {"type":"record","name":"R","fields":[{"name":"nulls","type":{"type":"array","items":"null"}},{"name":"deep","type":{"type":"record","name":"D","fields":[{"name":"next","type":["null","D"]}]}},
              {"name":"documentId","type":"string"},{"name":"kind","type":"string"},{"name":"eventTime","type":"long"}]}
            """;
        byte[] Record(long nulls, int depth) => Body(writer =>
        {
            if (nulls > 0)
            {
                writer.Long(nulls);
            }

            writer.Long(0);
            for (var i = 0; i < depth; i++)
            {
                writer.Long(1);
            }

            writer.Long(0);
            writer.String("a");
            writer.String("upsert");
            writer.Long(Time);
        });
        var read = await Objects.ReadAsync("a.avro", new MemoryStream(File("null", Schema, [(1, Record(long.MaxValue, 5)), (1, Record(1, 1_000_000)), (1, Record(0, 0))])));

        Assert.Equal(["1:a", "2:corrupt-block", "3:a"], read.Select(record => record.ToString()));
    }

    [Fact]
    public void Snappy_OfTheFormatsExamples_IsDecompressed()
    {
        // Length 11; a literal of 3; a copy of 6 from 3 back, which overlaps itself; a copy with two bytes of distance.
        byte[] block = [11, 2 << 2, (byte)'a', (byte)'b', (byte)'c', ((6 - 4) << 2) | 1, 3, ((2 - 1) << 2) | 2, 9, 0];
        var content = new byte[SnappyBlock.Length(block, out var header)];
        SnappyBlock.Decompress(block.AsSpan(header), content);
        Assert.Equal("abcabcabcab", Encoding.ASCII.GetString(content));
        Assert.Equal(0xCBF43926u, SnappyBlock.Checksum("123456789"u8));
        for (var cut = 1; cut < block.Length; cut++)
        {
            Assert.Throws<InvalidDataException>(() => SnappyBlock.Decompress(block.AsSpan(header, cut - header < 0 ? 0 : cut - header), new byte[11]));
        }
    }

    private static byte[] Ours(string document) => Body(writer =>
    {
        writer.String(document);
        writer.Long(0);
        writer.Long(Time);
        for (var absent = 0; absent < 6; absent++)
        {
            writer.Long(0);
        }
    });

    private delegate void Writing(AvroBinaryWriter writer);

    private static byte[] Body(Writing write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new AvroBinaryWriter(output));
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Counts(long records, long bytes) => Body(writer => { writer.Long(records); writer.Long(bytes); });

    private static byte[] File(string codec, string schema, IEnumerable<(long Records, byte[] Block)> blocks) =>
    [
        .. "Obj\u0001"u8,
        .. Body(writer =>
        {
            writer.Long(-2);
            writer.Long(1);
            writer.String("avro.schema");
            writer.String(schema);
            writer.String("avro.codec");
            writer.String(codec);
            writer.Long(0);
        }),
        .. s_sync,
        .. blocks.SelectMany(block => (byte[])[.. Counts(block.Records, block.Block.Length), .. block.Block, .. s_sync]),
    ];

    private static byte[] Encode(string codec, IEnumerable<byte[]> records)
    {
        byte[] content = [.. records.SelectMany(record => record)];
        switch (codec)
        {
            case "deflate":
                var packed = new MemoryStream();
                using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                {
                    deflate.Write(content);
                }

                return packed.ToArray();
            case "snappy":
                var literals = content.Chunk(60).SelectMany(chunk => (byte[])[(byte)((chunk.Length - 1) << 2), .. chunk]);
                var checksum = new byte[4];
                BinaryPrimitives.WriteUInt32BigEndian(checksum, SnappyBlock.Checksum(content));
                var length = new List<byte>();
                for (var left = content.Length; ; left >>= 7)
                {
                    length.Add((byte)(left < 0x80 ? left : left | 0x80));
                    if (left < 0x80)
                    {
                        break;
                    }
                }

                return [.. length, .. literals, .. checksum];
            case "zstandard":
                return Objects.Pack(content, ObjectCompression.Zstd);
            default:
                return content;
        }
    }
}
