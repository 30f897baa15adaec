namespace Hybrid.Sandbox.Tests.Conformance.Registry;

/// <summary>The REST API as its reference describes it, asked by Python's own HTTP client.</summary>
[Trait("Peer", "debian")]
public sealed class UrllibTests(UrllibRun run) : IClassFixture<UrllibRun>
{
    [Theory]
    [InlineData("ids_subjects_and_versions")]
    [InlineData("errors_of_what_is_not_there")]
    [InlineData("invalid_schemas")]
    [InlineData("every_compatibility_level")]
    [InlineData("transitive_levels_look_at_every_version")]
    [InlineData("messages_say_why")]
    [InlineData("config")]
    [InlineData("modes")]
    [InlineData("soft_and_hard_deletion")]
    [InlineData("references")]
    [InlineData("normalization")]
    [InlineData("subjects_with_odd_names")]
    public void Urllib_Finds(string check) => Assert.True(run.Results[check] == "ok", run.Results[check]);
}
