using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Hybrid.Sandbox.Tests.S3;

/// <summary>Makes bodies of every shape, rich in what framing is made of.</summary>
internal static class AwsChunkedBodies
{
    private static readonly byte[] s_alphabet = Encoding.ASCII.GetBytes("\r\n0;a");

    /// <summary>A body, and how it comes: the sizes of its pieces, taken in turn. Small ones in the smallest chunks and pieces too.</summary>
    public static Gen<(AwsChunkedBody Body, int[] Pieces)> Any { get; } = Gen.Frequency(
        (4, Of(Gen.Choose(0, 100), Gen.Choose(1, 40), Gen.Choose(1, 40))),
        (1, Of(Gen.Choose(100, 20_000), Gen.Choose(500, 9_000), Gen.Choose(100, 9_000))));

    /// <summary>Cuts bytes into pieces of sizes that are taken in turn.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Cut(byte[] bytes, int[] sizes)
    {
        for (var (at, piece) = (0, 0); at < bytes.Length; at += sizes[piece++ % sizes.Length])
        {
            yield return bytes.AsMemory(at, Math.Min(sizes[piece % sizes.Length], bytes.Length - at));
        }
    }

    private static Gen<(AwsChunkedBody Body, int[] Pieces)> Of(Gen<int> length, Gen<int> chunk, Gen<int> piece) =>
        from content in length.SelectMany(count => Gen.Elements(s_alphabet).ArrayOf(count))
        from chunkSize in chunk
        from extension in Gen.Elements("", ";chunk-signature=" + new string('b', 64))
        from trailers in Gen.Elements("", "x-amz-meta-a:1\r\n", "x-amz-meta-a:1\r\nx-amz-meta-b: 2 \r\n")
        from pieces in Gen.NonEmptyListOf(piece)
        select (new AwsChunkedBody(content, chunkSize, extension, trailers), pieces.ToArray());
}
