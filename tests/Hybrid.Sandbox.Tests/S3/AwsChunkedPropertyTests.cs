using System.Buffers;
using System.IO.Pipelines;
using FsCheck;
using FsCheck.Fluent;
using Hybrid.Sandbox.S3.Payload;

namespace Hybrid.Sandbox.Tests.S3;

/// <summary>Every valid body comes out as it was, in whatever pieces it comes and wherever the blocks of memory that hold it end.</summary>
public sealed class AwsChunkedPropertyTests
{
    private const int Bodies = 1_000;

    [Fact]
    public Task AnyBody_InAnyPiecesAndBlocks_ComesOutAsItWas() => Task.Run(() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(Bodies),
        Prop.ForAll((
            from body in AwsChunkedBodies.Any
            from block in body.Body.Content.Length <= 100 ? Gen.Choose(1, 50) : Gen.Choose(50, 5_000)
            select (body.Body, body.Pieces, block)).ToArbitrary(), sample =>
        {
            using var blocks = new SmallBlocks(sample.block);
            var (content, trailers) = Decode(sample.Body.Framed(), sample.Pieces, blocks);

            Assert.Equal(sample.Body.Content, content);
            Assert.Equal(sample.Body.Trailers.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length, trailers.Count);
            Assert.Equal(trailers.Keys.Order(), trailers.Keys);
            Assert.Equal(blocks.Rented, blocks.Returned);
        })));

    /// <summary>Each piece is decoded as far as it goes before the next one comes.</summary>
    private static (byte[] Content, IReadOnlyDictionary<string, string> Trailers) Decode(byte[] framed, int[] pieces, SmallBlocks blocks)
    {
        var pipe = new Pipe(new PipeOptions(blocks, PipeScheduler.Inline, PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
        var content = new ArrayBufferWriter<byte>();
        var decoding = AwsChunkedDecoder.DecodeAsync(pipe.Reader, Append, signatures: null, CancellationToken.None);
        foreach (var piece in AwsChunkedBodies.Cut(framed, pieces))
        {
            for (var rest = piece; !rest.IsEmpty;)
            {
                var free = pipe.Writer.GetMemory(1);
                var count = Math.Min(free.Length, rest.Length);
                rest[..count].CopyTo(free);
                pipe.Writer.Advance(count);
                rest = rest[count..];
            }

            Assert.True(pipe.Writer.FlushAsync().IsCompleted);
        }

        pipe.Writer.Complete();
        Assert.True(decoding.IsCompleted);
        pipe.Reader.Complete();
        return (content.WrittenSpan.ToArray(), decoding.GetAwaiter().GetResult());

        void Append(ReadOnlySequence<byte> bytes)
        {
            foreach (var segment in bytes)
            {
                content.Write(segment.Span);
            }
        }
    }

    /// <summary>Blocks of one small size that are spoilt when they are given back, so that whoever reads them later reads rubbish.</summary>
    private sealed class SmallBlocks(int size) : MemoryPool<byte>
    {
        public int Rented { get; private set; }

        public int Returned { get; private set; }

        public override int MaxBufferSize => size;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            Rented++;
            return new Block(this);
        }

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Block(SmallBlocks pool) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = new byte[pool.MaxBufferSize];

            public void Dispose()
            {
                Memory.Span.Fill((byte)'!');
                pool.Returned++;
            }
        }
    }
}
