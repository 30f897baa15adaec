using Hybrid.EndToEnd.Tests.Sandbox;

namespace Hybrid.EndToEnd.Tests.ObjectLanes;

/// <summary>A sandbox, shared by the tests of the lanes that read the object store: each test has its own bucket and collection there.</summary>
public sealed class ObjectLaneStack() : SharedSandbox(withSolr: true);
