namespace Hybrid.Sandbox.Tests.Fuzzing;

/// <summary>Tests that look at the memory of the whole process: no others run meanwhile.</summary>
[CollectionDefinition(nameof(AloneInItsProcess), DisableParallelization = true)]
public sealed class AloneInItsProcess;
