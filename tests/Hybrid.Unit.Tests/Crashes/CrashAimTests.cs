using Hybrid.Comparison.Crashes.Publishing;
using Hybrid.Contracts.Stack;

namespace Hybrid.Unit.Tests.Crashes;

public sealed class CrashAimTests
{
    private static readonly CrashSource Shared = new(shards: 2, new StackEndpoints(), TimeSpan.FromSeconds(1));

    [Fact]
    public void KillWhileFencing_BefallsAPublisherThatIsAboutToStart()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var aim = CrashAim.Draw(CrashPhase.Fence, Shared, down: [1], new Random(seed));

            Assert.Equal([1], aim.Victims);
            Assert.Equal(Shared.TransactionalId(1), (string?)aim.Fault!["target"]);
            Assert.Equal(TimeSpan.Zero, aim.Ahead);
        }
    }

    [Theory]
    [InlineData(CrashPhase.List)]
    [InlineData(CrashPhase.Read)]
    [InlineData(CrashPhase.Publish)]
    public void KillAtARequestThatEitherShardMayMake_BefallsBoth(CrashPhase phase) =>
        Assert.Equal([0, 1], CrashAim.Draw(phase, Shared, down: [0], new Random(1)).Victims);
}
