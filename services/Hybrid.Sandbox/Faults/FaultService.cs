namespace Hybrid.Sandbox.Faults;

/// <summary>The services that faults can befall.</summary>
internal enum FaultService
{
    Kafka,
    Registry,
    S3,
    Solr,
}
