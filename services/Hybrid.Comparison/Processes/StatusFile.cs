using System.Text.Json;
using Hybrid.Contracts.Measurement;

namespace Hybrid.Comparison.Processes;

/// <summary>Reads a service's status file.</summary>
internal static class StatusFile
{
    /// <summary>The status, or null when there is none yet.</summary>
    public static ServiceStatus? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), StatusJson.Default.ServiceStatus);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
