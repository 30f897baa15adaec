using System.Buffers;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Sandbox.Registry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Adapters;

/// <summary>The codecs, as services register them, on one registry.</summary>
public sealed class CodecFixture : IAsyncLifetime
{
    internal const string Builtin = "builtin";

    private readonly TemporaryDirectory _directory = new();
    private readonly List<ServiceProvider> _providers = [];
    private RegistryServer? _server;
    private SchemaRegistryClient? _client;

    internal TopicNames Topics { get; } = new("codec.");

    internal SchemaRegistryClient Registry => _client!;

    public async Task InitializeAsync()
    {
        _server = new RegistryServer(new RegistryServerOptions { DataDirectory = _directory.Path }, NullLoggerFactory.Instance);
        await _server.StartAsync();
        _client = new SchemaRegistryClient(new AvroOptions { RegistryUrl = _server.BaseAddress.ToString() });
    }

    public async Task DisposeAsync()
    {
        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }

        _client?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _directory.Dispose();
    }

    internal async Task<IDeltaEncoder> EncoderAsync(string adapter = Builtin)
    {
        var encoder = Services(adapter, Topics).GetRequiredService<IDeltaEncoder>();
        await encoder.PrepareAsync(CancellationToken.None);
        return encoder;
    }

    internal async Task<IDeltaDecoder> DecoderAsync(string adapter = Builtin, TopicNames? topics = null)
    {
        var decoder = Services(adapter, topics ?? Topics).GetRequiredService<IDeltaDecoder>();
        await decoder.PrepareAsync(CancellationToken.None);
        return decoder;
    }

    internal static byte[] Encode(IDeltaEncoder encoder, CatalogDelta delta)
    {
        var buffer = new ArrayBufferWriter<byte>();
        encoder.Encode(delta, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private ServiceProvider Services(string adapter, TopicNames topics)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Avro:RegistryUrl", _server!.BaseAddress.ToString()), new("Avro:Adapter", adapter)])
            .Build();
        var provider = new ServiceCollection().AddSingleton(topics).AddAvro(configuration).BuildServiceProvider();
        _providers.Add(provider);
        return provider;
    }
}
