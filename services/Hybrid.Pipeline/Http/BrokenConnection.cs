using System.Net.Sockets;

namespace Hybrid.Pipeline.Http;

/// <summary>Tells what <see cref="HttpClient"/> throws when there is no connection, or no longer: what may pass.</summary>
public static class BrokenConnection
{
    /// <summary>
    /// Whether a failure is one. A bare <see cref="SocketException"/> is what the client lets through when the other side has reset a
    /// connection just as it was made.
    /// </summary>
    /// <param name="failure">What the client threw.</param>
    public static bool Is(Exception failure) => failure is HttpRequestException or IOException or SocketException;
}
