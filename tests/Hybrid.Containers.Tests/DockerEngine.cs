using System.Net.Sockets;
using System.Text;

namespace Hybrid.Containers.Tests;

/// <summary>Whether a Docker engine answers on this machine.</summary>
internal static class DockerEngine
{
    private const string DefaultHost = "unix:///var/run/docker.sock";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly Lazy<string?> Answer = new(Ask);

    /// <summary>Null when an engine answers; else one line that says where none did.</summary>
    public static string? WhyNot => Answer.Value;

    private static string? Ask()
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } set ? set : DefaultHost;
        try
        {
            if (!Uri.TryCreate(host, UriKind.Absolute, out var address) || address.Scheme is not ("unix" or "tcp" or "http"))
            {
                return null;
            }

            using var engine = address.Scheme == "unix"
                ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new Socket(SocketType.Stream, ProtocolType.Tcp);
            engine.SendTimeout = engine.ReceiveTimeout = (int)Patience.TotalMilliseconds;
            if (address.Scheme == "unix")
            {
                engine.Connect(new UnixDomainSocketEndPoint(address.LocalPath));
            }
            else
            {
                engine.Connect(address.Host, address.Port);
            }

            engine.Send("GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"u8);
            var buffer = new byte[64];
            var read = engine.Receive(buffer);
            var status = Encoding.ASCII.GetString(buffer, 0, read).Split("\r\n")[0];
            return status.Contains(" 200", StringComparison.Ordinal) ? null : $"not run: no Docker engine answers at {host} ({status})";
        }
        catch (SocketException failure)
        {
            return $"not run: no Docker engine answers at {host} ({failure.Message}): start one, or set DOCKER_HOST";
        }
    }
}
