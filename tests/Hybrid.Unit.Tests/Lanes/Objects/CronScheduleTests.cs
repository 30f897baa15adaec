using System.Globalization;
using Hybrid.Lanes.Batch;

namespace Hybrid.Unit.Tests.Lanes.Objects;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("* * * * *", "2011-12-01T08:00:00", "2011-12-01T08:01")]
    [InlineData("* * * * *", "2011-12-01T08:00:59", "2011-12-01T08:01")]
    [InlineData("0 * * * *", "2011-12-01T08:00:00", "2011-12-01T09:00")]
    [InlineData("0 * * * *", "2011-12-01T07:59:59", "2011-12-01T08:00")]
    [InlineData("*/15 * * * *", "2011-12-01T08:31:00", "2011-12-01T08:45")]
    [InlineData("5/20 * * * *", "2011-12-01T08:31:00", "2011-12-01T08:45")]
    [InlineData("10-20/5 * * * *", "2011-12-01T08:16:00", "2011-12-01T08:20")]
    [InlineData("1,2,40 * * * *", "2011-12-01T08:02:00", "2011-12-01T08:40")]
    [InlineData("30 2 * * *", "2011-12-31T02:30:00", "2012-01-01T02:30")]
    [InlineData("0 0 31 * *", "2011-10-31T00:00:00", "2011-12-31T00:00")]
    [InlineData("0 0 29 2 *", "2011-03-01T00:00:00", "2012-02-29T00:00")]
    [InlineData("0 0 29 feb *", "2096-03-01T00:00:00", "2104-02-29T00:00")]
    [InlineData("0 9 * * mon-fri", "2011-12-02T09:00:00", "2011-12-05T09:00")]
    [InlineData("0 9 * * 7", "2011-12-01T00:00:00", "2011-12-04T09:00")]
    [InlineData("0 9 * * 0", "2011-12-01T00:00:00", "2011-12-04T09:00")]
    [InlineData("0 0 13 * FRI", "2011-12-01T00:00:00", "2011-12-02T00:00")]
    [InlineData("0 0 13 * fri", "2011-12-09T00:00:00", "2011-12-13T00:00")]
    [InlineData("0 0 */2 * mon", "2011-12-01T00:00:00", "2011-12-05T00:00")]
    [InlineData("@hourly", "2011-12-01T08:20:00", "2011-12-01T09:00")]
    [InlineData("@daily", "2011-12-01T08:20:00", "2011-12-02T00:00")]
    [InlineData("@weekly", "2011-12-01T08:20:00", "2011-12-04T00:00")]
    [InlineData("@monthly", "2011-12-01T08:20:00", "2012-01-01T00:00")]
    [InlineData("@yearly", "2011-12-01T08:20:00", "2012-01-01T00:00")]
    [InlineData("  0  *\t* * * ", "2011-12-01T08:20:00", "2011-12-01T09:00")]
    public void Next_IsTheFirstTimeAfter(string text, string after, string next) => Assert.Equal(At(next), Parse(text).Next(At(after)));

    [Theory]
    [InlineData("", "it has 0 fields")]
    [InlineData("* * * *", "it has 4 fields")]
    [InlineData("* * * * * *", "it has 6 fields")]
    [InlineData("60 * * * *", "'60' is no minute: give *, a number from 0 to 59")]
    [InlineData("* 24 * * *", "'24' is no hour")]
    [InlineData("* * 0 * *", "'0' is no day of the month")]
    [InlineData("* * * 13 *", "'13' is no month")]
    [InlineData("* * * * 8", "'8' is no day of the week")]
    [InlineData("* * * * tuesday", "'tuesday' is no day of the week")]
    [InlineData("*/0 * * * *", "'*/0' is no minute")]
    [InlineData("*/ * * * *", "'*/' is no minute")]
    [InlineData("5-1 * * * *", "'5-1' is no minute")]
    [InlineData("1,,2 * * * *", "'' is no minute")]
    [InlineData("-1 * * * *", "'-1' is no minute")]
    [InlineData("1.5 * * * *", "'1.5' is no minute")]
    [InlineData("@often", "it has 1 fields")]
    [InlineData("0 0 30 2 *", "it never comes")]
    [InlineData("0 0 31 4,6,9,11 *", "it never comes")]
    public void WhatIsNoSchedule_IsSaidByItsField(string text, string error)
    {
        Assert.False(CronSchedule.TryParse(text, out _, out var said));
        Assert.StartsWith(error, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_AtTheEndOfTime_IsNone() => Assert.Null(Parse("0 0 1 1 *").Next(new DateTimeOffset(9999, 6, 1, 0, 0, 0, TimeSpan.Zero)));

    [Fact]
    public void Next_GoesByUtc_WhateverTheOffset() =>
        Assert.Equal(At("2011-12-01T09:00"), Parse("0 * * * *").Next(new DateTimeOffset(2011, 12, 1, 10, 30, 0, TimeSpan.FromHours(2))));

    [Fact]
    public void Next_SkipsNoMinuteThatMatches()
    {
        var random = new Random(17);
        for (var times = 0; times < 100; times++)
        {
            var (minute, hour) = (random.Next(60), random.Next(24));
            var from = new DateTimeOffset(2011, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(5_000_000));
            var expected = from.AddMinutes(1);
            while (expected.Minute != minute || expected.Hour != hour)
            {
                expected = expected.AddMinutes(1);
            }

            Assert.Equal(expected, Parse($"{minute} {hour} * * *").Next(from));
        }
    }

    private static CronSchedule Parse(string text)
    {
        Assert.True(CronSchedule.TryParse(text, out var schedule, out var error), error);
        return schedule;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
