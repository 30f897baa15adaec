namespace Hybrid.Sandbox.Kafka.Protocol;

/// <summary>What the broker tells of an API in ApiVersions, and needs to read its requests.</summary>
/// <param name="Key">The API.</param>
/// <param name="Min">Lowest version that is advertised.</param>
/// <param name="Max">Highest version that is advertised and answered.</param>
/// <param name="FlexibleFrom">First version with compact lengths and tagged fields; above <paramref name="Max"/> if none is.</param>
internal sealed record ApiVersionRange(ApiKey Key, short Min, short Max, short FlexibleFrom);

/// <summary>Answers the requests of one API.</summary>
internal interface IApi
{
    ApiVersionRange Versions { get; }

    /// <summary>Whether an answer may wait for something to happen: then earlier answers are sent first.</summary>
    bool MayWait => false;

    /// <summary>Reads the request's body and writes the response's body. False when the request wants no response.</summary>
    /// <exception cref="MalformedRequestException">The body does not follow the schema of its version.</exception>
    ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken);
}
