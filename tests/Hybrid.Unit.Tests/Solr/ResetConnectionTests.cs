using System.Net;
using System.Net.Sockets;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Unit.Tests.Solr;

public sealed class ResetConnectionTests
{
    private const int Attempts = 200;

    [Fact]
    public async Task ConnectionThatIsResetAsItIsMade_IsAFailureThatMayPass_HoweverTheClientPutsIt()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stopping = new CancellationTokenSource();
        var resetting = ResetAllAsync(listener, stopping.Token);
        using var reader = new SolrReader(new SolrOptions { Url = $"http://{listener.LocalEndpoint}/solr" }, "c");

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var failure = await Assert.ThrowsAsync<SolrException>(() => reader.VersionsAsync(["a"], CancellationToken.None));
            Assert.True(failure.IsTransient);
        }

        await stopping.CancelAsync();
        await resetting;
    }

    private static async Task ResetAllAsync(TcpListener listener, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                using var socket = await listener.AcceptSocketAsync(stopping);
                socket.LingerState = new LingerOption(true, 0);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
