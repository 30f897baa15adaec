using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Unit.Tests.Publisher;

public sealed class ErrorShareGuardTests
{
    private static readonly LineError s_error = new("malformed-json", "no JSON");

    [Fact]
    public void FewLines_NeverStop() => Note(new ErrorShareGuard(0.5, 1_000, "Publisher:MaxErrorShare"), (999, 999));

    [Fact]
    public void HalfBad_IsNotTooMany_AndOneMoreIs()
    {
        Note(new ErrorShareGuard(0.5, 1_000, "Publisher:MaxErrorShare"), (1_000, 500));

        var failure = Assert.Throws<HybridException>(() => Note(new ErrorShareGuard(0.5, 1_000, "Publisher:MaxErrorShare"), (1_000, 501)));
        Assert.Equal(ExitCodes.FailureFound, failure.ExitCode);
        Assert.Equal(
            "501 of the last 1000 lines up to object 'k' are bad, the last because: no JSON; nothing of them is taken: mend the source, or raise Publisher:MaxErrorShare (0.5) to send them to the dead letters",
            failure.Message);
    }

    [Fact]
    public void SourceThatTurnsToGarbage_StopsSoon_HoweverManyGoodLinesCameBefore()
    {
        var guard = new ErrorShareGuard(0.5, 1_000, "Publisher:MaxErrorShare");
        Note(guard, [.. Enumerable.Repeat((256L, 0L), 4_000), (256, 256), (256, 256)]);

        Assert.Throws<HybridException>(() => Note(guard, (256, 256)));
    }

    [Fact]
    public void ShareOfOne_NeverStops() => Note(new ErrorShareGuard(1, 10, "Publisher:MaxErrorShare"), (100, 100));

    private static void Note(ErrorShareGuard guard, params (long Lines, long Errors)[] batches)
    {
        foreach (var (lines, errors) in batches)
        {
            guard.Note("k", lines, errors, errors > 0 ? s_error : null);
        }
    }
}
