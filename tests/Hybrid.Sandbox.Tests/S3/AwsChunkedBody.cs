using System.Globalization;
using System.Text;

namespace Hybrid.Sandbox.Tests.S3;

/// <summary>A body as clients frame it.</summary>
/// <param name="Content">What is framed.</param>
/// <param name="ChunkSize">The bytes of every chunk but the last.</param>
/// <param name="Extension">What follows the length of each chunk.</param>
/// <param name="Trailers">The lines behind the last chunk, each with its end.</param>
internal sealed record AwsChunkedBody(byte[] Content, int ChunkSize, string Extension, string Trailers)
{
    /// <summary>The bytes on the wire.</summary>
    public byte[] Framed()
    {
        var framed = new MemoryStream();
        foreach (var chunk in Content.Chunk(ChunkSize))
        {
            Write($"{chunk.Length.ToString("x", CultureInfo.InvariantCulture)}{Extension}\r\n");
            framed.Write(chunk);
            Write("\r\n");
        }

        Write($"0{Extension}\r\n{Trailers}\r\n");
        return framed.ToArray();

        void Write(string text) => framed.Write(Encoding.ASCII.GetBytes(text));
    }

    public override string ToString() => $"{Content.Length} bytes in chunks of {ChunkSize}, '{Extension}', '{Trailers}'";
}
