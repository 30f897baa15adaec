using System.Globalization;
using Hybrid.Sandbox.Faults.Kafka;

namespace Hybrid.Sandbox.Faults;

/// <summary>A specification that was found possible, with its texts read.</summary>
internal sealed record FaultPlan
{
    private const double DefaultVanishRate = 0.5;

    private static readonly (string Suffix, long Bytes)[] Sizes = [("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("B", 1)];

    /// <summary>As given, with the seed that is used.</summary>
    public required FaultSpecification Specification { get; init; }

    public required FaultKind Kind { get; init; }

    public required FaultService Service { get; init; }

    public required NamePattern Operation { get; init; }

    public required NamePattern Target { get; init; }

    /// <summary>How long: of latency, listing lag, vanishing and stalls.</summary>
    public DelayDistribution? Delay { get; init; }

    /// <summary>The error of an HTTP service.</summary>
    public HttpFaultError? HttpError { get; init; }

    /// <summary>The error of Kafka.</summary>
    public short KafkaError { get; init; }

    /// <summary>Bytes that a full disk still takes.</summary>
    public long Room { get; init; }

    /// <summary>Whether it strikes when the request was handled.</summary>
    public bool After { get; init; }

    public double Rate { get; init; } = 1;

    public long Seed { get; init; }

    public int? Times { get; init; }

    public TimeSpan? For { get; init; }

    /// <exception cref="SandboxException">The specification asks for nothing, for two things, or for something that cannot be.</exception>
    public static FaultPlan Of(FaultSpecification fault)
    {
        var service = ServiceOf(fault);
        var kind = KindOf(fault);
        CheckCombination(fault, service, kind);
        FaultOperations.Check(service, fault.Operation);
        var seed = fault.Seed ?? Random.Shared.Next();
        return new FaultPlan
        {
            Specification = fault with { Seed = seed },
            Kind = kind,
            Service = service,
            Operation = new NamePattern(fault.Operation, ignoreCase: true),
            Target = new NamePattern(fault.Target, ignoreCase: false),
            Delay = DelayOf(fault, kind),
            HttpError = kind == FaultKind.Error && service != FaultService.Kafka ? HttpFaultError.Parse(service, fault.Error!, fault.RetryAfter) : null,
            KafkaError = kind == FaultKind.Error && service == FaultService.Kafka ? KafkaErrorNames.Parse(fault.Error!) : (short)0,
            Room = kind == FaultKind.DiskFull ? RoomOf(fault.DiskFull!) : 0,
            After = AfterOf(fault),
            Rate = RateOf(fault, kind),
            Seed = seed,
            Times = TimesOf(fault, kind),
            For = fault.For is null ? null : DelayDistribution.Duration(fault.For, "for"),
        };
    }

    private static FaultService ServiceOf(FaultSpecification fault) =>
        Enum.TryParse<FaultService>(fault.Service, ignoreCase: true, out var service) && !char.IsAsciiDigit(fault.Service![0])
            ? service
            : throw new SandboxException($"service {fault.Service ?? "(none)"}: give kafka, registry, s3 or solr");

    private static FaultKind KindOf(FaultSpecification fault)
    {
        (FaultKind Kind, bool Given)[] effects =
        [
            (FaultKind.Latency, fault.Latency is not null),
            (FaultKind.Error, fault.Error is not null),
            (FaultKind.Drop, fault.Drop),
            (FaultKind.Down, fault.Down),
            (FaultKind.ListingLag, fault.ListingLag is not null),
            (FaultKind.Vanish, fault.Vanish is not null),
            (FaultKind.Stall, fault.Stall is not null),
            (FaultKind.DiskFull, fault.DiskFull is not null),
        ];
        var given = effects.Where(static effect => effect.Given).Select(static effect => effect.Kind).ToList();
        return given.Count switch
        {
            1 => given[0],
            0 => throw new SandboxException(
                $"no effect is given: one of {string.Join(", ", effects.Select(static effect => effect.Kind.Name()))} is needed"),
            _ => throw new SandboxException(
                $"{string.Join(" and ", given.Select(static kind => kind.Name()))} are given: add a fault for each"),
        };
    }

    private static void CheckCombination(FaultSpecification fault, FaultService service, FaultKind kind)
    {
        if (kind.IsOfListings() && service != FaultService.S3)
        {
            throw new SandboxException($"{kind.Name()} is a fault of s3: {fault.Service} has no listings");
        }

        if (kind is FaultKind.Down or FaultKind.DiskFull && (fault.Operation ?? fault.Target) is { } narrowed)
        {
            throw new SandboxException($"{kind.Name()} befalls a whole service: leave out {narrowed}");
        }

        if (kind is FaultKind.Down && (fault.Rate is not null || fault.Times is not null))
        {
            throw new SandboxException("down has no rate and no times: a service is up or down; give it a time with for");
        }

        if (kind.IsOfListings() && fault.Times is not null)
        {
            throw new SandboxException($"{kind.Name()} has no times: give it a time with for");
        }

        if (fault.When is not null && kind is not (FaultKind.Latency or FaultKind.Error or FaultKind.Drop))
        {
            throw new SandboxException($"{kind.Name()} has no when: only latency, error and drop have");
        }

        if (fault.RetryAfter is not null && (kind != FaultKind.Error || service == FaultService.Kafka))
        {
            throw new SandboxException("retry-after goes with an error of an HTTP service");
        }

        if (new NamePattern(fault.Operation, ignoreCase: true).Is(ServiceFaults.Commit) && kind == FaultKind.Drop)
        {
            throw new SandboxException("a commit is no request of its own: drop the operation update, or give commit an error, a latency or a stall");
        }
    }

    private static DelayDistribution? DelayOf(FaultSpecification fault, FaultKind kind) => kind switch
    {
        FaultKind.Latency => DelayDistribution.Parse(fault.Latency!, kind.Name()),
        FaultKind.ListingLag => DelayDistribution.Parse(fault.ListingLag!, kind.Name()),
        FaultKind.Stall => DelayDistribution.Parse(fault.Stall!, kind.Name()),
        FaultKind.Vanish when DelayDistribution.Duration(fault.Vanish!, kind.Name()) == TimeSpan.Zero =>
            throw new SandboxException($"{kind.Name()} {fault.Vanish}: it must be longer than nothing"),
        FaultKind.Vanish => DelayDistribution.Parse(fault.Vanish!, kind.Name()),
        _ => null,
    };

    private static bool AfterOf(FaultSpecification fault) => fault.When switch
    {
        null or "before" => false,
        "after" => true,
        _ => throw new SandboxException($"when {fault.When}: give before (the request is handled) or after"),
    };

    private static double RateOf(FaultSpecification fault, FaultKind kind) => fault.Rate switch
    {
        null => kind == FaultKind.Vanish ? DefaultVanishRate : 1,
        > 0 and <= 1 and var rate => rate,
        var rate => throw new SandboxException(
            string.Create(CultureInfo.InvariantCulture, $"rate {rate}: give a probability above 0 and up to 1, such as 0.1")),
    };

    private static int? TimesOf(FaultSpecification fault, FaultKind kind) => fault.Times switch
    {
        < 1 => throw new SandboxException(string.Create(CultureInfo.InvariantCulture, $"times {fault.Times}: give 1 or more")),
        null when kind == FaultKind.Stall && fault.For is null && fault.Rate is null => 1,
        var times => times,
    };

    private static long RoomOf(string text)
    {
        foreach (var (suffix, bytes) in Sizes)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
                && long.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count <= long.MaxValue / bytes)
            {
                return count * bytes;
            }
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var plain)
            ? plain
            : throw new SandboxException($"disk-full {text}: give the bytes that still fit, as 0, 64KB or 1MB");
    }
}
