using Hybrid.Pipeline.Hosting;

namespace Hybrid.Pipeline.Avro.Confluent;

/// <summary>The one line for a registry that does not answer.</summary>
internal static class RegistryFailure
{
    public static HybridException Unreachable(string url, Exception cause) => HybridException.Unreachable(
        $"the schema registry at {url} cannot be reached ({cause.Message.ReplaceLineEndings(" ")}): is it running, and is Avro:RegistryUrl right?", cause);
}
