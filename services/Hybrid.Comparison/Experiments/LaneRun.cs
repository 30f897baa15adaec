using System.Globalization;
using Hybrid.Comparison.Accounts;
using Hybrid.Comparison.Load.Input;
using Hybrid.Comparison.Load.Replay;
using Hybrid.Comparison.Observer;
using Hybrid.Comparison.Processes;
using Hybrid.Comparison.Progress;
using Hybrid.Comparison.Truth;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Comparison.Experiments;

/// <summary>
/// One lane's run: publisher and lane as processes of their own in a namespace of their own, the input replayed on its schedule, the
/// index watched from outside, and at the end the index held against the truth and the topics against the input.
/// </summary>
/// <param name="context">What all runs share.</param>
/// <param name="lane">The lane.</param>
internal sealed class LaneRun(RunContext context, string lane)
{
    private const int StartAttempts = 4;
    private const double FaultAtShare = 0.4;

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopMargin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastSight = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainDeadline = TimeSpan.FromSeconds(30);

    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];
    private readonly TimeProvider _wall = TimeProvider.System;
    private readonly bool _publishes = !LaneCatalog.ReadsObjects(lane);
    private IAccountant? _accountant;
    private NoiseReport _noise = new();
    private TimeSpan? _settled;
    private long? _solrCommits;
    private double? _stackAfter;
    private RestCost? _rest;

    /// <summary>What makes the run's figures doubtful, one sentence each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Runs the lane.</summary>
    /// <exception cref="HybridException">The stack cannot be used; what goes wrong with the lane itself is in its report.</exception>
    public async Task<LaneOutcome> RunAsync(CancellationToken cancellationToken)
    {
        await using var services = new LaneServices(context.SettingsFor(lane, []), context.NameOf(lane));
        await services.PrepareAsync(ManifestOf(context.Scanned), cancellationToken).ConfigureAwait(false);
        var directory = Directory.CreateDirectory(Path.Combine(context.Directory, lane)).FullName;
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                // On a whole millisecond, as object stores and record headers tell the time: nothing lands before it is due by rounding.
                var firstDue = DateTimeOffset.FromUnixTimeMilliseconds((_wall.GetUtcNow() + context.StartUp.Allowance).ToUnixTimeMilliseconds());
                var options = new ClockOptions
                {
                    Origin = context.Scanned.First.End,
                    Start = firstDue,
                    Speed = context.Scanned.Layout.Period / context.Options.Pace,
                    MeasuredFrom = context.MeasuredFrom,
                };
                var variables = Settings.Variables(context.SettingsFor(lane, ClockSettings(options)));
                var place = Directory.CreateDirectory(Path.Combine(directory, $"start-{attempt}")).FullName;
                await using var publisher = new SupervisedService(context.Options.Executable, "publisher", ["publish"], variables, place);
                await using var service = new SupervisedService(context.Options.Executable, lane, ["lane", lane], variables, place);
                if (await StartAsync(publisher, service, firstDue, attempt, cancellationToken).ConfigureAwait(false))
                {
                    return await RunAsync(services, new EventClock(options, _wall), firstDue, publisher, service, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _accountant?.Dispose();
        }
    }

    /// <summary>
    /// Starts both services before the first partition is due. When they are not ready by then, nothing was replayed yet: they are stopped
    /// and started once more with more time, so that no lane is charged with a slow start of its process.
    /// </summary>
    /// <returns>False when they are to be started once more.</returns>
    private async Task<bool> StartAsync(
        SupervisedService publisher, SupervisedService service, DateTimeOffset firstDue, int attempt, CancellationToken cancellationToken)
    {
        var started = _wall.GetUtcNow();
        if (_publishes)
        {
            publisher.Start();
        }

        service.Start();
        try
        {
            var deadline = attempt < StartAttempts ? firstDue - StopMargin : started + StartDeadline;
            if (_publishes)
            {
                await publisher.WaitUntilRunningAsync(deadline - _wall.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            }

            await service.WaitUntilRunningAsync(deadline - _wall.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
        catch (HybridException failure)
        {
            if (attempt < StartAttempts && !publisher.Failed.IsCompleted && !service.Failed.IsCompleted)
            {
                context.StartUp.TookTooLong();
                return false;
            }

            _problems.Add(failure.Message);
        }

        var now = _wall.GetUtcNow();
        context.StartUp.Took(now - started);
        if (now > firstDue && _problems.Count == 0)
        {
            _warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{lane}: the services were ready {(now - firstDue).TotalSeconds:0.0} s after the first partition was due: the machine is too busy, and freshness includes it"));
        }

        return true;
    }

    private async Task<LaneOutcome> RunAsync(
        LaneServices services, EventClock clock, DateTimeOffset firstDue, SupervisedService publisher, SupervisedService service, CancellationToken cancellationToken)
    {
        var board = new CanaryBoard(
            from partition in context.Scanned.Partitions
            from entry in partition.Objects
            from canary in entry.Canaries
            select new Watched(canary, clock.ToWall(partition.Id.End), PartitionReplayer.DueOf(partition, entry, clock)));
        var measuredFrom = firstDue + (context.Options.Pace * context.Options.WarmUpPartitions);
        var sampler = new RunSampler(publisher, service, firstDue, measuredFrom, _wall, status => Tell(board, clock, status));
        var restarts = new RestartExecutor(publisher, service, firstDue, _wall);
        var faults = new FaultExecutor(context.FaultOf(lane), context.Stack.AdminUrl, _wall);
        var stackBefore = context.Stack.CpuSeconds;
        try
        {
            if (_problems.Count == 0)
            {
                await DriveAsync(services, clock, firstDue, board, sampler, restarts, faults, publisher, service, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (HybridException failure)
        {
            // After Ctrl-C on a terminal the services end by themselves, which is no failure of theirs.
            cancellationToken.ThrowIfCancellationRequested();
            _problems.Add(failure.Message);
        }

        var ended = _wall.GetUtcNow();
        await Task.WhenAll(StopAsync(service), StopAsync(publisher)).ConfigureAwait(false);
        _problems.AddRange(restarts.Problems);
        var ledger = await CountAsync(services, cancellationToken).ConfigureAwait(false);
        var outcome = new LaneOutcome
        {
            Lane = lane,
            FirstDue = firstDue,
            Sightings = board.Sightings,
            Lag = sampler.Lag,
            BatchInterval = sampler.BatchInterval,
            Publisher = new ServiceFigures(publisher.Ended),
            Service = new ServiceFigures(service.Ended),
            PublisherStartUpSeconds = sampler.PublisherStartUpSeconds,
            ServiceStartUpSeconds = sampler.LaneStartUpSeconds,
            Ledger = ledger,
            Truth = await JudgeAsync(services, cancellationToken).ConfigureAwait(false),
            Restarts = restarts.Executed,
            Problems = _problems,
            MeasuredFrom = measuredFrom,
            InputRecords = context.Scanned.Records,
            MeasuredRecords = context.RecordsAfterWarmUp,
            WarmUp = sampler.WarmUp,
            Duration = _settled ?? ended - firstDue,
            Unseen = board.Unseen,
            Regressions = board.Regressions,
            Noise = _noise,
            SolrCommits = _solrCommits,
            StackCoreSeconds = _stackAfter - stackBefore,
            Rest = _rest,
            Fault = faults.Executed,
            Policy = context.Options.Policy,
        };
        await CleanAsync(services, cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    /// <summary>From the start of the processes until the lane has taken everything, or does not get on.</summary>
    private async Task DriveAsync(
        LaneServices services,
        EventClock clock,
        DateTimeOffset firstDue,
        CanaryBoard board,
        RunSampler sampler,
        RestartExecutor restarts,
        FaultExecutor faults,
        SupervisedService publisher,
        SupervisedService service,
        CancellationToken cancellationToken)
    {
        using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var observer = new IndexObserver(services.Index, board, _wall);
        var replayer = new PartitionReplayer(context.Input, services.Store, clock);
        var noise = new NoiseMeter(() => publisher.CpuSeconds + service.CpuSeconds + (context.Stack.CpuSeconds ?? 0));
        var watching = Task.WhenAll(observer.RunAsync(run.Token), sampler.RunAsync(run.Token));
        try
        {
            Task<T> Guard<T>(Func<CancellationToken, Task<T>> work) => GuardAsync(work, [publisher.Failed, service.Failed, context.Stack.Failed], run.Token);

            await Guard(async token =>
            {
                await Task.WhenAll(
                    replayer.RunAsync(context.Scanned.Partitions, token),
                    restarts.RunAsync(StepsAt(clock), DrainDeadline, StartDeadline, token),
                    faults.RunAsync(
                        firstDue,
                        firstDue + (context.Options.Pace * (context.Scanned.Periods * FaultAtShare)),
                        firstDue + (context.Options.Pace * (context.Scanned.Periods - 1)),
                        token)).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
            if (context.Options.Experiments is null)
            {
                JudgeGenerator(replayer.Lateness);
            }

            _accountant = await OpenAccountsAsync(services, cancellationToken).ConfigureAwait(false);
            await Guard(token => SettleAsync(_accountant, board, publisher, service, token)).ConfigureAwait(false);
            _settled = _wall.GetUtcNow() - firstDue;
            _stackAfter = context.Stack.CpuSeconds;
            _solrCommits = await SolrCommits.CountAsync(context.Stack.Settings["Solr:Url"]!, services.Collection, cancellationToken).ConfigureAwait(false);
            if (context.Options.Rest > TimeSpan.Zero)
            {
                _rest = await RestMeter.MeasureAsync(publisher, service, context.Options.Rest, _wall, cancellationToken).ConfigureAwait(false);
            }

            if (observer.Problem is { } problem)
            {
                _problems.Add($"the observer could not read the index: {problem}");
            }
        }
        finally
        {
            await run.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
            _noise = noise.Read(replayer.Lateness, observer.Lateness);
        }
    }

    private IEnumerable<(RestartStep Step, DateTimeOffset At)> StepsAt(EventClock clock) =>
        context.Options.Restarts
            .Where(step => step.IsFor(lane) && (_publishes || step.Target != RestartStep.Publisher))
            .Select(step => (step, clock.ToWall(context.Scanned.First.End + (context.Scanned.Layout.Period * step.Position(context.Scanned.Periods)))));

    private async Task<bool> SettleAsync(
        IAccountant accountant, CanaryBoard board, SupervisedService publisher, SupervisedService service, CancellationToken cancellationToken)
    {
        if (context.Options.Policy == SkippedByPolicy.Latest)
        {
            await SettleSkippingAsync(accountant, board, publisher, service, cancellationToken).ConfigureAwait(false);
            return true;
        }

        var patience = context.Options.SettleTimeout;
        var lines = context.Scanned.Lines;
        var ledger = accountant.Ledger;
        if (!await Settling.WaitAsync(
            async () =>
            {
                await accountant.CountAsync(patience, cancellationToken).ConfigureAwait(false);
                return (ledger.Total >= lines, ledger.Total);
            },
            patience,
            cancellationToken).ConfigureAwait(false))
        {
            _problems.Add($"{lines - ledger.Total} of {lines} lines were not published, and none more came for {patience.TotalSeconds:0} s");
        }

        if (!await Settling.WaitAsync(() => Task.FromResult((board.Seen == board.Total, (long)board.Seen)), patience, cancellationToken).ConfigureAwait(false))
        {
            _problems.Add($"{board.Total - board.Seen} of {board.Total} canaries were never seen in the index");
        }

        await DrainAsync(service, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>What is skipped never shows: publisher and lane are waited for by what they say of themselves, and the canaries only as long as more of them show.</summary>
    private async Task SettleSkippingAsync(
        IAccountant accountant, CanaryBoard board, SupervisedService publisher, SupervisedService service, CancellationToken cancellationToken)
    {
        var (reader, gauge) = _publishes ? (publisher, Instruments.PublisherWatermark) : (service, Instruments.LaneWatermark);
        if (!await Settling.WaitAsync(() => Task.FromResult(AtEnd(reader.Status, gauge)), context.Options.SettleTimeout, cancellationToken).ConfigureAwait(false))
        {
            _problems.Add($"the {(_publishes ? "publisher" : "lane")} did not come to the end of the input, and nothing changed for {context.Options.SettleTimeout.TotalSeconds:0} s");
        }

        await DrainAsync(service, cancellationToken).ConfigureAwait(false);
        await accountant.CountAsync(context.Options.SettleTimeout, cancellationToken).ConfigureAwait(false);
        var visible = SolrVisibility.Parse(context.Options.Visibility).Delay + LastSight;
        await Settling.WaitAsync(() => Task.FromResult((board.Seen == board.Total, (long)board.Seen)), visible, cancellationToken).ConfigureAwait(false);
    }

    private async Task DrainAsync(SupervisedService service, CancellationToken cancellationToken)
    {
        var patience = context.Options.SettleTimeout;
        var since = _wall.GetUtcNow();
        if (!await Settling.WaitAsync(() => Task.FromResult(Lag(service.Status, since)), patience, cancellationToken).ConfigureAwait(false))
        {
            _problems.Add($"the lane still lags {service.Status?.Gauges.GetValueOrDefault(_publishes ? Instruments.LagRecords : Instruments.LagPartitions):0} {(_publishes ? "records" : "partitions")} behind, and nothing changed for {patience.TotalSeconds:0} s");
        }
    }

    private (bool Done, long Figure) AtEnd(ServiceStatus? status, string watermark) =>
        status is not null && status.Gauges.TryGetValue(watermark, out var seconds)
            ? (seconds >= context.Scanned.Last.End.ToUnixTimeMilliseconds() / 1000.0, (long)seconds)
            : (false, -1);

    /// <summary>What the lane has yet to do: a lane that repairs has both.</summary>
    private static IEnumerable<string> Lags => [Instruments.LagRecords, Instruments.LagPartitions];

    private static (bool Done, long Figure) Lag(ServiceStatus? status, DateTimeOffset since)
    {
        if (status is null || Lags.All(gauge => !status.Gauges.ContainsKey(gauge)))
        {
            return (false, -1);
        }

        var lag = Lags.Sum(gauge => status.Gauges.GetValueOrDefault(gauge));
        var inFlight = status.Gauges.GetValueOrDefault(Instruments.InFlight);
        var consumed = status.Counters.GetValueOrDefault(Instruments.RecordsConsumed);
        return (lag == 0 && inFlight == 0 && status.UpdatedAt > since, HashCode.Combine(lag, inFlight, consumed));
    }

    private async Task<IAccountant> OpenAccountsAsync(LaneServices services, CancellationToken cancellationToken) => _publishes
        ? await TopicAccountant.OpenAsync(services.Kafka, services.Decoder(), cancellationToken).ConfigureAwait(false)
        : new CursorAccountant(services.Cursor(lane));

    private void JudgeGenerator(IReadOnlyList<double> lateness)
    {
        if (Distributions.Of(lateness) is { } late && late.P99 > 0.25 * context.Options.Pace.TotalSeconds)
        {
            _warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{lane}: the generator itself was late (p99 {late.P99:0.000} s at a pace of {context.Options.Pace.TotalSeconds:0.###} s): the machine is too busy, and freshness includes it"));
        }
    }

    private async Task StopAsync(SupervisedService service)
    {
        if (service.Failed.IsCompleted)
        {
            await service.KillAsync().ConfigureAwait(false);
        }
        else if (await service.StopAsync(DrainDeadline).ConfigureAwait(false) is { } problem)
        {
            _problems.Add(problem);
        }
    }

    private async Task<RecordLedger?> CountAsync(LaneServices services, CancellationToken cancellationToken)
    {
        try
        {
            _accountant ??= await OpenAccountsAsync(services, cancellationToken).ConfigureAwait(false);
            await _accountant.CountAsync(context.Options.SettleTimeout, cancellationToken).ConfigureAwait(false);
            return _accountant.Ledger;
        }
        catch (HybridException failure)
        {
            _problems.Add(failure.Message);
            return null;
        }
    }

    private async Task<TruthReport> JudgeAsync(LaneServices services, CancellationToken cancellationToken)
    {
        try
        {
            await services.Solr.CommitAsync(services.Collection, cancellationToken).ConfigureAwait(false);
            var comparison = new TruthComparison(context.Scanned.Truth, LaneCatalog.HasWindows(lane) ? context.Scanned.Signals : null);
            await foreach (var document in services.Index.ExportAsync(cancellationToken).ConfigureAwait(false))
            {
                comparison.Meet(document);
            }

            return comparison.Conclude();
        }
        catch (SolrException failure)
        {
            _problems.Add($"the index could not be read: {failure.Message}");
            return new TruthReport { Converged = false, Missing = 0, Stale = 0, Extra = 0, Documents = 0 };
        }
    }

    private async Task CleanAsync(LaneServices services, CancellationToken cancellationToken)
    {
        if (context.Options.DeleteEachRun && !context.Options.KeepData && context.Stack.Origins.Values.All(origin => origin == "sandbox"))
        {
            await services.RemoveAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (!context.Options.KeepData && context.Stack.Origins.Values.Any(origin => origin != "sandbox") && !context.Stack.Failed.IsCompleted)
        {
            foreach (var problem in await services.RemoveAsync(cancellationToken).ConfigureAwait(false))
            {
                context.Progress.Note(problem);
            }

            if (context.Options.Stack.ObjectStore is not null)
            {
                context.Progress.Note($"the replayed objects stay under s3://{context.Options.Stack.Bucket}/{context.NameOf(lane)}/: delete them when you like");
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> ClockSettings(ClockOptions options) =>
    [
        new("Clock:Origin", options.Origin!.Value.ToString("O", CultureInfo.InvariantCulture)),
        new("Clock:Start", options.Start!.Value.ToString("O", CultureInfo.InvariantCulture)),
        new("Clock:Speed", options.Speed.ToString("R", CultureInfo.InvariantCulture)),
        new("Clock:MeasuredFrom", options.MeasuredFrom!.Value.ToString("O", CultureInfo.InvariantCulture)),
    ];

    private static InputManifest ManifestOf(ScannedInput scanned) => new()
    {
        Layout = scanned.Layout.Template,
        Period = scanned.Layout.Period,
        Seed = scanned.Seed,
        FirstPartition = scanned.First.Name,
        LastPartition = scanned.Last.Name,
        Delays = scanned.Partitions
            .SelectMany(partition => partition.Objects)
            .Where(entry => entry.Delay > TimeSpan.Zero)
            .ToDictionary(entry => entry.Key, entry => entry.Delay),
    };

    private void Tell(CanaryBoard board, EventClock clock, ServiceStatus? status)
    {
        var due = Math.Clamp((int)((clock.GetUtcNow() - context.Scanned.First.Start).Ticks / context.Scanned.Layout.Period.Ticks), 0, context.Scanned.Periods);
        context.Progress.Lane(new LaneProgress(
            lane,
            due,
            context.Scanned.Periods,
            status?.Counters.TryGetValue(Instruments.RecordsConsumed, out var records) == true ? records : null,
            status?.Gauges.TryGetValue(Instruments.LagRecords, out var lag) == true ? lag : null,
            board.Seen,
            board.Total));
    }

    private static async Task<T> GuardAsync<T>(
        Func<CancellationToken, Task<T>> work, IReadOnlyList<Task<HybridException>> failures, CancellationToken cancellationToken)
    {
        using var guarded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = work(guarded.Token);
        if (await Task.WhenAny([working, .. failures]).ConfigureAwait(false) is Task<HybridException> failed && failed != (Task)working)
        {
            await guarded.CancelAsync().ConfigureAwait(false);
            await working.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
            throw await failed.ConfigureAwait(false);
        }

        return await working.ConfigureAwait(false);
    }
}
