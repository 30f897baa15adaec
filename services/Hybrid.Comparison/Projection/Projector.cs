using System.Globalization;
using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Reporting;

namespace Hybrid.Comparison.Projection;

/// <summary>Projects measured lanes to the user's scale. A pure function of the evidence, the scale and the prices.</summary>
internal static class Projector
{
    private const double BytesPerSecondOfAPartition = 10 * 1024 * 1024;
    private const double DocumentsPerShard = 20e6;
    private const double Million = 1e6;
    private const int MostInstances = 100_000;
    private const double FarBeyond = 10;

    public static IReadOnlyList<string> Assumptions { get; } =
    [
        "a partition comes due at once and is drained at the full speed of the instances or of the publishers, whichever is less, so freshness at p99 holds a whole drain of it",
        "instances share the load evenly: a hot key or a hot partition is not in it",
        $"a Kafka partition takes {BytesPerSecondOfAPartition / 1024 / 1024:0} MiB/s, and there is one at least for every instance",
        $"a Solr shard holds {DocumentsPerShard / 1e6:0} M documents, and its indexing speed is the one of pricing.json; how commits slow down with a larger index is not in it",
        "instances are kept at the utilisation of pricing.json; its prices make the cost",
        "one machine was measured: network, replication and a cluster's rebalances are not in it",
    ];

    public static (IReadOnlyList<LaneProjection> Lanes, IReadOnlyList<string> NotProjected) Project(MeasuredEvidence evidence, TargetScale scale, Pricing prices)
    {
        var lanes = new List<LaneProjection>();
        var failures = new List<string>();
        foreach (var lane in evidence.Observations.GroupBy(run => run.Lane))
        {
            var sound = lane.Where(run => run.Faults.Count == 0 && run.Sustained != false).ToArray();
            var (capacity, basis) = CapacityOf(evidence, lane.Key, sound);
            if (sound.Length == 0)
            {
                failures.Add($"{lane.Key}: none of its runs ended right and kept up");
            }
            else if (capacity.RecordsPerSecond <= 0 || LaneModel.Calibrate(sound, capacity) is not { } model)
            {
                failures.Add($"{lane.Key}: no run has both freshness and processor time");
            }
            else
            {
                lanes.Add(Project(sound, model, basis, scale, prices) with { Error = ModelError.LeaveOneOut(sound, capacity) });
            }
        }

        return (lanes, failures);
    }

    private static LaneProjection Project(IReadOnlyList<Observation> runs, LaneModel model, CapacityBasis basis, TargetScale scale, Pricing prices)
    {
        var typical = runs.FirstOrDefault(run => run.Point.Length == 0 && run.Kind != "load") ?? runs[0];
        var traits = LaneTraits.Of(typical.Lane);
        var wait = WaitAt(typical, traits, scale);
        var instances = Instances(model, wait, scale, prices.Compute.Utilisation);
        var publisher = traits.NeedsKafka ? PublisherModel.Calibrate(runs) : null;
        var publishers = publisher is null ? (int?)null : Publishers(publisher, scale, prices.Compute.Utilisation, instances, model);
        var operation = At(model, wait, scale, instances);
        if (publishers is { } count)
        {
            operation = operation with { ServiceRate = Math.Min(operation.ServiceRate, count * publisher!.Capacity / instances) };
        }

        var (p50, p99) = (model.FreshnessP50(operation), model.FreshnessP99(operation));
        var documents = typical.Used.SolrDocumentsPerRecord ?? 1;
        var atScale = AtScale(typical, model.CoreSecondsPerMillion(operation, documents), publisher?.CoreSecondsPerMillion(scale.RecordsPerSecond / publishers!.Value));
        var bill = CostModel.BillOf(atScale, new Workload(scale.EventsPerDay, scale.PartitionPeriod, Bounded: false), prices, instances);
        return new LaneProjection
        {
            Lane = typical.Lane,
            Point = typical.Point,
            Instances = instances,
            Publishers = publishers,
            KafkaPartitions = traits.NeedsKafka ? Math.Max(instances, (int)Math.Ceiling((typical.Used.KafkaBytesPerRecord ?? 0) * scale.RecordsPerSecond / BytesPerSecondOfAPartition)) : null,
            SolrShards = Math.Max(1, (int)Math.Ceiling(Math.Max(scale.Documents / DocumentsPerShard, documents * scale.RecordsPerSecond / prices.Solr.DocumentsPerCoreSecond / prices.Compute.Utilisation))),
            FreshnessP50 = p50,
            FreshnessP99 = p99,
            MeetsTarget = scale.FreshnessSeconds is { } target ? p99 <= target : null,
            Utilisation = operation.RecordsPerSecond / model.Capacity,
            PerMonth = bill?.PerMonth,
            AtRestPerMonth = bill?.AtRest,
            Limits = [.. Limits(runs, typical, operation, model, basis, publishers), .. bill?.NotMeasured ?? []],
        };
    }

    /// <summary>As many as the rate needs at the utilisation, or as many more as the freshness asked for needs, where more of them help.</summary>
    private static int Instances(LaneModel model, double wait, TargetScale scale, double utilisation)
    {
        var least = (int)Math.Clamp(Math.Ceiling(scale.RecordsPerSecond / (model.Capacity * utilisation)), 1, MostInstances);
        if (scale.FreshnessSeconds is not { } target || Freshness(least) <= target || Freshness(MostInstances) > target)
        {
            return least;
        }

        var (too, enough) = (least, MostInstances);
        while (enough - too > 1)
        {
            var middle = too + ((enough - too) / 2);
            (too, enough) = Freshness(middle) <= target ? (too, middle) : (middle, enough);
        }

        return enough;

        double Freshness(int instances) => model.FreshnessP99(At(model, wait, scale, instances));
    }

    private static Operation At(LaneModel model, double wait, TargetScale scale, int instances) =>
        new(scale.RecordsPerPartition / instances, scale.RecordsPerSecond / instances, wait, model.ServiceRate);

    /// <summary>The waits as they were measured, but for a schedule, which is in event time.</summary>
    private static double WaitAt(Observation typical, LaneTraits traits, TargetScale scale) => traits.IsScheduled
        ? CostModel.ScheduleSeconds(typical, scale.PartitionPeriod) + (typical.VisibilitySeconds ?? 0)
        : LaneModel.WaitOf(typical);

    /// <summary>As many as the rate needs, or as the lanes need to drain at their speed where a freshness is asked for.</summary>
    private static int Publishers(PublisherModel publisher, TargetScale scale, double utilisation, int instances, LaneModel model)
    {
        var drained = scale.FreshnessSeconds is null ? scale.RecordsPerSecond / utilisation : Math.Max(scale.RecordsPerSecond / utilisation, instances * model.ServiceRate);
        return (int)Math.Max(1, Math.Ceiling(drained / publisher.Capacity));
    }

    private static Observation AtScale(Observation typical, double coreSecondsPerMillion, double? publisherCoreSecondsPerMillion) => typical with
    {
        Used = typical.Used with
        {
            CoreSecondsPerMillion = Measured.Once(coreSecondsPerMillion),
            PublisherCoreSecondsPerMillion = publisherCoreSecondsPerMillion,
        },
    };

    /// <summary>The rate that one instance was seen to sustain; where no rate was searched for, what one core could do, or the rate that was run if that is higher.</summary>
    private static (SustainedRate Capacity, CapacityBasis Basis) CapacityOf(MeasuredEvidence evidence, string lane, IReadOnlyList<Observation> runs)
    {
        if (evidence.Rates.TryGetValue(lane, out var rate))
        {
            return (rate, rate.IsLimit ? CapacityBasis.Limit : CapacityBasis.HighestTried);
        }

        var cores = runs.Where(run => run.Used.CoreSecondsPerMillion is { Value: > 0 }).Select(run => Million / run.Used.CoreSecondsPerMillion!.Value.Value).ToArray();
        return (new SustainedRate(Math.Max(cores.DefaultIfEmpty(0).Max(), runs.Select(run => run.RecordsPerSecond).DefaultIfEmpty(0).Max()), IsLimit: false), CapacityBasis.OneCore);
    }

    private static IEnumerable<string> Limits(IReadOnlyList<Observation> runs, Observation typical, Operation operation, LaneModel model, CapacityBasis basis, int? publishers)
    {
        if (basis == CapacityBasis.HighestTried)
        {
            yield return $"its limit lies above {Figures.Rate(model.Capacity)}, the highest load tried: fewer instances may do; taken to drain at {Figures.Rate(model.ServiceRate)}, which fits its runs";
        }
        else if (basis == CapacityBasis.OneCore)
        {
            yield return $"no sustainable rate was searched for: an instance was taken to do {Figures.Rate(model.Capacity)}, what its processor time allows on one core; compare with --experiments load";
        }

        var largest = runs.Max(run => run.Records / run.Partitions);
        if (operation.RecordsPerPartition > largest * FarBeyond)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{Figures.Large(operation.RecordsPerPartition)} records of a partition for an instance, {operation.RecordsPerPartition / largest:0} times what was measured");
        }

        if (runs.Count < 3)
        {
            yield return $"it is calibrated from {runs.Count} {(runs.Count == 1 ? "run" : "runs")}: its error is unknown; compare with --experiments freshness,load,frontier";
        }

        if (LaneTraits.Of(typical.Lane).NeedsKafka && publishers is null)
        {
            yield return "the publisher's processor time was not measured: its shards are not projected";
        }
    }

    private enum CapacityBasis
    {
        Limit,
        HighestTried,
        OneCore,
    }
}
