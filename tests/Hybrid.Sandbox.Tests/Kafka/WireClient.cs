using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Storage;

namespace Hybrid.Sandbox.Tests.Kafka;

/// <summary>A client that says exactly what it is told to, for what no library would send.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly TcpClient _client = new();

    private WireClient()
    {
    }

    public static async Task<WireClient> ConnectAsync(int port)
    {
        var client = new WireClient();
        await client._client.ConnectAsync("127.0.0.1", port);
        return client;
    }

    /// <summary>Sends bytes unless the connection is closed.</summary>
    public async Task TrySendRawAsync(byte[] bytes)
    {
        try
        {
            await SendRawAsync(bytes);
        }
        catch (IOException)
        {
        }
    }

    public async Task SendRawAsync(byte[] bytes) => await _client.GetStream().WriteAsync(bytes);

    /// <summary>Sends a request with a header of version 1 and gives the response's body.</summary>
    public async Task<byte[]> CallAsync(ApiKey key, short version, Action<FrameWriter> body)
    {
        await SendRawAsync(Frame((short)key, version, body));
        return await ReadResponseAsync();
    }

    /// <summary>The body of the next response.</summary>
    /// <param name="onceBegun">Runs when its first bytes are there and the others are not read yet.</param>
    public async Task<byte[]> ReadResponseAsync(Func<Task>? onceBegun = null)
    {
        using var patience = new CancellationTokenSource(RunningBroker.Patience);
        var stream = _client.GetStream();
        var head = new byte[8];
        await stream.ReadExactlyAsync(head, patience.Token);
        await (onceBegun?.Invoke() ?? Task.CompletedTask);
        var response = new byte[BinaryPrimitives.ReadInt32BigEndian(head) - sizeof(int)];
        await stream.ReadExactlyAsync(response, patience.Token);
        return response;
    }

    /// <summary>Whether the broker closes the connection, and says nothing before.</summary>
    public async Task<bool> IsClosedAsync()
    {
        using var patience = new CancellationTokenSource(RunningBroker.Patience);
        try
        {
            return await _client.GetStream().ReadAsync(new byte[1], patience.Token) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public static byte[] Frame(short key, short version, Action<FrameWriter> body)
    {
        var writer = new FrameWriter();
        writer.Int16(key).Int16(version).Int32(7).String("wire");
        body(writer);
        var content = writer.ToArray();
        return [.. new FrameWriter().Int32(content.Length).ToArray(), .. content];
    }

    /// <summary>A produce request, version 7, of one batch; gives the error and the base offset.</summary>
    public async Task<(ErrorCode Error, long Offset)> ProduceAsync(string topic, byte[] batch, string? transactionalId = null)
    {
        var response = await CallAsync(ApiKey.Produce, 7, writer => writer
            .String(transactionalId).Int16(-1).Int32(1000).Int32(1).String(topic).Int32(1).Int32(0).Bytes(batch));
        return Partition(response, topic);

        static (ErrorCode, long) Partition(byte[] response, string topic)
        {
            var reader = new RequestReader(response, flexible: false);
            reader.ArrayLength();
            Assert.Equal(topic, reader.String());
            reader.ArrayLength();
            reader.Int32();
            return ((ErrorCode)reader.Int16(), reader.Int64());
        }
    }

    /// <summary>A record batch of records without keys, whose bytes nobody looks into.</summary>
    public static byte[] Batch(long producerId = -1, short epoch = -1, int sequence = -1, short attributes = 0, int records = 1)
    {
        return BatchOf(Encoding.ASCII.GetBytes("what the records are is for the clients to know"), producerId, epoch, sequence, attributes, records);
    }

    /// <summary>A record batch around any bytes.</summary>
    public static byte[] BatchOf(
        ReadOnlySpan<byte> content, long producerId = -1, short epoch = -1, int sequence = -1, short attributes = 0, int records = 1)
    {
        var writer = new FrameWriter();
        writer.Int64(0).Int32(49 + content.Length).Int32(-1).Raw([2]).Int32(0)
            .Int16(attributes).Int32(records - 1).Int64(1000).Int64(2000).Int64(producerId).Int16(epoch).Int32(sequence).Int32(records)
            .Raw(content);
        var batch = writer.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Compute(batch.AsSpan(21)));
        return batch;
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>Writes the protocol's primitive types, of versions that are not flexible.</summary>
internal sealed class FrameWriter
{
    private readonly MemoryStream _bytes = new();

    public FrameWriter Int16(short value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        return Raw(bytes);
    }

    public FrameWriter Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return Raw(bytes);
    }

    public FrameWriter Int64(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return Raw(bytes);
    }

    public FrameWriter String(string? value) =>
        value is null ? Int16(-1) : Int16((short)Encoding.UTF8.GetByteCount(value)).Raw(Encoding.UTF8.GetBytes(value));

    public FrameWriter Bytes(ReadOnlySpan<byte> value) => Int32(value.Length).Raw(value);

    public FrameWriter Raw(ReadOnlySpan<byte> value)
    {
        _bytes.Write(value);
        return this;
    }

    public byte[] ToArray() => _bytes.ToArray();
}
