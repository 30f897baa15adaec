using System.Diagnostics;
using System.Text.RegularExpressions;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Benchmarks.Sandbox;

/// <summary>A listing of a whole bucket, page after page, as bare requests and through the client that the publisher uses.</summary>
internal static partial class ListingTime
{
    private const double RequiredSeconds = 1;
    private const int Writers = 8;
    private const string Bucket = "listing";
    private static readonly TimeSpan Report = TimeSpan.FromSeconds(2);

    public static async Task<IReadOnlyList<SandboxFigure>> RunAsync(
        StackEndpoints endpoints, SandboxBenchOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var bucket = $"{endpoints.S3Url}/{Bucket}";
        await FillAsync(http, bucket, options.Keys, progress, cancellationToken);
        await using var scope = new Chain.ServiceScope(
            endpoints, "", (services, configuration) => services.AddObjectStore(configuration), ("ObjectStore:Bucket", Bucket));
        var (bare, client) = (new List<double>(), new List<double>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            progress(round == 0 ? "s3, warm-up" : $"s3, round {round} of {options.Rounds}");
            var pages = await ListBareAsync(http, bucket, options.Keys, cancellationToken);
            var listed = await ListAsync(scope.Get<IObjectStore>(), options.Keys, cancellationToken);
            if (round > 0)
            {
                bare.Add(pages);
                client.Add(listed);
            }
        }

        return
        [
            SandboxFigure.Of($"S3: listing of {options.Keys:N0} keys, bare requests", bare, "s", RequiredSeconds, Bound.AtMost),
            SandboxFigure.Of($"S3: listing of {options.Keys:N0} keys, AWSSDK.S3", client, "s"),
        ];
    }

    private static async Task FillAsync(HttpClient http, string bucket, int keys, Action<string> progress, CancellationToken cancellationToken)
    {
        await PutAsync(http, bucket, [], cancellationToken);
        var (next, reported) = (-1, Stopwatch.StartNew());
        byte[] body = "{}"u8.ToArray();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(
            async () =>
            {
                for (int number; (number = Interlocked.Increment(ref next)) < keys;)
                {
                    await PutAsync(http, $"{bucket}/dt=2011-12-01/hh={number % 24:D2}/mm={number % 60:D2}/part-{number:D7}.ndjson.gz", body, cancellationToken);
                    if (number % 100 == 0 && reported.Elapsed > Report)
                    {
                        reported.Restart();
                        progress($"s3, putting keys: {number:N0} of {keys:N0}");
                    }
                }
            },
            cancellationToken)));
    }

    private static async Task PutAsync(HttpClient http, string address, byte[] body, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        using var response = await http.PutAsync(address, content, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw HybridException.Failure($"S3 answered {(int)response.StatusCode} to PUT {address}");
        }
    }

    private static async Task<double> ListBareAsync(HttpClient http, string bucket, int keys, CancellationToken cancellationToken)
    {
        var (seen, token) = (0, (string?)null);
        var clock = Stopwatch.StartNew();
        do
        {
            var page = await http.GetStringAsync(
                $"{bucket}?list-type=2{(token is null ? "" : "&continuation-token=" + Uri.EscapeDataString(token))}", cancellationToken);
            seen += int.Parse(KeyCount().Match(page).Groups[1].ValueSpan);
            token = NextToken().Match(page) is { Success: true } match ? match.Groups[1].Value : null;
        }
        while (token is not null);
        return seen == keys ? clock.Elapsed.TotalSeconds : throw HybridException.Failure($"the listing has {seen} of {keys} keys");
    }

    private static async Task<double> ListAsync(IObjectStore store, int keys, CancellationToken cancellationToken)
    {
        var seen = 0;
        var clock = Stopwatch.StartNew();
        await foreach (var _ in store.ListAsync("", null, cancellationToken))
        {
            seen++;
        }

        return seen == keys ? clock.Elapsed.TotalSeconds : throw HybridException.Failure($"the listing has {seen} of {keys} keys");
    }

    [GeneratedRegex("<KeyCount>([0-9]+)</KeyCount>")]
    private static partial Regex KeyCount();

    [GeneratedRegex("<NextContinuationToken>([^<]+)</NextContinuationToken>")]
    private static partial Regex NextToken();
}
