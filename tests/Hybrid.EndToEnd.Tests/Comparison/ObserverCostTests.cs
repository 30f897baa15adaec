using System.Diagnostics;
using Hybrid.Comparison.Observer;
using Hybrid.Pipeline.Solr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hybrid.EndToEnd.Tests.Comparison;

/// <summary>What the observer costs whom it watches, counted in requests rather than in time.</summary>
public sealed class ObserverCostTests
{
    private const int Canaries = 100;
    private const int ShownAtRequest = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Observer_AsksOnceAnIntervalForAllCanariesTogetherAndNothingOnceTheyAreSeen()
    {
        var requests = 0;
        await using var solr = await ServeAsync(() => Interlocked.Increment(ref requests) >= ShownAtRequest);
        using var reader = new SolrReader(new SolrOptions { Url = $"{solr.Urls.Single()}/solr" }, "watched");
        var due = DateTimeOffset.UtcNow;
        var board = new CanaryBoard(Enumerable.Range(0, Canaries).Select(number => new Watched(new Canary($"c{number}", 1, 1), due, due)));
        var observer = new IndexObserver(reader, board, TimeProvider.System);
        using var stop = new CancellationTokenSource(Patience);
        var started = Stopwatch.GetTimestamp();
        var watching = observer.RunAsync(stop.Token);
        while (board.Seen < Canaries)
        {
            await Task.Delay(10, stop.Token);
        }

        var intervals = Stopwatch.GetElapsedTime(started) / IndexObserver.Interval;
        Assert.Equal(ShownAtRequest, Volatile.Read(ref requests));
        Assert.True(ShownAtRequest <= intervals + 1, $"{ShownAtRequest} requests in {intervals:0.0} intervals");
        await Task.Delay(10 * IndexObserver.Interval, stop.Token);
        await stop.CancelAsync();
        await watching;
        Assert.Equal(ShownAtRequest, observer.Requests);
    }

    private static async Task<WebApplication> ServeAsync(Func<bool> shown)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var documents = string.Join(',', Enumerable.Range(0, Canaries).Select(number => $$"""{"id":"c{{number}}","attributes_version_l":1}"""));
        server.Run(context => context.Response.WriteAsync("{\"response\":{\"docs\":[" + (shown() ? documents : "") + "]}}"));
        await server.StartAsync();
        return server;
    }
}
