using Hybrid.Comparison.Evidence;

namespace Hybrid.Comparison.Cost;

/// <summary>
/// Turns what a lane used in measured runs into what it costs at a load. Linear in the records but for what is reserved whether it is used or not:
/// the least of each process, and whole brokers.
/// </summary>
internal static class CostModel
{
    private const double Gib = 1024.0 * 1024 * 1024;
    private const double Million = 1e6;
    private const double SecondsPerHour = 3600;
    private const double SecondsPerMonth = Pricing.HoursPerMonth * SecondsPerHour;

    /// <summary>The bill, or null where not even the lane's processor time was measured.</summary>
    public static Bill? BillOf(Observation lane, Workload load, Pricing prices, int instances = 1) =>
        lane.Used.CoreSecondsPerMillion is { } core ? BillOf(lane, core.Value, load, prices, instances) : null;

    /// <summary>The month's total with the spread that the lane's measured processor time gives it.</summary>
    public static Measured? PerMonth(Observation lane, Workload load, Pricing prices) =>
        lane.Used.CoreSecondsPerMillion?.Through(core => BillOf(lane, core, load, prices, 1).PerMonth);

    private static Bill BillOf(Observation lane, double coreSecondsPerMillion, Workload load, Pricing prices, int instances)
    {
        var traits = LaneTraits.Of(lane.Lane);
        var lines = new List<BillLine>();
        var missing = new List<string>();
        Lane(lines, missing, lane, traits, coreSecondsPerMillion, load, prices, instances);
        if (traits.NeedsKafka)
        {
            Publisher(lines, missing, lane, load, prices);
            Kafka(lines, missing, lane, coreSecondsPerMillion, load, prices.Kafka);
        }

        ObjectStore(lines, missing, lane, load, prices);
        Solr(lines, missing, lane, load, prices.Solr);
        return new Bill
        {
            Lines = lines,
            PerMillionRecords = lines.Sum(line => line.PerMonth) / load.EventsPerMonth * Million,
            NotMeasured = missing,
        };
    }

    private static void Lane(
        List<BillLine> lines, List<string> missing, Observation lane, LaneTraits traits, double coreSecondsPerMillion, Workload load, Pricing prices, int instances)
    {
        var memory = Math.Max(prices.Compute.LeastGib, (lane.Used.PeakMemoryBytes ?? 0) / Gib);
        if (lane.Used.PeakMemoryBytes is null)
        {
            missing.Add("the lane's memory: the least that is reserved was taken");
        }

        if (traits.IsScheduled || load.Bounded)
        {
            lines.Add(Jobs(BillPart.Lane, "the lane's jobs", coreSecondsPerMillion, JobsPerMonth(lane, traits, load), memory, load, prices.Scheduled));
            return;
        }

        if (lane.Used.RestCores is null)
        {
            missing.Add("the lane's processor time at rest: the least that is reserved was taken");
        }

        lines.Add(AlwaysOn(BillPart.Lane, "the lane, always on", coreSecondsPerMillion, lane.Used.RestCores ?? 0, memory, instances, load, prices.Compute));
    }

    private static void Publisher(List<BillLine> lines, List<string> missing, Observation lane, Workload load, Pricing prices)
    {
        if (lane.Used.PublisherCoreSecondsPerMillion is not { } core)
        {
            missing.Add("the publisher's processor time: it is left out");
            return;
        }

        var memory = Math.Max(prices.Compute.LeastGib, (lane.Used.PublisherPeakMemoryBytes ?? 0) / Gib);
        lines.Add(load.Bounded
            ? Jobs(BillPart.Publisher, "the publisher's jobs", core, Pricing.DaysPerMonth, memory, load, prices.Scheduled)
            : AlwaysOn(BillPart.Publisher, "the publisher, always on", core, lane.Used.RestPublisherCores ?? 0, memory, 1, load, prices.Compute));
    }

    private static void Kafka(List<BillLine> lines, List<string> missing, Observation lane, double coreSecondsPerMillion, Workload load, KafkaPrices prices)
    {
        var brokers = Math.Max(prices.LeastBrokers, Math.Ceiling(load.RecordsPerSecond * prices.Replication / prices.RecordsPerSecondOfABroker));
        var hours = load.Bounded
            ? Math.Min(Pricing.HoursPerMonth, coreSecondsPerMillion * load.EventsPerMonth / Million / SecondsPerHour)
            : Pricing.HoursPerMonth;
        lines.Add(new BillLine(BillPart.Kafka, load.Bounded ? "Kafka brokers while the jobs run" : "Kafka brokers, always on", brokers * prices.BrokerHour * hours, !load.Bounded));
        if (lane.Used.KafkaBytesPerRecord is not { } bytes)
        {
            missing.Add("bytes through Kafka: storage and transfer are left out");
            return;
        }

        var stored = bytes * load.RecordsPerSecond * prices.RetentionHours * SecondsPerHour * prices.Replication / Gib;
        lines.Add(new BillLine(BillPart.Kafka, "Kafka storage", stored * prices.GibMonthStored, AlwaysOn: false));
        lines.Add(new BillLine(BillPart.Kafka, "Kafka transfer, in and out", 2 * bytes * load.EventsPerMonth / Gib * prices.GibTransferred, AlwaysOn: false));
    }

    /// <summary>An always-on process lists whether something comes or not, so its requests are paid at rest too.</summary>
    private static void ObjectStore(List<BillLine> lines, List<string> missing, Observation lane, Workload load, Pricing prices)
    {
        if (lane.Used.StoreRequestsPerPartition is { } requests)
        {
            lines.Add(new BillLine(BillPart.ObjectStore, "object store requests", requests * load.PartitionsPerMonth / Million * prices.ObjectStore.MillionRequests, AlwaysOn: false));
        }
        else
        {
            missing.Add("requests to the object store: they are left out");
        }
    }

    private static void Solr(List<BillLine> lines, List<string> missing, Observation lane, Workload load, SolrPrices prices)
    {
        if (lane.Used.SolrDocumentsPerRecord is { } documents)
        {
            lines.Add(new BillLine(BillPart.Solr, "Solr, indexing", CorePrice(documents * load.EventsPerMonth / prices.DocumentsPerCoreSecond), AlwaysOn: false));
        }
        else
        {
            missing.Add("documents sent to Solr: its indexing is left out");
        }

        if (lane.Used.SolrCommitsPerPartition is { } commits)
        {
            lines.Add(new BillLine(BillPart.Solr, "Solr, commits", CorePrice(commits * load.PartitionsPerMonth * prices.CoreSecondsPerCommit), AlwaysOn: false));
        }
        else
        {
            missing.Add("Solr's commits: they are left out");
        }

        double CorePrice(double coreSeconds) => coreSeconds / SecondsPerHour * prices.CoreHour;
    }

    private static BillLine AlwaysOn(
        BillPart part, string name, double coreSecondsPerMillion, double restCores, double memoryGib, int instances, Workload load, ComputePrices prices)
    {
        var busy = coreSecondsPerMillion * load.RecordsPerSecond / Million;
        var cores = Math.Max(prices.LeastCores * instances, (busy + (restCores * instances)) / prices.Utilisation);
        return new BillLine(part, name, ((cores * prices.CoreHour) + (memoryGib * instances * prices.GibHour)) * Pricing.HoursPerMonth, AlwaysOn: true);
    }

    private static BillLine Jobs(BillPart part, string name, double coreSecondsPerMillion, double jobs, double memoryGib, Workload load, ScheduledPrices prices)
    {
        var seconds = (coreSecondsPerMillion * load.EventsPerMonth / Million) + (jobs * prices.StartUpSeconds);
        return new BillLine(part, name, seconds / SecondsPerHour * (prices.CoreHour + (memoryGib * prices.GibHour)), AlwaysOn: false);
    }

    /// <summary>A scheduled lane runs by its schedule, and no oftener than there are partitions; bounded work is one job a day.</summary>
    private static double JobsPerMonth(Observation lane, LaneTraits traits, Workload load) => traits.IsScheduled && !load.Bounded
        ? SecondsPerMonth / ScheduleSeconds(lane, load.PartitionPeriod)
        : Pricing.DaysPerMonth;

    /// <summary>Seconds between two jobs of a scheduled lane at the user's partition period.</summary>
    internal static double ScheduleSeconds(Observation lane, TimeSpan partitionPeriod) => Math.Max(lane.ScheduleSeconds ?? 0, partitionPeriod.TotalSeconds);
}
