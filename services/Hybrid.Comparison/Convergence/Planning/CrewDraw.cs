using System.Text.Json.Nodes;

namespace Hybrid.Comparison.Convergence.Planning;

/// <summary>Draws when the services of a round start, stop, die and come back, and what else befalls them.</summary>
/// <param name="draw">Decides.</param>
/// <param name="length">How long the input takes to come.</param>
/// <param name="victim">The service that dies instead of stopping; null for none.</param>
internal sealed class CrewDraw(Draw draw, TimeSpan length, string? victim)
{
    private const int LongestAbsence = 600;
    private const int LongestDelay = 300;
    private const int Earliest = 100;
    private const double ShareOfStrikesAtWork = 0.7;
    private const string SecondSuffix = "-second";

    private readonly List<PlannedService> _services = [];
    private readonly List<PlannedStep> _steps = [];
    private readonly List<string> _interruptible = [];
    private readonly FaultDraw _faults = new(draw);

    public IReadOnlyList<PlannedService> Services => _services;

    /// <summary>Adds a service that runs to the end, at least after it was interrupted.</summary>
    public void Add(string name, IReadOnlyList<string> verb, string? lane, Dictionary<string, string?> settings, bool isLate = false)
    {
        _services.Add(new PlannedService(name, verb, lane, settings, InProcess: name != victim));
        _steps.Add(new PlannedStep(isLate ? Moment() : TimeSpan.Zero, StepKind.Start, name));
        _interruptible.Add(name);
        if (name == victim)
        {
            Interrupt(name);
        }
    }

    /// <summary>Adds a second instance of a lane, which takes over some of its partitions; sometimes one of the two leaves for good.</summary>
    public void AddSecond(string lane, IReadOnlyDictionary<string, string?> settings)
    {
        var name = lane + SecondSuffix;
        _services.Add(new PlannedService(name, ["lane", lane], lane, settings, InProcess: true));
        var joins = draw.Between(TimeSpan.Zero, length / 2);
        _steps.Add(new PlannedStep(joins, StepKind.Start, name));

        if (draw.Chance(0.6))
        {
            var leaves = draw.Chance(0.5) || lane == victim ? name : lane;
            _steps.Add(new PlannedStep(draw.Between(joins + TimeSpan.FromMilliseconds(50), length + (length / 4)), StepKind.Stop, leaves));
            if (leaves == lane)
            {
                _interruptible.Remove(lane);
            }
        }
    }

    /// <summary>Interrupts services that come back.</summary>
    public void Interrupt(int times)
    {
        for (; times > 0 && _interruptible.Count > 0; times--)
        {
            Interrupt(_interruptible[draw.Between(0, _interruptible.Count - 1)]);
        }
    }

    /// <summary>Has the sandbox play up.</summary>
    public void Befall(int times)
    {
        for (; times > 0; times--)
        {
            _steps.Add(new PlannedStep(Moment(), StepKind.Fault, Fault: _faults.Any()));
        }
    }

    /// <summary>Has the sandbox die.</summary>
    public void KillSandbox() => _steps.Add(new PlannedStep(Moment(), StepKind.KillSandbox));

    /// <summary>Everything, in order.</summary>
    public IReadOnlyList<PlannedStep> Steps() => [.. _steps.OrderBy(step => step.At)];

    private void Interrupt(string name)
    {
        var service = _services.First(service => service.Name == name);
        var at = Moment();
        _steps.Add(draw.Chance(ShareOfStrikesAtWork)
            ? new PlannedStep(at, service.InProcess ? StepKind.StopAtWork : StepKind.KillAtWork, name, Hold(service), draw.Milliseconds(0, LongestDelay))
            : new PlannedStep(at, service.InProcess ? StepKind.Stop : StepKind.Kill, name));
        _steps.Add(new PlannedStep(at + draw.Milliseconds(0, LongestAbsence), StepKind.Start, name));
    }

    private JsonObject Hold(PlannedService service) => service.Lane is { } lane ? _faults.HoldLane($"*{lane}") : _faults.HoldPublisher();

    private TimeSpan Moment() => draw.Between(TimeSpan.FromMilliseconds(Earliest), length + (length / 4));
}
