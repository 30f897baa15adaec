using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hybrid.Compression;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Unit.Tests.Lines;

public sealed class ObjectLineReaderTests
{
    private const int Limit = 5_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lines_OfPlainAndGzip_AreTheSame(bool gzip)
    {
        var lines = await ReadAsync(Pack("a\nbb\r\n\n\r\nccc", gzip));

        Assert.Equal([(1, "a"), (2, "bb"), (5, "ccc")], lines);
    }

    [Fact]
    public async Task LastLine_WithoutItsEnd_Counts() => Assert.Equal([(1, "a"), (2, "b")], await ReadAsync("a\nb"u8.ToArray()));

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\r\n")]
    public async Task ObjectWithoutLines_HasNone(string content) => Assert.Empty(await ReadAsync(Encoding.UTF8.GetBytes(content)));

    [Fact]
    public async Task ByteOrderMark_IsPassedOver() => Assert.Equal([(1, "a")], await ReadAsync([0xef, 0xbb, 0xbf, (byte)'a']));

    [Fact]
    public async Task GzipMembers_InARow_AreOneObject() =>
        Assert.Equal([(1, "a"), (2, "bc")], await ReadAsync([.. Pack("a\nb", gzip: true), .. Pack("c\n", gzip: true)]));

    [Fact]
    public async Task AnyLines_InAnyChunks_ComeOutAsTheyWere() => await Task.Run(() => Prop.ForAll(
        Gen.ArrayOf(Gen.Choose(0, Limit + 3_000)).ToArbitrary(), Gen.Choose(1, 9_000).ToArbitrary(), (lengths, chunk) =>
        {
            var expected = lengths.Select((length, i) => new string((char)('a' + (i % 26)), length)).ToArray();
            var content = Encoding.ASCII.GetBytes(string.Join('\n', expected));
            var read = ReadAsync(content, chunk).GetAwaiter().GetResult();
            Assert.Equal(
                expected.Select((line, i) => (i + 1, line.Length > Limit ? line[..ObjectLineReader.KeptBytes] : line)).Where(line => line.Item2.Length > 0),
                read);
        }).QuickCheckThrowOnFailure());

    [Fact]
    public async Task LongLine_KeepsItsBegin_AndTheNextLineIsWhole()
    {
        await using var reader = new ObjectLineReader(new MemoryStream(Encoding.ASCII.GetBytes("a\n" + new string('x', 50_000) + "\r\nb\n")), "o", Limit);

        Assert.True(await reader.ReadAsync(default));
        Assert.False(reader.IsTooLong);
        Assert.True(await reader.ReadAsync(default));
        Assert.True(reader.IsTooLong);
        Assert.Equal(2, reader.LineNumber);
        Assert.Equal(50_000, reader.LineLength);
        Assert.Equal(ObjectLineReader.KeptBytes, reader.Line.Length);
        Assert.True(await reader.ReadAsync(default));
        Assert.False(reader.IsTooLong);
        Assert.Equal("b", Encoding.ASCII.GetString(reader.Line.Span));
        Assert.False(await reader.ReadAsync(default));
    }

    [Theory]
    [InlineData("\r\n", 0, false)]
    [InlineData("\n", 0, false)]
    [InlineData("", 0, false)]
    [InlineData("\r\n", 1, true)]
    [InlineData("\n", 1, true)]
    [InlineData("", 1, true)]
    public async Task LineOfTheLimit_IsNotTooLong_AndOneByteMoreIs(string end, int more, bool tooLong)
    {
        var content = Encoding.ASCII.GetBytes(new string('x', Limit + more) + end);
        await using var reader = new ObjectLineReader(new MemoryStream(content), "o", Limit);

        Assert.True(await reader.ReadAsync(default));
        Assert.Equal(tooLong, reader.IsTooLong);
        Assert.Equal(Limit + more, reader.LineLength);
    }

    [Fact]
    public async Task LineOfAHundredMegabytes_IsPassedOverInBoundedMemory()
    {
        await using var reader = new ObjectLineReader(new RepeatingStream(100_000_000), "o");
        Assert.False(reader.IsTooLong);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        Assert.True(await reader.ReadAsync(default));
        Assert.True(reader.IsTooLong);
        Assert.Equal(100_000_000, reader.LineLength);
        Assert.False(await reader.ReadAsync(default));

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 32 * 1024 * 1024);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(20_000)]
    [InlineData(-9)]
    [InlineData(-1)]
    public async Task TruncatedGzip_GivesTheLinesBefore_AndThenAnError(int cut)
    {
        var packed = Pack(string.Concat(Enumerable.Range(1, 20_000).Select(i => $"line {i} {i * 7919 % 104729}\n")), gzip: true);
        await using var reader = new ObjectLineReader(new MemoryStream(cut < 0 ? packed[..^-cut] : packed[..cut]), "dt=x/part-0.ndjson.gz");
        var read = 0;

        var failure = await Assert.ThrowsAsync<CorruptObjectException>(async () =>
        {
            while (await reader.ReadAsync(default))
            {
                read++;
                Assert.Equal($"line {read} {read * 7919 % 104729}", Encoding.ASCII.GetString(reader.Line.Span));
            }
        });

        Assert.Equal(read + 1, failure.Line);
        Assert.Equal($"object 'dt=x/part-0.ndjson.gz' is damaged at line {read + 1}: the gzip data is truncated or damaged", failure.Message);
    }

    [Fact]
    public async Task Gzip_CutAnywhere_IsNeverTakenForWhole()
    {
        var packed = Pack(string.Concat(Enumerable.Range(1, 60).Select(i => $"line {i} {i * 7919 % 104729}\n")), gzip: true);
        for (var cut = 2; cut < packed.Length; cut++)
        {
            await Assert.ThrowsAsync<CorruptObjectException>(() => ReadAsync(packed[..cut]));
        }
    }

    [Fact]
    public async Task DamagedGzip_GivesTheLinesBefore_AndThenAnError()
    {
        var packed = Pack(string.Concat(Enumerable.Range(1, 50_000).Select(i => $"line {i} {i * 7919 % 104729}\n")), gzip: true);
        packed.AsSpan(packed.Length / 2, 64).Fill(0xff);
        await using var reader = new ObjectLineReader(new MemoryStream(packed), "o");
        var read = 0;

        var failure = await Assert.ThrowsAsync<CorruptObjectException>(async () =>
        {
            while (await reader.ReadAsync(default))
            {
                read++;
            }
        });

        Assert.InRange(read, 1, 49_999);
        Assert.Equal(read + 1, failure.Line);
    }

    [Fact]
    public async Task BytesBehindTheArchive_AreAnError()
    {
        await using var reader = new ObjectLineReader(new MemoryStream([.. Pack("a\n", gzip: true), 0, 0, 0]), "o");

        Assert.True(await reader.ReadAsync(default));
        await Assert.ThrowsAsync<CorruptObjectException>(() => reader.ReadAsync(default).AsTask());
    }

    [Fact]
    public async Task Zstd_IsReadAsItsContent_AndCutAnywhereIsNeverTakenForWhole()
    {
        var packed = new MemoryStream();
        using (var zstd = new ZstdCompressionStream(packed, leaveOpen: true))
        {
            zstd.Write("a\nbb\r\n\nccc"u8);
        }

        Assert.Equal([(1, "a"), (2, "bb"), (4, "ccc")], await ReadAsync(packed.ToArray(), chunk: 3));
        for (var cut = 4; cut < packed.Length; cut++)
        {
            await Assert.ThrowsAsync<CorruptObjectException>(() => ReadAsync(packed.ToArray()[..cut]));
        }
    }

    private static async Task<List<(int Number, string Line)>> ReadAsync(byte[] content, int chunk = int.MaxValue)
    {
        await using var reader = new ObjectLineReader(new ChunkedStream(content, chunk), "o", Limit);
        var lines = new List<(int, string)>();
        while (await reader.ReadAsync(default))
        {
            lines.Add(((int)reader.LineNumber, Encoding.UTF8.GetString(reader.Line.Span)));
        }

        return lines;
    }

    private static byte[] Pack(string content, bool gzip)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        if (!gzip)
        {
            return bytes;
        }

        var packed = new MemoryStream();
        using (var archive = new GZipStream(packed, CompressionLevel.Fastest))
        {
            archive.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>Gives at most so many bytes a read, as a network does.</summary>
    private sealed class ChunkedStream(byte[] content, int chunk) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }

    /// <summary>So many bytes without an end of line.</summary>
    private sealed class RepeatingStream(long length) : MemoryStream
    {
        private long _left = length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(_left, buffer.Length);
            buffer.Span[..count].Fill((byte)'x');
            _left -= count;
            return ValueTask.FromResult(count);
        }
    }
}
