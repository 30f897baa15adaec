using System.Text.Json;
using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Unit.Tests.Measurement;

public sealed class StatusWriterTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hybrid-status-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Enter_WritesCountersGaugesAndHistogramsOfItsOwnMetricsOnly()
    {
        var file = Path.Combine(_directory.FullName, "status.json");
        using var metrics = new HybridMetrics();
        using var others = new HybridMetrics();
        await using (var writer = new StatusWriter("streaming", new MeasurementOptions { StatusFile = file }, metrics, NullLogger<StatusWriter>.Instance))
        {
            metrics.RecordsConsumed.Add(3);
            others.RecordsConsumed.Add(100);
            metrics.RecordsConsumed.Add(4);
            metrics.SetGauge(Instruments.LagRecords, 12);
            metrics.FreshnessConsumed.Record(0.25);
            writer.Enter(ServiceState.Running);
            var status = Read(file);
            Assert.Equal(ServiceState.Running, status.State);
            Assert.Equal(7, status.Counters[Instruments.RecordsConsumed]);
            Assert.Equal(12, status.Gauges[Instruments.LagRecords]);
            Assert.Equal(1, status.Histograms[Instruments.FreshnessConsumed].Count);
            Assert.Equal(Environment.ProcessId, status.ProcessId);
            writer.Enter(ServiceState.Stopped);
        }

        Assert.Equal(ServiceState.Stopped, Read(file).State);
        Assert.Equal(["status.json"], _directory.GetFiles().Select(found => found.Name));
    }

    [Fact]
    public async Task Enter_WithAFileThatCannotBeWritten_DoesNotStopTheService()
    {
        using var metrics = new HybridMetrics();
        var file = Path.Combine(_directory.FullName, "missing", "status.json");
        await using var writer = new StatusWriter("streaming", new MeasurementOptions { StatusFile = file }, metrics, NullLogger<StatusWriter>.Instance);
        writer.Enter(ServiceState.Running);
        Assert.Equal(ServiceState.Running, writer.State);
    }

    private static ServiceStatus Read(string file) => JsonSerializer.Deserialize(File.ReadAllBytes(file), StatusJson.Default.ServiceStatus)!;
}
