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
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainDeadline = TimeSpan.FromSeconds(30);

    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];
    private readonly TimeProvider _wall = TimeProvider.System;
    private TopicAccountant? _accountant;

    /// <summary>What makes the run's figures doubtful, one sentence each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Runs the lane.</summary>
    /// <exception cref="HybridException">The stack cannot be used; what goes wrong with the lane itself is in its report.</exception>
    public async Task<LaneReport> RunAsync(CancellationToken cancellationToken)
    {
        var allowance = context.Stack.StartUp == TimeSpan.Zero
            ? TimeSpan.FromSeconds(5)
            : TimeSpan.FromSeconds(Math.Clamp((context.Stack.StartUp.TotalSeconds * 1.5) + 1.5, 3, 20));
        var plain = context.SettingsFor(lane, []);
        await using var services = new LaneServices(plain, context.NameOf(lane));
        await services.PrepareAsync(ManifestOf(context.Scanned), cancellationToken).ConfigureAwait(false);

        var clockOptions = new ClockOptions
        {
            Origin = context.Scanned.First.End,
            Start = _wall.GetUtcNow() + allowance,
            Speed = context.Scanned.Layout.Period / context.Options.Pace,
        };
        var clock = new EventClock(clockOptions, _wall);
        var variables = Settings.Variables(context.SettingsFor(lane,
        [
            new("Clock:Origin", clockOptions.Origin.Value.ToString("O", CultureInfo.InvariantCulture)),
            new("Clock:Start", clockOptions.Start.Value.ToString("O", CultureInfo.InvariantCulture)),
            new("Clock:Speed", clockOptions.Speed.ToString("R", CultureInfo.InvariantCulture)),
        ]));
        var directory = Directory.CreateDirectory(Path.Combine(context.Directory, lane)).FullName;
        await using var publisher = new SupervisedService(context.Options.Executable, "publisher", ["publish"], variables, directory);
        await using var service = new SupervisedService(context.Options.Executable, lane, ["lane", lane], variables, directory);
        try
        {
            return await RunAsync(services, clock, clockOptions.Start.Value, publisher, service, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _accountant?.Dispose();
        }
    }

    private async Task<LaneReport> RunAsync(
        LaneServices services, EventClock clock, DateTimeOffset firstDue, SupervisedService publisher, SupervisedService service, CancellationToken cancellationToken)
    {
        var board = new CanaryBoard(
            from partition in context.Scanned.Partitions
            from entry in partition.Objects
            from canary in entry.Canaries
            select new Watched(canary, clock.ToWall(partition.Id.End), PartitionReplayer.DueOf(partition, entry, clock)));
        var sampler = new RunSampler(publisher, service, firstDue, _wall, status => Tell(board, clock, status));
        var restarts = new RestartExecutor(publisher, service, firstDue, _wall);
        try
        {
            publisher.Start();
            service.Start();
            await DriveAsync(services, clock, firstDue, board, sampler, restarts, publisher, service, cancellationToken).ConfigureAwait(false);
        }
        catch (HybridException failure)
        {
            // After Ctrl-C on a terminal the services end by themselves, which is no failure of theirs.
            cancellationToken.ThrowIfCancellationRequested();
            _problems.Add(failure.Message);
        }

        await StopAsync(service).ConfigureAwait(false);
        await StopAsync(publisher).ConfigureAwait(false);
        _problems.AddRange(restarts.Problems);
        var ledger = await CountAsync(services, cancellationToken).ConfigureAwait(false);
        var outcome = new LaneOutcome
        {
            Lane = lane,
            FirstDue = firstDue,
            Sightings = board.Sightings,
            Lag = sampler.Lag,
            Publisher = new ServiceFigures(publisher.Ended),
            Service = new ServiceFigures(service.Ended),
            PublisherStartUpSeconds = sampler.PublisherStartUpSeconds,
            ServiceStartUpSeconds = sampler.LaneStartUpSeconds,
            Ledger = ledger,
            Truth = await JudgeAsync(services, cancellationToken).ConfigureAwait(false),
            Restarts = restarts.Executed,
            Problems = _problems,
        };
        await CleanAsync(services, cancellationToken).ConfigureAwait(false);
        return outcome.ToReport(context.InputInfo);
    }

    /// <summary>From the start of the processes until the lane has taken everything, or does not get on.</summary>
    private async Task DriveAsync(
        LaneServices services,
        EventClock clock,
        DateTimeOffset firstDue,
        CanaryBoard board,
        RunSampler sampler,
        RestartExecutor restarts,
        SupervisedService publisher,
        SupervisedService service,
        CancellationToken cancellationToken)
    {
        using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var observer = new IndexObserver(services.Index, board, _wall);
        var watching = Task.WhenAll(observer.RunAsync(run.Token), sampler.RunAsync(run.Token));
        try
        {
            Task<T> Guard<T>(Func<CancellationToken, Task<T>> work) => GuardAsync(work, [publisher.Failed, service.Failed, context.Stack.Failed], run.Token);

            var replayer = new PartitionReplayer(context.Input, services.Store, clock);
            await Guard(async token =>
            {
                await Task.WhenAll(
                    StartedAsync(publisher, service, firstDue, token),
                    replayer.RunAsync(context.Scanned.Partitions, token),
                    restarts.RunAsync(StepsAt(clock), DrainDeadline, StartDeadline, token)).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
            JudgeGenerator(replayer.Lateness);
            _accountant = await TopicAccountant.OpenAsync(services.Kafka, services.Decoder(), cancellationToken).ConfigureAwait(false);
            await Guard(token => SettleAsync(_accountant, board, service, token)).ConfigureAwait(false);
            if (observer.Problem is { } problem)
            {
                _problems.Add($"the observer could not read the index: {problem}");
            }
        }
        finally
        {
            await run.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    private async Task StartedAsync(SupervisedService publisher, SupervisedService service, DateTimeOffset firstDue, CancellationToken cancellationToken)
    {
        await publisher.WaitUntilRunningAsync(StartDeadline, cancellationToken).ConfigureAwait(false);
        await service.WaitUntilRunningAsync(StartDeadline, cancellationToken).ConfigureAwait(false);
        var late = _wall.GetUtcNow() - firstDue;
        if (late > TimeSpan.Zero)
        {
            _warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{lane}: the services were ready {late.TotalSeconds:0.0} s after the first partition was due, so that its freshness includes their start"));
        }
    }

    private IEnumerable<(RestartStep Step, DateTimeOffset At)> StepsAt(EventClock clock) =>
        context.Options.Restarts
            .Where(step => step.IsFor(lane))
            .Select(step => (step, clock.ToWall(context.Scanned.First.End + (context.Scanned.Layout.Period * step.Position(context.Scanned.Periods)))));

    private async Task<bool> SettleAsync(TopicAccountant accountant, CanaryBoard board, SupervisedService service, CancellationToken cancellationToken)
    {
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

        var since = _wall.GetUtcNow();
        if (!await Settling.WaitAsync(() => Task.FromResult(Lag(service.Status, since)), patience, cancellationToken).ConfigureAwait(false))
        {
            _problems.Add($"the lane still lags {service.Status?.Gauges.GetValueOrDefault(Instruments.LagRecords):0} records behind, and nothing changed for {patience.TotalSeconds:0} s");
        }

        if (!await Settling.WaitAsync(() => Task.FromResult((board.Seen == board.Total, (long)board.Seen)), patience, cancellationToken).ConfigureAwait(false))
        {
            _problems.Add($"{board.Total - board.Seen} of {board.Total} canaries were never seen in the index");
        }

        return true;
    }

    private static (bool Done, long Figure) Lag(ServiceStatus? status, DateTimeOffset since)
    {
        if (status is null || !status.Gauges.TryGetValue(Instruments.LagRecords, out var lag))
        {
            return (false, -1);
        }

        var inFlight = status.Gauges.GetValueOrDefault(Instruments.InFlight);
        var consumed = status.Counters.GetValueOrDefault(Instruments.RecordsConsumed);
        return (lag == 0 && inFlight == 0 && status.UpdatedAt > since, HashCode.Combine(lag, inFlight, consumed));
    }

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
            _accountant ??= await TopicAccountant.OpenAsync(services.Kafka, services.Decoder(), cancellationToken).ConfigureAwait(false);
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
            var comparison = new TruthComparison(context.Scanned.Truth);
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
        if (!context.Options.KeepData && context.Stack.Origins.Values.Any(origin => origin != "sandbox") && !context.Stack.Failed.IsCompleted)
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
