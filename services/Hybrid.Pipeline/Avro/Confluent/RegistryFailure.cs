using System.Net.Sockets;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Pipeline.Avro.Confluent;

/// <summary>What tells that a registry does not answer, and the one line for it.</summary>
internal static class RegistryFailure
{
    /// <summary>
    /// Whether what a client of the registry threw says that the registry cannot be reached. Narrower than <see cref="Http.BrokenConnection"/>:
    /// an <see cref="IOException"/> may be Avro's own, at the end of too short a value.
    /// </summary>
    /// <param name="failure">What was thrown.</param>
    public static bool IsUnreachable(Exception failure) => failure is HttpRequestException or SocketException;

    public static HybridException Unreachable(string url, Exception cause) => HybridException.Unreachable(
        $"the schema registry at {url} cannot be reached ({cause.Message.ReplaceLineEndings(" ")}): is it running, and is Avro:RegistryUrl right?", cause);
}
