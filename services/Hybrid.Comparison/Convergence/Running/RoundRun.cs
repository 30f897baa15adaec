using System.Diagnostics;
using Hybrid.Comparison.Accounts;
using Hybrid.Comparison.Convergence.Input;
using Hybrid.Comparison.Convergence.Planning;
using Hybrid.Comparison.Crashes;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Processes;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Comparison.Convergence.Running;

/// <summary>One round: starts the services, puts the input, lets befall them what is planned, and holds what became of it against the truth.</summary>
internal sealed class RoundRun : IAsyncDisposable
{
    private static readonly TimeSpan LongestAim = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(10);

    private readonly ConvergencePlan _plan;
    private readonly RoundStack _stack;
    private readonly TimeSpan _patience;
    private readonly StartAllowance _allowance;
    private readonly long _created;
    private readonly TimeSpan _start;
    private readonly RoundSettings _settings;
    private readonly Violations _violations = new();
    private readonly Dictionary<string, ServiceSlot> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LaneServices> _lanes = new(StringComparer.Ordinal);

    /// <param name="plan">What is to happen.</param>
    /// <param name="number">Tells the round's names on the stack from those of others.</param>
    /// <param name="stack">What it runs on.</param>
    /// <param name="executable">The program, for services with a process of their own.</param>
    /// <param name="host">Runs the others.</param>
    /// <param name="patience">How long nothing may change before a lane is taken to have diverged.</param>
    /// <param name="allowance">How much time the services get to start.</param>
    /// <param name="directory">Where logs and local state go.</param>
    public RoundRun(ConvergencePlan plan, int number, RoundStack stack, HybridExecutable executable, IServiceHost host, TimeSpan patience, StartAllowance allowance, string directory)
    {
        _plan = plan;
        _patience = patience;
        _allowance = allowance;
        _created = Stopwatch.GetTimestamp();
        _start = allowance.Time;
        _stack = stack;
        _settings = new RoundSettings(plan, number, stack.Endpoints, DateTimeOffset.UtcNow + allowance.Time);
        foreach (var service in plan.Services)
        {
            var call = new ServiceCall(service.Name, service.Verb, _settings.Of(service, directory), Path.Combine(directory, $"{service.Name}.log"));
            _slots[service.Name] = new ServiceSlot(
                service.Name, () => service.InProcess ? RunningService.Start(host, call) : RunningService.Start(executable, call), _violations);
        }

        foreach (var lane in plan.Lanes)
        {
            _lanes[lane] = new LaneServices(_settings.OfReader(lane), _settings.Collection(lane));
        }
    }

    private LaneServices Clients => _lanes.Values.First();

    /// <summary>Runs it.</summary>
    /// <exception cref="HybridException">The stack fails.</exception>
    public async Task<ConvergenceRound> RunAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var truth = await ConvergenceTruth.ReadAsync(_plan.Input, _settings.Window).ConfigureAwait(false);
        await Task.WhenAll(Clients.Store.EnsureBucketAsync(cancellationToken), Clients.Kafka.EnsureTopicsAsync(cancellationToken)).ConfigureAwait(false);
        using (var round = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            await StartAsync(round.Token).ConfigureAwait(false);
            var start = Stopwatch.GetTimestamp();
            var arrivals = new Arrivals(_plan.Input, Clients.Store, new TakenObjects(Clients.Store, Clients.Kafka, RoundSettings.Source, _plan.Lanes));
            var arriving = arrivals.RunAsync(start, round.Token);
            try
            {
                await StepAsync(start, round.Token).ConfigureAwait(false);
                await _stack.ClearAsync(round.Token).ConfigureAwait(false);
                await JudgeAsync(truth, arrivals, arriving, round.Token).ConfigureAwait(false);
            }
            finally
            {
                await round.CancelAsync().ConfigureAwait(false);
                await arriving.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
            }
        }

        return new ConvergenceRound(
            _plan.Seed, _plan.Lanes, truth.Records + truth.DeadLetters, truth.Attributes.Visible, Tally(), Stopwatch.GetElapsedTime(began), _violations.Lines());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_slots.Values.Select(slot => slot.DisposeAsync().AsTask())).ConfigureAwait(false);
        foreach (var lane in _lanes.Values)
        {
            await lane.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What starts at once works before anything comes, so that a plan means the same on a busy machine.</summary>
    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var first = _plan.Steps.Where(step => step is { Kind: StepKind.Start, At.Ticks: 0 }).Select(step => _slots[step.Service!]).ToArray();
        Array.ForEach(first, slot => slot.Start());
        await Task.WhenAll(first.Select(slot => slot.WorksAsync(_patience, cancellationToken))).ConfigureAwait(false);
        var took = Stopwatch.GetElapsedTime(_created);
        _allowance.Took(took);
        await Task.Delay(took < _start ? _start - took : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
    }

    private async Task StepAsync(long began, CancellationToken cancellationToken)
    {
        foreach (var step in _plan.Steps)
        {
            if (step.At - Stopwatch.GetElapsedTime(began) is { } left && left > TimeSpan.Zero)
            {
                await Task.Delay(left, cancellationToken).ConfigureAwait(false);
            }

            switch (step.Kind)
            {
                case StepKind.Start:
                    _slots[step.Service!].Start();
                    break;
                case StepKind.Stop:
                    _slots[step.Service!].Stop();
                    break;
                case StepKind.Kill:
                    _slots[step.Service!].Kill();
                    break;
                case StepKind.StopAtWork:
                case StepKind.KillAtWork:
                    await StrikeAsync(step, cancellationToken).ConfigureAwait(false);
                    break;
                case StepKind.Fault:
                    await _stack.InjectAsync(step.Fault!, cancellationToken).ConfigureAwait(false);
                    break;
                case StepKind.KillSandbox:
                    await _stack.KillAsync(cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>Lets a service's requests go unanswered, and ends it in the midst of them; at the latest after a while, if it makes none.</summary>
    private async Task StrikeAsync(PlannedStep step, CancellationToken cancellationToken)
    {
        var slot = _slots[step.Service!];
        await slot.WorksAsync(_patience, cancellationToken).ConfigureAwait(false);
        var fault = await _stack.InjectAsync(step.Fault!, cancellationToken).ConfigureAwait(false);
        await _stack.WaitForHitAsync(fault, LongestAim, cancellationToken).ConfigureAwait(false);
        await Task.Delay(step.Delay, cancellationToken).ConfigureAwait(false);
        if (step.Kind == StepKind.StopAtWork)
        {
            slot.Stop();
            await Task.WhenAny(slot.IdleAsync(), Task.Delay(LongestAim, cancellationToken)).ConfigureAwait(false);
        }
        else
        {
            slot.Kill();
            await slot.IdleAsync().ConfigureAwait(false);
        }

        await _stack.ClearAsync(fault, cancellationToken).ConfigureAwait(false);
    }

    private async Task JudgeAsync(ConvergenceTruth truth, Arrivals arrivals, Task arriving, CancellationToken cancellationToken)
    {
        if (await Settling.WaitAsync(() => Task.FromResult((arriving.IsCompleted, arrivals.Progress)), _patience, cancellationToken).ConfigureAwait(false))
        {
            await arriving.ConfigureAwait(false);
        }
        else
        {
            _violations.Add("publisher", $"an object was not published, though it is in the store, and nothing else was for {_patience.TotalSeconds:0} s");
        }

        using var accountant = await TopicAccountant.OpenAsync(Clients.Kafka, Clients.Decoder(), cancellationToken).ConfigureAwait(false);
        var judges = _lanes.ToDictionary(lane => lane.Key, lane => new LaneJudge(lane.Key, lane.Value, truth, _settings.KafkaPartitions));
        await Task.WhenAll([AccountAsync(accountant, truth, cancellationToken), .. judges.Select(judge => WaitAsync(judge.Key, judge.Value, cancellationToken))])
            .ConfigureAwait(false);
        await Task.WhenAll(_slots.Values.Select(slot =>
        {
            slot.Stop();
            return slot.IdleAsync();
        })).ConfigureAwait(false);
        if (HasFailed)
        {
            return;
        }

        await accountant.CountAsync(LastLook, cancellationToken).ConfigureAwait(false);
        Account(accountant.Ledger, truth);
        foreach (var (lane, judge) in judges)
        {
            await _lanes[lane].Solr.CommitAsync(_lanes[lane].Collection, cancellationToken).ConfigureAwait(false);
            if (await judge.DifferenceAsync(cancellationToken).ConfigureAwait(false) is { } difference)
            {
                _violations.Add(lane, $"was right, and no longer is after it has stopped: {difference}");
            }
        }
    }

    private bool HasFailed => _violations.Lines().Count > 0;

    private async Task WaitAsync(string lane, LaneJudge judge, CancellationToken cancellationToken)
    {
        if (await judge.WaitAsync(ConvergencePlan.IsGroup(lane), () => HasFailed, _patience, cancellationToken).ConfigureAwait(false) is { } difference && !HasFailed)
        {
            _violations.Add(lane, difference);
        }
    }

    private async Task AccountAsync(TopicAccountant accountant, ConvergenceTruth truth, CancellationToken cancellationToken)
    {
        var ledger = accountant.Ledger;
        if (!await Settling.WaitAsync(
            async () =>
            {
                await accountant.CountAsync(LastLook, cancellationToken).ConfigureAwait(false);
                return (ledger.Total >= truth.Records + truth.DeadLetters || HasFailed, ledger.Total);
            },
            _patience,
            cancellationToken).ConfigureAwait(false))
        {
            Account(ledger, truth);
        }
    }

    private void Account(RecordLedger ledger, ConvergenceTruth truth)
    {
        if ((ledger.Records, ledger.DeadLetters, ledger.Duplicates) != (truth.Records, truth.DeadLetters, 0))
        {
            _violations.Add(
                "publisher",
                $"{ledger.Records} records of {truth.Records}, {ledger.Duplicates} of them twice, and {ledger.DeadLetters} dead letters of {truth.DeadLetters} are in the topics");
        }

        if (truth.Refused == 0 && ledger.LaneDeadLetters > 0)
        {
            _violations.Add("lanes", $"{ledger.LaneDeadLetters} dead letters, and nothing is wrong with any record");
        }
    }

    private Dictionary<string, int> Tally()
    {
        var tally = _plan.Steps
            .Where(step => step.Kind != StepKind.Start)
            .CountBy(step => step.Name, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        Add("second instance", _plan.Services.Count - _slots.Keys.Count(name => _plan.Lanes.Contains(name) || name.StartsWith("publisher", StringComparison.Ordinal)));
        Add("late object", _plan.Input.Puts.Count(put => put.Generation == 0 && put.At > (put.Partition.End - _plan.Input.First.Start) / _plan.Input.First.Period * _plan.Input.Pace));
        Add("corrected object", _plan.Input.Puts.Count(put => put.Generation > 0));
        Add("restarted after an outage", _slots.Values.Sum(slot => slot.Restarts));
        return tally;

        void Add(string name, int count)
        {
            if (count > 0)
            {
                tally[name] = count;
            }
        }
    }
}
