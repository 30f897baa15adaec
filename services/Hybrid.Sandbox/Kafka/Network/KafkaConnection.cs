using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Faults.Kafka;
using Hybrid.Sandbox.Kafka.Protocol;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka.Network;

/// <summary>
/// One client's connection: reads length-prefixed requests, has them answered one after the other and sends the answers in
/// that order. Answers to requests that came together go out together.
/// </summary>
internal sealed class KafkaConnection(
    Socket socket, ApiTable apis, int maxRequestBytes, KafkaFaults faults, ILogger logger) : IDisposable
{
    private const int InitialBufferSize = 64 * 1024;
    private const int RetainedBufferSize = 4 * 1024 * 1024;
    private const int SendThreshold = 256 * 1024;
    private const int FrameLengthSize = 4;
    private const int RequestHeaderSize = 8;

    private readonly ResponseWriter _response = new();
    private readonly string _client = Describe(socket.RemoteEndPoint);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBufferSize);
    private int _start;
    private int _end;

    /// <summary>Serves until the client closes, sends something malformed, or the broker stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await ReceiveAsync(cancellationToken).ConfigureAwait(false))
            {
                while (TryTakeFrame(out var frame))
                {
                    await AnswerAsync(frame, cancellationToken).ConfigureAwait(false);
                }
                await SendAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (MalformedRequestException exception)
        {
            logger.ConnectionRefused(_client, exception.Message);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away or the broker stops: nobody is left to tell.
        }
        finally
        {
            Dispose();
            ArrayPool<byte>.Shared.Return(_buffer);
            _response.Dispose();
        }
    }

    public void Dispose() => socket.Dispose();

    private static string Describe(EndPoint? endPoint) => endPoint?.ToString() ?? "an unknown client";

    private async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        var received = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += received;
        return received > 0;
    }

    /// <summary>Makes room for the rest of the request that is under way, but never more than twice what has come already.</summary>
    private void MakeRoom()
    {
        var pending = _end - _start;
        if (pending == 0 && _buffer.Length > RetainedBufferSize)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(InitialBufferSize);
        }
        if (_start > 0)
        {
            _buffer.AsSpan(_start, pending).CopyTo(_buffer);
            (_start, _end) = (0, pending);
        }
        if (_end == _buffer.Length)
        {
            var grown = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(grown);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = grown;
        }
    }

    private bool TryTakeFrame(out Memory<byte> frame)
    {
        frame = default;
        if (_end - _start < FrameLengthSize)
        {
            return false;
        }
        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        if (length < RequestHeaderSize || length > maxRequestBytes)
        {
            throw new MalformedRequestException($"a request of {length} bytes; {RequestHeaderSize} to {maxRequestBytes} are allowed");
        }
        if (_end - _start - FrameLengthSize < length)
        {
            return false;
        }
        frame = _buffer.AsMemory(_start + FrameLengthSize, length);
        _start += FrameLengthSize + length;
        return true;
    }

    private async ValueTask AnswerAsync(Memory<byte> frame, CancellationToken cancellationToken)
    {
        var (api, request) = Parse(frame);
        apis.Count(request.Key);
        var encounter = faults.Meet(request);
        if (api.MayWait || encounter is not null)
        {
            await SendAsync(cancellationToken).ConfigureAwait(false);
        }
        var versions = api.Versions;
        if (request.Key == ApiKey.ApiVersions && request.Version > versions.Max)
        {
            // Clients that are newer than the broker ask again with the version that they learn from this (KIP-511).
            _response.BeginFrame(request.CorrelationId, flexible: false, flexibleHeader: false);
        }
        else
        {
            _response.BeginFrame(request.CorrelationId, request.Flexible, request.Flexible && request.Key != ApiKey.ApiVersions);
        }
        var answered = await (encounter is null
            ? HandleAsync(api, request, cancellationToken)
            : HandleAsync(api, request, encounter, cancellationToken)).ConfigureAwait(false);
        if (!answered)
        {
            _response.DropFrame();
            return;
        }
        _response.EndFrame();
        if (_response.Length >= SendThreshold)
        {
            await SendAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> HandleAsync(IApi api, KafkaRequest request, FaultEncounter encounter, CancellationToken cancellationToken)
    {
        await encounter.DelayAsync(cancellationToken).ConfigureAwait(false);
        if (encounter.Instead is { } instead)
        {
            faults.Answer(instead, request, _response);
            return true;
        }
        var start = _response.Length;
        var answered = await HandleAsync(api, request, cancellationToken).ConfigureAwait(false);
        await encounter.DelayAnswerAsync(cancellationToken).ConfigureAwait(false);
        if (encounter.InsteadOfAnswer is { } insteadOfAnswer)
        {
            _response.Truncate(start);
            faults.Answer(insteadOfAnswer, request, _response);
        }
        return answered;
    }

    private async ValueTask<bool> HandleAsync(IApi api, KafkaRequest request, CancellationToken cancellationToken)
    {
        var start = _response.Length;
        try
        {
            return await api.HandleAsync(request, _response, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (MalformedRequestException or OperationCanceledException or SocketException))
        {
            logger.RequestFailed(exception, request.Key.ToString(), request.Version, _client);
            _response.Truncate(start);
            return exception is IOException && faults.AnswerStorageFailure(request, _response)
                ? true
                : throw new MalformedRequestException($"{request.Key} v{request.Version} could not be answered");
        }
    }

    private (IApi Api, KafkaRequest Request) Parse(Memory<byte> frame)
    {
        var header = frame.Span;
        var key = BinaryPrimitives.ReadInt16BigEndian(header);
        var version = BinaryPrimitives.ReadInt16BigEndian(header[2..]);
        var correlationId = BinaryPrimitives.ReadInt32BigEndian(header[4..]);
        var api = apis.Find(key) ?? throw new MalformedRequestException($"unknown API {key}");
        var range = api.Versions;
        if (version < range.Min || (version > range.Max && range.Key != ApiKey.ApiVersions))
        {
            throw new MalformedRequestException($"{range.Key} v{version} where v{range.Min} to v{range.Max} are known");
        }
        var flexible = version >= range.FlexibleFrom;

        // The client id is never compact; what follows it is, in a flexible header.
        var clientId = new RequestReader(header[RequestHeaderSize..], flexible: false);
        var name = clientId.NullableString() ?? "";
        var bodyStart = RequestHeaderSize + clientId.Position;
        if (flexible)
        {
            var tags = new RequestReader(header[bodyStart..], flexible: true);
            tags.TaggedFields();
            bodyStart += tags.Position;
        }
        return (api, new KafkaRequest(range.Key, version, correlationId, name, _client, flexible, frame[bodyStart..]));
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        for (var rest = _response.Written; !rest.IsEmpty;)
        {
            rest = rest[await socket.SendAsync(rest, cancellationToken).ConfigureAwait(false)..];
        }
        _response.Clear();
    }
}
