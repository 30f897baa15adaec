using System.Globalization;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Solr;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace Hybrid.Load;

/// <summary>One run of the scenario <c>freshness</c>.</summary>
internal static class LoadRun
{
    private const string Scenario = "freshness";

    /// <summary>Runs it.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="HybridException">A setting is wrong, or a service cannot be reached.</exception>
    public static async Task<int> RunAsync(LoadSettings settings, IConfiguration configuration, CancellationToken cancellationToken)
    {
        var layout = Layout(settings);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<HybridMetrics>();
        services.AddObjectStore(configuration);
        var solr = services.AddHybridOptions<SolrOptions>(configuration, SolrOptions.Section);
        await using var provider = services.BuildServiceProvider();
        var store = provider.GetRequiredService<IObjectStore>();
        using var reader = new SolrReader(solr, settings.Collection);
        await EnsureReachableAsync(store, reader, settings, solr, cancellationToken);

        await using var watch = new CanaryWatch(reader);
        var run = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var scenario = global::NBomber.CSharp.Scenario
            .Create(Scenario, context => PushAsync(context, settings, layout, run, store, watch, cancellationToken))
            .WithoutWarmUp()
            .WithLoadSimulations(Simulation.Inject(settings.Rate, TimeSpan.FromSeconds(1), settings.During));
        var stats = NBomberRunner
            .RegisterScenarios(scenario)
            .WithTestSuite("Hybrid")
            .WithTestName(settings.Collection)
            .WithReportFolder(settings.Output)
            .WithReportFormats(ReportFormat.Html, ReportFormat.Md, ReportFormat.Csv)
            .Run();
        return Conclude(stats, settings);
    }

    /// <summary>
    /// Two steps: the put, timed as it is, and freshness, whose latency is from due to searchable, so that neither a slow put nor a late
    /// start of the injection makes it look better.
    /// </summary>
    private static async Task<IResponse> PushAsync(
        IScenarioContext context, LoadSettings settings, PartitionLayout layout, string run, IObjectStore store, CanaryWatch watch, CancellationToken cancellationToken)
    {
        // Instances are used again, so an object is numbered by its instance and the invocation there.
        var number = ((long)context.ScenarioInfo.ThreadNumber << 20) + context.InvocationNumber;
        var pushed = PartitionObject.Create(settings, layout, run, number);
        var put = await Step.Run("put", context, async () =>
        {
            await store.PutAsync(pushed.Key, pushed.Content, ifMatch: null, cancellationToken);
            return Response.Ok<object>(sizeBytes: pushed.Content.Length);
        });
        if (put.IsError)
        {
            return Response.Fail(statusCode: "put", message: put.Message);
        }

        var fresh = await Step.Run("due to searchable", context, async () =>
        {
            try
            {
                var seen = await watch.SeenAsync(pushed.CanaryId, pushed.Due + settings.Timeout - DateTimeOffset.UtcNow);
                return Response.Ok<object>(latencyMs: Math.Max(0.001, (seen - pushed.Due).TotalMilliseconds));
            }
            catch (TimeoutException)
            {
                return Response.Fail<object>(statusCode: "late", message: $"not searchable {settings.Timeout.TotalSeconds:0} s after its partition was due");
            }
        });
        return fresh.IsError ? Response.Fail(statusCode: "late") : Response.Ok();
    }

    private static int Conclude(NodeStats stats, LoadSettings settings)
    {
        var scenario = stats.ScenarioStats.Single(scenario => scenario.ScenarioName == Scenario);
        if (scenario.StepStats.FirstOrDefault(step => step.StepName == "due to searchable") is { Ok.Request.Count: > 0 } fresh)
        {
            var latency = fresh.Ok.Latency;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{settings.Collection}: {fresh.Ok.Request.Count} canaries, due to searchable p50 {latency.Percent50:0} ms, p95 {latency.Percent95:0} ms, p99 {latency.Percent99:0} ms, max {latency.MaxMs:0} ms"));
        }

        if (scenario.Fail.Request.Count == 0)
        {
            return ExitCodes.Done;
        }

        Console.Error.WriteLine($"load: {scenario.Fail.Request.Count} of {scenario.Ok.Request.Count + scenario.Fail.Request.Count} canaries failed: see {settings.Output}");
        return ExitCodes.FailureFound;
    }

    private static PartitionLayout Layout(LoadSettings settings)
    {
        try
        {
            return new PartitionLayout(settings.Layout, settings.Period);
        }
        catch (ArgumentException mistake)
        {
            throw HybridException.WrongCall($"--layout and --period: {mistake.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static async Task EnsureReachableAsync(
        IObjectStore store, SolrReader reader, LoadSettings settings, SolrOptions solr, CancellationToken cancellationToken)
    {
        try
        {
            await reader.CountAsync(tombstones: true, cancellationToken);
        }
        catch (SolrException failure)
        {
            throw HybridException.Unreachable($"collection '{settings.Collection}' at {solr.Url} cannot be read ({failure.Message}): start the lane first, or correct --solr and --collection", failure);
        }

        await store.EnsureBucketAsync(cancellationToken);
    }
}
