using System.CommandLine;
using System.CommandLine.Parsing;
using Hybrid.Sandbox.Faults;

namespace Hybrid.Cli.Verbs.Sandbox;

/// <summary>The options that describe a fault: those of one service, or all.</summary>
internal sealed class FaultOptions
{
    private const string Distribution = "200ms, 2s..8s (uniform), exponential:200ms (mean) or lognormal:50ms,2s (median,p99)";

    private readonly string? _service;
    private readonly List<Option> _options = [];
    private readonly Option<string> _operation;
    private readonly Option<string> _target;
    private readonly Option<string> _latency;
    private readonly Option<string> _error;
    private readonly Option<string>? _retryAfter;
    private readonly Option<bool> _drop;
    private readonly Option<string> _stall;
    private readonly Option<bool> _down;
    private readonly Option<string>? _listingLag;
    private readonly Option<string>? _vanish;
    private readonly Option<string> _diskFull;
    private readonly Option<string> _when;
    private readonly Option<double?> _rate;
    private readonly Option<int?> _times;
    private readonly Option<string> _for;
    private readonly Option<long?> _seed;

    /// <param name="service">The service, or null for the options of all.</param>
    public FaultOptions(string? service)
    {
        _service = service;
        _latency = Text("--latency", "DIST", $"Delays requests: {Distribution}.");
        _error = Text("--error", "CODE", ErrorHelp(service));
        _drop = Flag("--drop", "Closes the connection instead of answering.");
        _stall = Text("--stall", "TIME", "A request begins a stall of so long, and all that come during it wait for its end. Once, unless --for, --times or --rate say how often.");
        _down = Flag("--down", "The service is away: connections are closed, and new ones as soon as they are made. Its data stays.");
        if (Is("s3"))
        {
            _listingLag = Text("--listing-lag", "DIST", "What is put shows in listings later, by a delay drawn for each key.");
            _vanish = Text("--vanish", "TIME", "Each object is away from listings for so long, once in every TIME/RATE (rate 0.5 unless told).");
        }

        _diskFull = Text("--disk-full", "BYTES", "The service's disk takes so many more bytes, as 64KB or 1MB (0 unless told), and then is full.");
        _diskFull.Arity = ArgumentArity.ZeroOrOne;
        _operation = Text("--operation", "GLOB", OperationHelp(service), service is null or "kafka" ? ["--api"] : []);
        _target = Text("--target", "GLOB", TargetHelp(service), TargetAliases(service));
        _when = Text("--when", "WHEN", "With --latency, --error and --drop: before the request is handled (default), or after: it has happened, but the client does not hear of it.");
        _when.AcceptOnlyFromAmong("before", "after");
        if (service != "kafka")
        {
            _retryAfter = Text("--retry-after", "TIME", "The Retry-After of an HTTP --error; 1s with 429 and 503 unless told.");
        }

        _rate = Value<double?>("--rate", "P", "The probability that a matching request is hit, above 0 and up to 1. Default: 1.");
        _times = Value<int?>("--times", "N", "Over after so many hits.");
        _for = Text("--for", "TIME", "Over after so long. Without it, a fault stays until it is cleared.");
        _seed = Value<long?>("--seed", "N", "Decides every draw, so that the same requests in the same order are hit again. Drawn, and told, when not given.");
    }

    public void AddTo(Command command) => _options.ForEach(command.Options.Add);

    public FaultSpecification Read(ParseResult parsed, string service) => new()
    {
        Service = service,
        Operation = parsed.GetValue(_operation),
        Target = parsed.GetValue(_target),
        Latency = parsed.GetValue(_latency),
        Error = parsed.GetValue(_error),
        RetryAfter = _retryAfter is null ? null : parsed.GetValue(_retryAfter),
        Drop = parsed.GetValue(_drop),
        Stall = parsed.GetValue(_stall),
        Down = parsed.GetValue(_down),
        ListingLag = _listingLag is null ? null : parsed.GetValue(_listingLag),
        Vanish = _vanish is null ? null : parsed.GetValue(_vanish),
        DiskFull = parsed.GetResult(_diskFull) is null ? null : parsed.GetValue(_diskFull) ?? "0",
        When = parsed.GetValue(_when),
        Rate = parsed.GetValue(_rate),
        Times = parsed.GetValue(_times),
        For = parsed.GetValue(_for),
        Seed = parsed.GetValue(_seed),
    };

    private static string ErrorHelp(string? service) => service switch
    {
        "kafka" => "Answers with an error of the Kafka protocol: NOT_LEADER_OR_FOLLOWER, COORDINATOR_NOT_AVAILABLE, NOT_ENOUGH_REPLICAS, REQUEST_TIMED_OUT, …",
        "s3" => "Answers with an error: 503, 429 (SlowDown), 500 or a code such as SlowDown, InternalError, AccessDenied.",
        "registry" => "Answers with an error: an HTTP status, or an error code such as 50001 or 42201.",
        "solr" => "Answers with an HTTP status from 400 to 599, in Solr's error JSON.",
        _ => "Answers with an error: an HTTP status, S3's or the registry's code, or an error of the Kafka protocol.",
    };

    private static string OperationHelp(string? service) => (service switch
    {
        "kafka" => "Only these APIs: Produce, Fetch, Metadata, FindCoordinator, InitProducerId, EndTxn, OffsetCommit, JoinGroup, Heartbeat, …",
        "s3" => "Only these operations: PutObject, GetObject, ListObjectsV2, DeleteObject, UploadPart, …",
        "registry" => "Only these operations: Register, Lookup, GetSchema, GetVersion, CheckCompatibility, …",
        "solr" => "Only these handlers: update, select, get, admin/cores, …; or commit, for commits of every sort.",
        _ => "Only these operations, as `hybrid sandbox status` names them.",
    }) + " * and ? are wildcards.";

    private static string TargetHelp(string? service) => service switch
    {
        "kafka" => "Only requests about this topic, group or transactional id.",
        "s3" => "Only these keys, as KEY or BUCKET/KEY.",
        "registry" => "Only this subject.",
        "solr" => "Only this core.",
        _ => "Only requests about this topic, group, transactional id, key, subject or core.",
    };

    private static string[] TargetAliases(string? service) => service switch
    {
        "kafka" => ["--topic", "--group"],
        "s3" => ["--key"],
        "registry" => ["--subject"],
        "solr" => ["--core"],
        _ => ["--topic", "--group", "--key", "--subject", "--core"],
    };

    private bool Is(string service) => _service is null || _service == service;

    private Option<string> Text(string name, string helpName, string description, string[]? aliases = null)
    {
        var option = new Option<string>(name, aliases ?? []) { Description = description, HelpName = helpName };
        _options.Add(option);
        return option;
    }

    private Option<bool> Flag(string name, string description)
    {
        var option = new Option<bool>(name) { Description = description };
        _options.Add(option);
        return option;
    }

    private Option<T> Value<T>(string name, string helpName, string description)
    {
        var option = new Option<T>(name) { Description = description, HelpName = helpName };
        _options.Add(option);
        return option;
    }
}
