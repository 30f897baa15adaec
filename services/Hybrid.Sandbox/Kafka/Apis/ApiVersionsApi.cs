using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Tells clients which APIs there are in which versions (KIP-35, KIP-511).</summary>
internal sealed class ApiVersionsApi(Func<IReadOnlyList<ApiVersionRange>> ranges) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.ApiVersions, 0, 3, FlexibleFrom: 3);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var supported = request.Version <= Versions.Max;
        response.Error(supported ? ErrorCode.None : ErrorCode.UnsupportedVersion);
        IReadOnlyList<ApiVersionRange> told = supported ? ranges() : [Versions];
        response.ArrayLength(told.Count);
        foreach (var range in told)
        {
            response.Int16((short)range.Key);
            response.Int16(range.Min);
            response.Int16(range.Max);
            response.TaggedFields();
        }
        if (supported && request.Version >= 1)
        {
            response.Int32(0);
        }
        response.TaggedFields();
        return new(true);
    }
}
