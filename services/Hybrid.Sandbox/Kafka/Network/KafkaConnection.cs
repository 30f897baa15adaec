using System.Buffers.Binary;
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
internal sealed class KafkaConnection : IDisposable
{
    /// <summary>The value of <see cref="LastUseful"/> while a request is being answered.</summary>
    public const long Busy = long.MaxValue;

    private const int SendThreshold = 256 * 1024;
    private const int FrameLengthSize = 4;
    private const int RequestHeaderSize = 8;
    private const long Complete = -1;

    private readonly Socket _socket;
    private readonly ApiTable _apis;
    private readonly KafkaBrokerOptions _options;
    private readonly KafkaFaults _faults;
    private readonly ILogger _logger;
    private readonly ConnectionBuffers _buffers;
    private readonly ResponseWriter _response;
    private readonly FileSender _files;
    private readonly CancellationTokenSource _ending = new();
    private byte[] _buffer;
    private int _start;
    private int _end;
    private long _lastUseful = Environment.TickCount64;
    private long _incompleteSince = Complete;
    private long _requests;
    private volatile bool _evicted;

    public KafkaConnection(
        Socket socket, ApiTable apis, KafkaBrokerOptions options, ConnectionLimits limits, KafkaFaults faults, ILogger logger)
    {
        _socket = socket;
        _apis = apis;
        _options = options;
        _faults = faults;
        _logger = logger;
        Client = socket.RemoteEndPoint?.ToString() ?? "an unknown client";
        _buffers = new ConnectionBuffers(limits, this);
        _response = new ResponseWriter(_buffers);
        _files = new FileSender(socket);
        _buffer = _buffers.Rent(ConnectionBuffers.FreeSize);
    }

    /// <summary>The client's address.</summary>
    public string Client { get; }

    /// <summary>When it last answered a request, or was made (<see cref="Environment.TickCount64"/>); <see cref="Busy"/> while it answers one.</summary>
    public long LastUseful => Volatile.Read(ref _lastUseful);

    /// <summary>Since when a part of a request is there whose rest is not; null without one.</summary>
    public long? IncompleteSince => Volatile.Read(ref _incompleteSince) is not Complete and var since ? since : null;

    /// <summary>Whether it was made to go for others.</summary>
    public bool IsEvicted => _evicted;

    /// <summary>Whether the client has closed its side and sent nothing more before, as can be seen while a request of it waits.</summary>
    public bool IsAbandoned
    {
        get
        {
            // Only while it answers one and the same request does it receive nothing, so that nothing can be missed here.
            var request = Volatile.Read(ref _requests);
            try
            {
                return LastUseful == Busy && _socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && _socket.Available == 0
                    && LastUseful == Busy && request == Volatile.Read(ref _requests);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>Serves until the client closes, sends something malformed, or the broker stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, _ending.Token);
        var cancellationToken = ending.Token;
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
            _logger.ConnectionRefused(Client, exception.Message);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away or the broker stops: nobody is left to tell.
        }
        catch (Exception exception)
        {
            _logger.ConnectionFailed(exception, Client);
        }
        finally
        {
            Dispose();
            _buffers.Return(_buffer);
            _response.Dispose();
            _files.Dispose();
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Ends it for the sake of others, whatever it waits for.</summary>
    public void Evict()
    {
        _evicted = true;
        Dispose();
        _ending.CancelAsync();
    }

    /// <summary>Receives more of the request that is under way, into never more than twice what has come of it already.</summary>
    private async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        MoveUp();
        if (_end == _buffer.Length)
        {
            _buffer = await _buffers.GrowAsync(_buffer, _end, _buffer.Length * 2, cancellationToken).ConfigureAwait(false);
        }
        var received = await _socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += received;
        return received > 0;
    }

    /// <summary>Moves what is there of the request that is under way to the start of the buffer.</summary>
    private void MoveUp()
    {
        var pending = _end - _start;
        if (pending == 0)
        {
            Volatile.Write(ref _incompleteSince, Complete);
            (_start, _end) = (0, 0);
            if (_buffers.IsTooLargeToKeep(_buffer))
            {
                _buffers.Return(_buffer);
                _buffer = [];
                _buffer = _buffers.Rent(ConnectionBuffers.FreeSize);
            }
        }
        else if (_start > 0 || _incompleteSince == Complete)
        {
            Volatile.Write(ref _incompleteSince, Environment.TickCount64);
        }
        if (_start > 0)
        {
            _buffer.AsSpan(_start, pending).CopyTo(_buffer);
            (_start, _end) = (0, pending);
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
        if (length < RequestHeaderSize || length > _options.MaxRequestBytes)
        {
            throw new MalformedRequestException($"a request of {length} bytes; {RequestHeaderSize} to {_options.MaxRequestBytes} are allowed");
        }
        if (length > _options.MaxOtherRequestBytes && _end - _start >= FrameLengthSize + sizeof(short)
            && BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(_start + FrameLengthSize)) != (short)ApiKey.Produce)
        {
            throw new MalformedRequestException($"a request of {length} bytes that is no Produce; {_options.MaxOtherRequestBytes} are allowed");
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
        _apis.Count(request.Key);
        var encounter = _faults.Meet(request);
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
        Volatile.Write(ref _requests, _requests + 1);
        Volatile.Write(ref _lastUseful, Busy);
        var answered = await (encounter is null
            ? HandleAsync(api, request, cancellationToken)
            : HandleAsync(api, request, encounter, cancellationToken)).ConfigureAwait(false);
        Volatile.Write(ref _lastUseful, Environment.TickCount64);
        if (!answered)
        {
            _response.DropFrame();
            return;
        }
        _response.EndFrame();
        if (_response.HasFiles || _response.Length >= SendThreshold)
        {
            await SendAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> HandleAsync(IApi api, KafkaRequest request, FaultEncounter encounter, CancellationToken cancellationToken)
    {
        await encounter.DelayAsync(cancellationToken).ConfigureAwait(false);
        if (encounter.Instead is { } instead)
        {
            _faults.Answer(instead, request, _response);
            return true;
        }
        var start = _response.Length;
        var answered = await HandleAsync(api, request, cancellationToken).ConfigureAwait(false);
        await encounter.DelayAnswerAsync(cancellationToken).ConfigureAwait(false);
        if (encounter.InsteadOfAnswer is { } insteadOfAnswer)
        {
            _response.Truncate(start);
            _faults.Answer(insteadOfAnswer, request, _response);
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
            _logger.RequestFailed(exception, request.Key.ToString(), request.Version, Client);
            _response.Truncate(start);
            return exception is IOException && _faults.AnswerStorageFailure(request, _response)
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
        var api = _apis.Find(key) ?? throw new MalformedRequestException($"unknown API {key}");
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
        return (api, new KafkaRequest(range.Key, version, correlationId, name, Client, flexible, frame[bodyStart..]));
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        if (_response.HasFiles)
        {
            await _files.SendAsync(_response.Elements()).ConfigureAwait(false);
            _response.Clear();
            return;
        }
        for (var rest = _response.Written; !rest.IsEmpty;)
        {
            rest = rest[await _socket.SendAsync(rest, cancellationToken).ConfigureAwait(false)..];
        }
        _response.Clear();
    }
}
