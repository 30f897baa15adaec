using System.Text.Json;
using System.Text.Json.Serialization;
using Hybrid.Contracts.Json;

namespace Hybrid.Sandbox.Faults;

/// <summary>
/// A fault that the sandbox is asked to inject, as <c>POST /admin/faults</c> takes it. Exactly one of the effects is set:
/// <see cref="Latency"/>, <see cref="Error"/>, <see cref="Drop"/>, <see cref="Down"/>, <see cref="ListingLag"/>,
/// <see cref="Vanish"/>, <see cref="Stall"/> or <see cref="DiskFull"/>. Durations are written <c>200ms</c>, <c>2s</c>, <c>5m</c>,
/// <c>1h</c>; a distribution of durations as <c>200ms</c> (constant), <c>2s..8s</c> (uniform), <c>exponential:200ms</c> (by its
/// mean) or <c>lognormal:50ms,2s</c> (by its median and its 99th percentile).
/// </summary>
public sealed record FaultSpecification
{
    /// <summary>The service that it befalls: <c>kafka</c>, <c>registry</c>, <c>s3</c> or <c>solr</c>.</summary>
    public string? Service { get; init; }

    /// <summary>
    /// The operations that it befalls, as the request counts name them (<c>Produce</c>, <c>ListObjectsV2</c>, <c>Register</c>,
    /// <c>update</c>); <c>*</c> and <c>?</c> stand for any characters and any one. Null is all.
    /// </summary>
    public string? Operation { get; init; }

    /// <summary>
    /// What the request is about: an S3 key (or bucket/key), a Solr core, a subject, a Kafka topic, group or transactional id;
    /// <c>*</c> and <c>?</c> as above. Null is all.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>Delays requests, or their answers, by a distribution of durations.</summary>
    public string? Latency { get; init; }

    /// <summary>
    /// Answers with an error: an HTTP status, an S3 error code (<c>SlowDown</c>), a registry error code, or for Kafka an error's
    /// name (<c>NOT_LEADER_OR_FOLLOWER</c>) or number.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>The <c>Retry-After</c> of an HTTP error, in whole seconds on the wire; null is 1 s with 429 and 503 and none otherwise.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>Closes the connection instead of answering.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Drop { get; init; }

    /// <summary>Takes the service away: every connection is closed, and every new one as soon as it is made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Down { get; init; }

    /// <summary>S3 only: what is put shows in listings later by a delay drawn from the seed and the key.</summary>
    public string? ListingLag { get; init; }

    /// <summary>S3 only: each object is away from listings for so long, once in every such time divided by <see cref="Rate"/>.</summary>
    public string? Vanish { get; init; }

    /// <summary>
    /// A request begins a stall of so long, and every one that comes during it waits for its end. Once, unless
    /// <see cref="For"/>, <see cref="Times"/> or <see cref="Rate"/> say how often.
    /// </summary>
    public string? Stall { get; init; }

    /// <summary>The service's disk takes so many more bytes (<c>0</c>, <c>64KB</c>, <c>1MB</c>) and then fails with ENOSPC.</summary>
    public string? DiskFull { get; init; }

    /// <summary>
    /// For latency, error and drop: <c>before</c> the request is handled (null, the default) or <c>after</c>, when what it asked
    /// for has happened and only the answer is missing.
    /// </summary>
    public string? When { get; init; }

    /// <summary>The probability that a matching request is befallen, above 0 and up to 1; null is 1 (and 0.5 for <see cref="Vanish"/>).</summary>
    public double? Rate { get; init; }

    /// <summary>Decides all draws: the same requests in the same order meet the same faults. Null draws one, which the answer tells.</summary>
    public long? Seed { get; init; }

    /// <summary>After how many hits it is over, 1 or more; null is never.</summary>
    public int? Times { get; init; }

    /// <summary>After how long it is over, whatever is delayed by then included; null is when it is cleared.</summary>
    public string? For { get; init; }

    /// <summary>Reads a file for <c>--faults</c>.</summary>
    /// <param name="path">Where it is.</param>
    /// <exception cref="SandboxException">It cannot be read, or as <see cref="ReadList"/>.</exception>
    public static IReadOnlyList<FaultSpecification> ReadFile(string path)
    {
        try
        {
            return ReadList(File.ReadAllBytes(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException($"the faults' file {path} cannot be read ({exception.Message.TrimEnd('.')}): correct --faults", exception);
        }
    }

    /// <summary>Reads a JSON array of faults, as a file for <c>--faults</c> holds it.</summary>
    /// <param name="json">The array in UTF-8.</param>
    /// <param name="source">What to call it in messages, such as the file's path.</param>
    /// <exception cref="SandboxException">It is no such array, or one of the faults cannot be.</exception>
    public static IReadOnlyList<FaultSpecification> ReadList(ReadOnlySpan<byte> json, string source)
    {
        try
        {
            var faults = JsonSerializer.Deserialize(json, FaultJson.Default.IReadOnlyListFaultSpecification) ?? [];
            foreach (var fault in faults)
            {
                fault.Check();
            }

            return faults;
        }
        catch (JsonException exception)
        {
            throw new SandboxException($"{source} is no JSON array of faults: {JsonMistake.Describe(exception)}", exception);
        }
        catch (SandboxException exception)
        {
            throw new SandboxException($"{source}: {exception.Message}", exception);
        }
    }

    /// <summary>Says what is wrong with it, if anything is.</summary>
    /// <exception cref="SandboxException">It cannot be injected, in one line that says why.</exception>
    public void Check() => _ = FaultPlan.Of(this);
}

/// <summary>A fault that was injected, as <c>GET /admin/faults</c> tells it.</summary>
public sealed record FaultStatus
{
    /// <summary>What it is cleared by.</summary>
    public required string Id { get; init; }

    /// <summary>Its effect in a word or two: <c>latency</c>, <c>error</c>, <c>drop</c>, <c>down</c>, <c>listing-lag</c>, <c>vanish</c>, <c>stall</c>, <c>disk-full</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether it is in force; false once its time or its hits are used up.</summary>
    public required bool InForce { get; init; }

    /// <summary>Requests (for a listing fault, objects looked at; for a disk, writes; for an outage, connections) that it could have befallen.</summary>
    public required long Matched { get; init; }

    /// <summary>Those that it did befall.</summary>
    public required long Hits { get; init; }

    /// <summary>Seconds until it is over by itself; null when it goes on until it is cleared.</summary>
    public double? RemainingSeconds { get; init; }

    /// <summary>What was asked for, with the seed that is used.</summary>
    public required FaultSpecification Fault { get; init; }
}

/// <summary>What the admin endpoint answers to a call that it refuses.</summary>
/// <param name="Error">One line.</param>
public sealed record FaultRefusal(string Error);

/// <summary>Serialization of faults without reflection; a member that is not known is an error.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(FaultSpecification))]
[JsonSerializable(typeof(FaultRefusal))]
[JsonSerializable(typeof(IReadOnlyList<FaultSpecification>))]
public sealed partial class FaultJson : JsonSerializerContext;
