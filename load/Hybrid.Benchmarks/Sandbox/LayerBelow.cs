using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Hybrid.Benchmarks.Sandbox;

/// <summary>What the operating system does with the same bytes when nothing else is in the way.</summary>
internal static class LayerBelow
{
    private const int Chunk = 1024 * 1024;

    /// <summary>Writes a file from start to end, in chunks of a megabyte, without forcing it to the disk (which the broker does not either).</summary>
    /// <returns>Bytes a second.</returns>
    public static double WriteFile(string directory, long bytes)
    {
        var path = Path.Combine(directory, "raw-write");
        var chunk = new byte[Chunk];
        Random.Shared.NextBytes(chunk);
        try
        {
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
            var clock = Stopwatch.StartNew();
            for (var written = 0L; written < bytes; written += Chunk)
            {
                RandomAccess.Write(file, chunk.AsSpan(0, (int)Math.Min(Chunk, bytes - written)), written);
            }

            return bytes / clock.Elapsed.TotalSeconds;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Sends bytes from one thread to another through a TCP connection on loopback, in chunks of a megabyte.</summary>
    /// <returns>Bytes a second.</returns>
    public static async Task<double> CopyOverLoopbackAsync(long bytes)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var server = await listener.AcceptTcpClientAsync();
        var clock = Stopwatch.StartNew();
        var sending = Task.Run(() =>
        {
            var chunk = new byte[Chunk];
            for (var sent = 0L; sent < bytes; sent += Chunk)
            {
                server.GetStream().Write(chunk.AsSpan(0, (int)Math.Min(Chunk, bytes - sent)));
            }
        });
        await Task.Run(() =>
        {
            var chunk = new byte[Chunk];
            for (var received = 0L; received < bytes;)
            {
                received += client.GetStream().Read(chunk);
            }
        });
        await sending;
        return bytes / clock.Elapsed.TotalSeconds;
    }
}
