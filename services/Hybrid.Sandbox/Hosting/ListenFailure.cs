using System.Net.Sockets;

namespace Hybrid.Sandbox.Hosting;

/// <summary>Says in one line why a service does not listen.</summary>
internal static class ListenFailure
{
    public static SandboxException Of(string service, int port, Exception exception) => new(
        $"{service} cannot listen on 127.0.0.1:{port}: {Reason(exception)}; stop what uses it or give another port (0 picks a free one)",
        exception);

    private static string Reason(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch ((cause as SocketException)?.SocketErrorCode)
            {
                case SocketError.AddressAlreadyInUse:
                    return "the port is in use";
                case SocketError.AccessDenied:
                    return "this user may not use that port";
            }
        }

        return exception.Message;
    }
}
