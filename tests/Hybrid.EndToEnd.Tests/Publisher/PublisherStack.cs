using Hybrid.EndToEnd.Tests.Sandbox;

namespace Hybrid.EndToEnd.Tests.Publisher;

/// <summary>Kafka, the schema registry and S3, shared by the publisher's tests: each test has its own topics and bucket there.</summary>
public sealed class PublisherStack() : SharedSandbox(withSolr: false);
