using Hybrid.Contracts.Measurement;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Hybrid.Pipeline.Measurement;

/// <summary>Exports instruments and spans over OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector (OpenTelemetry environment variables).</summary>
internal static class Telemetry
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The source of the runtime's own spans of HTTP requests, which become children of ours: to Solr, the registry, the object store.</summary>
    private const string HttpRequests = "System.Net.Http";

    public static IDisposable? Start(string service) =>
        string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(EndpointVariable)) ? null : new Exporters(service);

    private sealed class Exporters(string service) : IDisposable
    {
        private readonly MeterProvider _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService($"hybrid-{service}"))
            .AddMeter(Instruments.MeterName)
            .AddOtlpExporter()
            .Build();

        private readonly TracerProvider _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService($"hybrid-{service}"))
            .AddSource(Spans.SourceName, HttpRequests)
            .AddOtlpExporter()
            .Build();

        public void Dispose()
        {
            _traces.Dispose();
            _metrics.Dispose();
        }
    }
}
