using System.Buffers;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Sandbox.Registry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Streamiz.Tests;

/// <summary>The built-in codec on a registry of its own.</summary>
public sealed class CodecFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private RegistryServer? _server;
    private SchemaRegistryClient? _client;

    internal TopicNames Topics { get; } = new("codec.");

    internal AvroOptions Options { get; } = new();

    internal SchemaRegistryClient Registry => _client!;

    public async Task InitializeAsync()
    {
        _server = new RegistryServer(new RegistryServerOptions { DataDirectory = _directory.Path }, NullLoggerFactory.Instance);
        await _server.StartAsync();
        Options.RegistryUrl = _server.BaseAddress.ToString();
        _client = new SchemaRegistryClient(Options);
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _directory.Dispose();
    }

    internal async Task<IDeltaEncoder> EncoderAsync()
    {
        var encoder = new BuiltinDeltaEncoder(Registry, Topics);
        await encoder.PrepareAsync(CancellationToken.None);
        return encoder;
    }

    internal async Task<IDeltaDecoder> DecoderAsync()
    {
        var decoder = new BuiltinDeltaDecoder(Registry, Topics);
        await decoder.PrepareAsync(CancellationToken.None);
        return decoder;
    }

    internal static byte[] Encode(IDeltaEncoder encoder, CatalogDelta delta)
    {
        var buffer = new ArrayBufferWriter<byte>();
        encoder.Encode(delta, buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
