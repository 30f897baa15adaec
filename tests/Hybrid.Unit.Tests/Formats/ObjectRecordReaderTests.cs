using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Unit.Tests.Formats;

public sealed class ObjectRecordReaderTests
{
    private const int Records = 3_000;

    public static TheoryData<SourceFormat, ObjectCompression> EveryKind()
    {
        var kinds = new TheoryData<SourceFormat, ObjectCompression>();
        foreach (var format in Enum.GetValues<SourceFormat>())
        {
            foreach (var compression in Enum.GetValues<ObjectCompression>())
            {
                kinds.Add(format, compression);
            }
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Object_OfEveryFormatAndCompression_GivesWhatWasWritten(SourceFormat format, ObjectCompression compression)
    {
        var packed = Objects.Pack(Write(format, Enumerable.Range(0, Records).Select(Delta)), compression);
        foreach (var key in (string[])["part-1" + ObjectExtensions.Of(format, compression), "part-1", "part-1.dat", "PART-1" + ObjectExtensions.Of(format, compression).ToUpperInvariant()])
        {
            var records = await Objects.ReadAsync(key, new PiecemealStream(packed, 10_007));

            Assert.Equal(Records, records.Count);
            Assert.All(records, record => Assert.Null(record.Error));
            Assert.Equal(
                Enumerable.Range(0, Records).Select(i => Text(In(format, Delta(i)) with { Version = DeltaVersion.Create(Delta(i).EventTimeMilliseconds, 0, records[i].Line, 1) })),
                records.Select(record => Text(record.Delta!)));
            Assert.Equal(Enumerable.Range(format == SourceFormat.Csv ? 2 : 1, Records).Select(line => (long)line), records.Select(record => record.Line));
        }
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Object_WithMalformedRecords_CountsEachOfThem(SourceFormat format, ObjectCompression compression)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = RecordWriters.Create(format, output))
        {
            for (var i = 0; i < 500; i++)
            {
                writer.Write(Delta(i));
                if (i % 100 == 0)
                {
                    writer.WriteMalformed("{\"no\",delta"u8);
                    writer.WriteMalformed([0xff, (byte)'x']);
                }
            }

            writer.Complete();
        }

        var records = await Objects.ReadAsync("a" + ObjectExtensions.Of(format, compression), new MemoryStream(Objects.Pack(output.WrittenSpan.ToArray(), compression)));

        Assert.Equal((510, 10), (records.Count, records.Count(record => record.Error is not null)));
        Assert.All(records.Where(record => record.Error is not null), record => Assert.Matches("no.*delta|x", record.Text));
    }

    [Theory]
    [InlineData("a.ndjson", SourceFormat.Ndjson, null)]
    [InlineData("x.csv/a.jsonl.gz", SourceFormat.Ndjson, ObjectCompression.Gzip)]
    [InlineData("a.b.JSON.ZST", SourceFormat.Ndjson, ObjectCompression.Zstd)]
    [InlineData("a.csv.gzip", SourceFormat.Csv, ObjectCompression.Gzip)]
    [InlineData("a.avro", SourceFormat.Avro, null)]
    [InlineData("a.zstd", null, ObjectCompression.Zstd)]
    [InlineData("ndjson", null, null)]
    [InlineData("a.csv.bak", null, null)]
    [InlineData("", null, null)]
    public void Name_SaysWhatItsExtensionsSay(string key, SourceFormat? format, ObjectCompression? compression) =>
        Assert.Equal((format, compression), (ObjectExtensions.FormatOf(key), ObjectExtensions.CompressionOf(key)));

    [Theory]
    [InlineData(" \n{\"a\":1,\"b\":2}", SourceFormat.Ndjson)]
    [InlineData("\uFEFF{\"a\":1}", SourceFormat.Ndjson)]
    [InlineData("\uFEFFdocumentId;kind\n{", SourceFormat.Csv)]
    [InlineData("id\tkind\n", SourceFormat.Csv)]
    [InlineData("Obj\u0001rest", SourceFormat.Avro)]
    [InlineData("nonsense\na,b", SourceFormat.Ndjson)]
    [InlineData("", SourceFormat.Ndjson)]
    public void Content_IsWhatItLooksLike(string content, SourceFormat format) => Assert.Equal(format, ContentSniffer.FormatOf(Encoding.UTF8.GetBytes(content)));

    [Fact]
    public async Task Object_NamedGzipAndDecompressedOnItsWay_IsReadAsItIs() =>
        Assert.Equal("1:malformed-json", Assert.Single(await Objects.ReadAsync("a.ndjson.gz", "plain\n")).ToString());

    [Fact]
    public async Task Object_NamedGzipAndNeitherThatNorText_IsOneDamage()
    {
        var damage = await Assert.ThrowsAsync<CorruptObjectException>(() => Objects.ReadAsync("dt=x/a.ndjson.gz", new MemoryStream([0, 1, 2, 3, 10, 4, 5, 10])));
        Assert.Equal("object 'dt=x/a.ndjson.gz' is damaged at line 1: it is named as gzip and is neither that nor text", damage.Message);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Object_CutAnywhere_GivesTheRecordsBeforeAndThenIsDamaged(SourceFormat format, ObjectCompression compression)
    {
        var whole = Objects.Pack(Write(format, Enumerable.Range(0, 300).Select(Delta)), compression);
        var key = "a" + ObjectExtensions.Of(format, compression);
        for (var length = 100; length < whole.Length; length += Math.Max(1, whole.Length / 40))
        {
            var records = new List<ReadRecord>();
            var damage = await Record.ExceptionAsync(() => Objects.ReadIntoAsync(records, key, new MemoryStream(whole[..length])));

            // Plain text may end anywhere below its header: then its last line is what it is.
            var isSound = compression == ObjectCompression.None && format != SourceFormat.Avro;
            Assert.Equal(isSound ? null : typeof(CorruptObjectException), damage?.GetType());
            Assert.InRange(records.Count, 0, 300);
        }
    }

    [Theory]
    [InlineData(ObjectCompression.Gzip)]
    [InlineData(ObjectCompression.Zstd)]
    public async Task Bomb_IsDamage_OnceItExpandsBeyondMeasure(ObjectCompression compression)
    {
        var bomb = new MemoryStream();
        using (var archive = RecordWriters.Compress(compression, new KeptOpen(bomb)))
        {
            var spaces = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
            for (var i = 0; i < 80; i++)
            {
                archive.Write(spaces);
            }
        }

        var damage = await Assert.ThrowsAsync<CorruptObjectException>(
            () => Objects.ReadAsync("a.ndjson", new MemoryStream(bomb.ToArray()), new FormatSettings { MaxExpansion = 100 }));
        Assert.Contains("more than 100 times its size (Source:MaxExpansion)", damage.Message);
        var line = Assert.Single(await Objects.ReadAsync("a.ndjson", new MemoryStream(bomb.ToArray()), new FormatSettings { MaxExpansion = 1_000_000 }));
        Assert.Equal(("1:line-too-long", 80L << 20), (line.ToString(), line.Length));
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void LargeObject_IsReadInMemoryThatDoesNotDependOnIt(SourceFormat format, ObjectCompression compression)
    {
        Measure(format, compression, 2);
        var small = Measure(format, compression, 10);
        var large = Measure(format, compression, 100);

        // Text allocates nothing until it is asked for a delta; Avro decodes as it moves on, so a record's own strings are allocated.
        Assert.InRange((large - small) / 90_000.0, -1, format == SourceFormat.Avro ? 400 : 20);
    }

    /// <summary>Reads an object of so many thousand records, and says how many bytes that allocated on this thread, on which all of it happens.</summary>
    private static long Measure(SourceFormat format, ObjectCompression compression, int copies)
    {
        using var body = new RepeatedObject(format, compression, copies);
        var reader = new ObjectRecordReader(body, "a" + ObjectExtensions.Of(format, compression), Objects.Partition);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var records = 0L;
        for (ValueTask<bool> read; (read = reader.ReadAsync(default)).IsCompletedSuccessfully && read.Result;)
        {
            records++;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(copies * 1_000L, records);
        Assert.True(reader.DisposeAsync().IsCompleted);
        return allocated;
    }

    private static CatalogDelta Delta(int i) => new()
    {
        DocumentId = $"doc-{i % 97}",
        Kind = (DeltaKind)(i % 3),
        Version = 0,
        EventTimeMilliseconds = 1322726400000 + i,
        Partition = Objects.Partition,
        Title = i % 5 == 0 ? null : i % 7 == 0 ? "" : $"A \"title\", with ü and\n{i}",
        Category = i % 4 == 0 ? null : "home",
        Price = i % 6 == 0 ? null : i / 3.0,
        Quantity = i % 8 == 0 ? null : -i,
        Campaign = i % 9 == 0 ? "xmas" : null,
        Related = i % 10 == 0 ? ["a", "b c"] : [],
    };

    /// <summary>In CSV a title over two lines would give the lines other numbers.</summary>
    private static CatalogDelta In(SourceFormat format, CatalogDelta delta) =>
        format == SourceFormat.Csv ? delta with { Title = delta.Title?.Replace('\n', ' ') } : delta;

    private static string Text(CatalogDelta delta) => $"{delta with { Related = [] }} {string.Join('|', delta.Related)}";

    internal static byte[] Write(SourceFormat format, IEnumerable<CatalogDelta> deltas)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = RecordWriters.Create(format, output);
        foreach (var delta in deltas)
        {
            writer.Write(In(format, delta));
        }

        writer.Complete();
        return output.WrittenSpan.ToArray();
    }

    private sealed class KeptOpen(MemoryStream target) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => target.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => target.Write(buffer);
    }

    /// <summary>An object of many records that is nowhere as a whole: its begin once, then its middle again and again.</summary>
    private sealed class RepeatedObject : MemoryStream
    {
        private readonly IEnumerator<byte[]> _pieces;
        private byte[] _piece = [];
        private int _at;

        public RepeatedObject(SourceFormat format, ObjectCompression compression, int copies)
        {
            var one = ObjectRecordReaderTests.Write(format, Enumerable.Range(0, 1_000).Select(ObjectRecordReaderTests.Delta));
            var none = format == SourceFormat.Avro ? ObjectRecordReaderTests.Write(format, []) : format == SourceFormat.Csv ? ObjectRecordReaderTests.Write(format, []) : [];
            var body = one[none.Length..];

            // Archives in a row are one archive.
            var (first, next) = (Objects.Pack(none, compression), Objects.Pack(body, compression));
            _pieces = Enumerable.Repeat(next, copies).Prepend(first).GetEnumerator();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (_at == _piece.Length)
            {
                if (!_pieces.MoveNext())
                {
                    return ValueTask.FromResult(0);
                }

                (_piece, _at) = (_pieces.Current, 0);
            }

            var count = Math.Min(buffer.Length, _piece.Length - _at);
            _piece.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return ValueTask.FromResult(count);
        }
    }
}
