namespace Hybrid.Containers.Tests;

/// <summary>A test that needs a Docker engine. Without one it is reported as skipped, with what was tried.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DockerFactAttribute : FactAttribute
{
    /// <summary>Asks for the engine when tests are discovered.</summary>
    public DockerFactAttribute() => Skip = DockerEngine.WhyNot;
}
