using System.Security.Cryptography;
using Hybrid.Compression;

namespace Hybrid.Unit.Tests.Compression;

public sealed class ZstdStreamTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public async Task Content_WrittenAndReadInPieces_IsTheSame(int size)
    {
        foreach (var content in (byte[][])[Text(size), Noise(size)])
        {
            var archive = new MemoryStream();
            await using (var zstd = new ZstdCompressionStream(archive, leaveOpen: true))
            {
                foreach (var piece in content.Chunk(77_777))
                {
                    await zstd.WriteAsync(piece);
                }
            }

            archive.Position = 0;
            Assert.Equal(content, await ReadAsync(new ZstdDecompressionStream(new PiecemealStream(archive, 1 + (size / 50)))));
            archive.Position = 0;
            Assert.Equal(content, Read(new ZstdDecompressionStream(archive)));
        }
    }

    [Fact]
    public async Task Archive_OfTheReferenceEncoderWithAnotherLevel_IsRead()
    {
        var content = Text(500_000);
        var archive = Pack(content, level: 19);
        Assert.True(archive.Length < content.Length / 10);
        Assert.Equal(content, await ReadAsync(new ZstdDecompressionStream(new MemoryStream(archive))));
    }

    [Fact]
    public async Task Frames_InARowAndSkippableOnes_AreReadAsOne()
    {
        byte[] skippable = [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        byte[] archive = [.. skippable, .. Pack(Text(10)), .. Pack([]), .. skippable, .. Pack(Noise(70_000))];
        Assert.True(Zstd.IsFrame(archive));
        byte[] content = [.. Text(10), .. Noise(70_000)];
        Assert.Equal(content, await ReadAsync(new ZstdDecompressionStream(new PiecemealStream(new MemoryStream(archive), 5))));
    }

    [Fact]
    public async Task Archive_CutAnywhere_GivesWhatIsSoundAndThenFails()
    {
        var content = Text(300);
        var archive = Pack(content);
        for (var length = 0; length < archive.Length; length++)
        {
            var read = new MemoryStream();
            await using var zstd = new ZstdDecompressionStream(new MemoryStream(archive[..length]));
            await Assert.ThrowsAsync<InvalidDataException>(() => zstd.CopyToAsync(read));
            Assert.Equal(content.Take((int)read.Length), read.ToArray());
        }
    }

    [Fact]
    public async Task Archive_WithAFlippedBitOrSomethingBehindIt_Fails()
    {
        var archive = Pack(Noise(1_000));
        var damaged = archive.ToArray();
        damaged[500] ^= 1;
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(new ZstdDecompressionStream(new MemoryStream(damaged))));
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(new ZstdDecompressionStream(new MemoryStream([.. archive, 0, 0, 0, 0, 0]))));
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(new ZstdDecompressionStream(new MemoryStream("plain text"u8.ToArray()))));
    }

    [Fact]
    public async Task Frame_WithALargerWindowThanAllowed_IsRefusedBeforeAnyContent()
    {
        // A frame header by hand: no checksum, no content size, a window of 2^31 bytes; then an empty last block.
        byte[] bomb = [0x28, 0xb5, 0x2f, 0xfd, 0x00, (31 - 10) << 3, 0x01, 0x00, 0x00];
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(new ZstdDecompressionStream(new MemoryStream(bomb))));
        Assert.Contains("memory", refusal.Message);

        var large = Pack(Text(4_000_000), level: 19);
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(new ZstdDecompressionStream(new MemoryStream(large), maxWindowLog: 10)));
    }

    [Fact]
    public void Reading_OfABomb_NeedsNoMemoryForItsContent()
    {
        var archive = new MemoryStream();
        using (var zstd = new ZstdCompressionStream(archive, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 256; i++)
            {
                zstd.Write(zeros);
            }
        }

        archive.Position = 0;
        var buffer = new byte[64 * 1024];
        using var reader = new ZstdDecompressionStream(archive);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var total = 0L;
        for (int read; (read = reader.Read(buffer)) > 0;)
        {
            total += read;
        }

        Assert.Equal(256L << 20, total);
        Assert.True(archive.Length < 100_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public async Task Flush_MakesWhatWasWrittenReadable()
    {
        var archive = new MemoryStream();
        await using var zstd = new ZstdCompressionStream(archive);
        zstd.Write("so far"u8);
        zstd.Flush();
        var buffer = new byte[100];
        await using var reader = new ZstdDecompressionStream(new MemoryStream(archive.ToArray()));
        Assert.Equal("so far"u8.ToArray(), buffer[..await reader.ReadAsync(buffer)]);
        await Assert.ThrowsAsync<InvalidDataException>(() => reader.ReadAsync(buffer).AsTask());
    }

    [Fact]
    public void Decompressor_AfterAReset_BeginsAnew()
    {
        using var decompressor = new ZstdDecompressor();
        var archive = Pack(Text(1_000));
        var content = new byte[1_000];
        decompressor.Decompress(archive.AsSpan(0, archive.Length / 2), content, out _, out _);
        decompressor.Reset();
        Assert.Equal(System.Buffers.OperationStatus.Done, decompressor.Decompress(archive, content, out var consumed, out var written));
        Assert.Equal((archive.Length, 1_000), (consumed, written));
        Assert.Equal(Text(1_000), content);
    }

    [Fact]
    public void Library_ThatIsNotThere_IsALineThatSaysWhatToInstall()
    {
        var missing = Assert.Throws<ZstdUnavailableException>(() => ZstdLibrary.Load(["libzstd-that-is-not-there.so.9"]));
        Assert.Contains("apt-get install libzstd1", missing.Message);
        Assert.DoesNotContain('\n', missing.Message);
        Assert.Throws<ZstdUnavailableException>(() => Zstd.Load<int>(() => throw new DllNotFoundException()));
    }

    private static byte[] Text(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)('a' + (i / 7 * i % 13)))];

    private static byte[] Noise(int size)
    {
        var noise = new byte[size];
        for (var i = 0; i < size; i += 32)
        {
            SHA256.HashData(BitConverter.GetBytes(i)).AsSpan(0, Math.Min(32, size - i)).CopyTo(noise.AsSpan(i));
        }

        return noise;
    }

    private static byte[] Pack(byte[] content, int level = ZstdCompressionStream.DefaultLevel)
    {
        var archive = new MemoryStream();
        using (var zstd = new ZstdCompressionStream(archive, leaveOpen: true, level))
        {
            zstd.Write(content);
        }

        return archive.ToArray();
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        await using (stream)
        {
            var content = new MemoryStream();
            await stream.CopyToAsync(content);
            return content.ToArray();
        }
    }

    private static byte[] Read(Stream stream)
    {
        using (stream)
        {
            var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        }
    }

    /// <summary>Gives only so many bytes a read.</summary>
    private sealed class PiecemealStream(Stream whole, int piece) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            whole.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
