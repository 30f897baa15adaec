using Hybrid.Contracts.Measurement;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Hybrid.Pipeline.Measurement;

/// <summary>Exports the instruments over OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector (OpenTelemetry environment variables).</summary>
internal static class Telemetry
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static IDisposable? Start(string service) =>
        string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(EndpointVariable))
            ? null
            : Sdk.CreateMeterProviderBuilder()
                .ConfigureResource(resource => resource.AddService($"hybrid-{service}"))
                .AddMeter(Instruments.MeterName)
                .AddOtlpExporter()
                .Build();
}
