using Hybrid.Comparison.Evidence;

namespace Hybrid.Unit.Tests.Decisions;

public class CronPeriodTests
{
    [Theory]
    [InlineData("* * * * *", 60.0)]
    [InlineData("*/15 * * * *", 900.0)]
    [InlineData("0 * * * *", 3600.0)]
    [InlineData("@hourly", 3600.0)]
    [InlineData("0 */3 * * *", 10800.0)]
    [InlineData("30 4 * * *", 86400.0)]
    [InlineData("0 9-17 * * 1-5", null)]
    [InlineData("nonsense", null)]
    public void Schedule_IsSoManySecondsApart(string schedule, double? seconds) => Assert.Equal(seconds, CronPeriod.Seconds(schedule));
}
