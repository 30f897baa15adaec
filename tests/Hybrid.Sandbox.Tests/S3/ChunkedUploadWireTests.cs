using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.S3;

/// <summary>
/// Uploads on the wire as clients send them at their worst: in pieces, one behind the other on a connection without waiting for answers, between
/// uploads that are refused, and beside connections that break off in the middle of theirs.
/// </summary>
public sealed class ChunkedUploadWireTests(S3Fixture s3) : IClassFixture<S3Fixture>
{
    private const int Connections = 60;
    private const int UploadsOfEach = 5;
    private const int AtOnce = 6;

    /// <param name="Body">The body.</param>
    /// <param name="Pieces">How it is sent.</param>
    /// <param name="Expect">Whether the client asks for a 100 (Continue) first, and does not wait for it. Never of a wrong one, whose connection is then closed.</param>
    /// <param name="Wrong">Whether it says a length that is not its body's.</param>
    private sealed record Upload(AwsChunkedBody Body, int[] Pieces, bool Expect, bool Wrong);

    [Fact]
    public async Task ValidUploads_AreTakenWhole_WhateverHappensBeforeThemAndBesideThem()
    {
        var upload =
            from body in AwsChunkedBodies.Any
            from expect in Gen.Elements(true, false, false)
            from wrong in Gen.Elements(true, false, false, false)
            select new Upload(body.Body, body.Pieces, expect && !wrong, wrong);
        var connections = upload.ArrayOf(UploadsOfEach).ListOf(Connections).Sample(1).Single();

        await Parallel.ForEachAsync(connections.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (connection, cancellationToken) =>
            await UploadAsync(connection.Index, connection.Item, cancellationToken));
    }

    private async Task UploadAsync(int connection, Upload[] uploads, CancellationToken cancellationToken)
    {
        var choices = new Random(connection);
        using var client = await ConnectAsync(cancellationToken);
        var answering = AnswersAsync(client, uploads.Length);
        foreach (var (number, upload) in uploads.Index())
        {
            var framed = upload.Body.Framed();
            var said = upload.Body.Content.Length + (upload.Wrong ? 1 : 0);
            await client.SendAsync(Head($"c{connection}-{number}", framed.Length, said, upload.Expect), cancellationToken);
            foreach (var piece in AwsChunkedBodies.Cut(framed, upload.Pieces))
            {
                await client.SendAsync(piece, cancellationToken);
            }

            await BreakOffAsync(choices, cancellationToken);
        }

        var answers = await answering.WaitAsync(RunningBroker.Patience, cancellationToken);
        foreach (var (number, upload) in uploads.Index())
        {
            Assert.True(answers[number] == (upload.Wrong ? 400 : 200), $"{upload.Body} was answered with {answers[number]}");
            if (!upload.Wrong)
            {
                using var found = await s3.Client.GetObjectAsync("test", $"c{connection}-{number}", cancellationToken);
                Assert.Equal(SHA256.HashData(upload.Body.Content), await SHA256.HashDataAsync(found.ResponseStream, cancellationToken));
            }
        }
    }

    /// <summary>Begins an upload and breaks the connection within it.</summary>
    private async Task BreakOffAsync(Random choices, CancellationToken cancellationToken)
    {
        var content = new byte[choices.Next(1, 60_000)];
        choices.NextBytes(content);
        var framed = new AwsChunkedBody(content, choices.Next(1_000, 9_000), "", "").Framed();
        using var client = await ConnectAsync(cancellationToken);
        client.LingerState = new LingerOption(enable: true, seconds: 0);
        await client.SendAsync(Head("broken", framed.Length, null, expect: false), cancellationToken);
        await client.SendAsync(framed.AsMemory(0, choices.Next(framed.Length)), cancellationToken);
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, s3.Server.Port, cancellationToken);
        return client;
    }

    private static byte[] Head(string key, int length, int? decoded, bool expect) => Encoding.ASCII.GetBytes(
        $"PUT /test/{key} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n"
        + (decoded is null ? "" : $"x-amz-decoded-content-length: {decoded}\r\n") + (expect ? "Expect: 100-continue\r\n" : "") + "\r\n");

    /// <summary>The statuses of so many answers, without those in between.</summary>
    private static async Task<int[]> AnswersAsync(Socket client, int count)
    {
        var statuses = new List<int>();
        var reader = new StreamReader(new NetworkStream(client), Encoding.ASCII);
        while (statuses.Count < count)
        {
            var line = await reader.ReadLineAsync() ?? throw new IOException($"The connection ended after {statuses.Count} answers: {string.Join(' ', statuses)}.");
            var (status, length) = (int.Parse(line.Split(' ')[1], null), 0);
            var chunked = false;
            while (await reader.ReadLineAsync() is { Length: > 0 } header)
            {
                length = header.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase) ? int.Parse(header["Content-Length: ".Length..], null) : length;
                chunked |= header.StartsWith("Transfer-Encoding: ", StringComparison.OrdinalIgnoreCase);
            }

            while (chunked && await ReadChunkAsync(reader) > 0)
            {
            }

            await SkipAsync(reader, length);
            if (status != 100)
            {
                statuses.Add(status);
            }
        }

        return [.. statuses];
    }

    private static async Task<int> ReadChunkAsync(StreamReader reader)
    {
        var length = Convert.ToInt32(await reader.ReadLineAsync(), 16);
        await SkipAsync(reader, length);
        await reader.ReadLineAsync();
        return length;
    }

    private static async Task SkipAsync(StreamReader reader, int length)
    {
        if (length > 0)
        {
            Assert.Equal(length, await reader.ReadBlockAsync(new char[length]));
        }
    }
}
