using FsCheck;
using FsCheck.Fluent;
using Hybrid.Contracts.Partitions;

namespace Hybrid.Unit.Tests.Contracts;

[Collection("local time zone")]
public sealed class PartitionLayoutTests
{
    private static readonly string[] s_toTheSecond =
    [
        "dt={yyyy-MM-dd}/hh={HH}/mm={mm}/ss={ss}/", "{yyyyMMddHHmmss}/", "{yyyy/MM/dd/HH/mm/ss}/", "{yyyy-MM-dd'T'HH-mm-ss'Z'}/", "ts={epoch}/", "{epoch-ms}/",
        "day={yyyy-MM-dd}/ts={epoch}/", "{dd-MM-yyyy}/{HHmmss}/", "{yyyy}/{M}/{d}/{H}/{m}/{s}/", "{yyyy-MM-dd}/{yyyyMMddHHmmss}/",
    ];

    private static readonly string[] s_toTheMinute = ["dt={yyyy-MM-dd}/hh={HH}/mm={mm}/", "{yyyyMMddHHmm}/", "{HH}/{mm}/{dd}/{MM}/{yyyy}/"];
    private static readonly string[] s_toTheHour = ["y={yyyy}/m={MM}/d={dd}/h={HH}/", "{yyyyMMddHH}/"];
    private static readonly string[] s_toTheDay = ["dt={yyyy-MM-dd}/", "{yyyyMMdd}/", "{MM}/{dd}/{yyyy}/"];

    private static readonly Gen<PartitionLayout> s_layouts =
        from period in Gen.OneOf(Gen.Choose(1, 86_400), Gen.Elements(1, 60, 90, 300, 420, 900, 3_600, 7_200, 86_400))
        from template in Gen.Elements(
        [
            .. s_toTheSecond,
            .. period % 60 == 0 ? s_toTheMinute : [],
            .. period % 3_600 == 0 ? s_toTheHour : [],
            .. period % 86_400 == 0 ? s_toTheDay : [],
        ])
        select new PartitionLayout(template, TimeSpan.FromSeconds(period));

    // From before the epoch had ten digits to where versions end.
    private static readonly Gen<DateTimeOffset> s_instants =
        from days in Gen.Choose(0, 25_000)
        from seconds in Gen.Choose(0, 86_399)
        select new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(days).AddSeconds(seconds);

    [Fact]
    public void WhatALayoutWrites_ItReads() => Prop.ForAll(s_layouts.ToArbitrary(), s_instants.ToArbitrary(), RoundTrip).QuickCheckThrowOnFailure();

    [Fact]
    public void ALocalTimeZoneWithDaylightSaving_ChangesNothing()
    {
        var before = Environment.GetEnvironmentVariable("TZ");
        try
        {
            Environment.SetEnvironmentVariable("TZ", "America/New_York");
            TimeZoneInfo.ClearCachedData();
            Assert.True(TimeZoneInfo.Local.SupportsDaylightSavingTime);

            // Both changes of 2012, when local times do not exist or exist twice.
            foreach (var change in (DateTimeOffset[])[new(2012, 3, 11, 0, 0, 0, TimeSpan.Zero), new(2012, 11, 4, 0, 0, 0, TimeSpan.Zero)])
            {
                foreach (var template in (string[])["dt={yyyy-MM-dd}/hh={HH}/mm={mm}/", "{yyyyMMddHHmm}/", "ts={epoch}/"])
                {
                    var layout = new PartitionLayout(template, TimeSpan.FromMinutes(5));
                    var prefixes = Starts(layout, change, change.AddDays(1)).Select(layout.Prefix).ToArray();
                    Assert.Equal(288, prefixes.Distinct().Count());
                    Assert.Equal(prefixes.Order(StringComparer.Ordinal), prefixes);
                    Assert.All(Starts(layout, change, change.AddDays(1)), partition => RoundTrip(layout, partition.Start));
                }
            }

            Prop.ForAll(s_layouts.ToArbitrary(), s_instants.ToArbitrary(), RoundTrip).QuickCheckThrowOnFailure();
        }
        finally
        {
            Environment.SetEnvironmentVariable("TZ", before);
            TimeZoneInfo.ClearCachedData();
        }
    }

    [Fact]
    public void PrefixesOfALayoutThatSaysSo_SortLikeTime_AndOfOneThatDoesNot_NotAlways()
    {
        var since = new DateTimeOffset(2001, 9, 9, 1, 46, 40, TimeSpan.Zero);
        Prop.ForAll(s_layouts.ToArbitrary(), s_instants.ToArbitrary(), s_instants.ToArbitrary(), (layout, one, other) =>
        {
            var (a, b) = (PartitionId.Containing(one > since ? one : since.AddDays(1), layout.Period), PartitionId.Containing(other > since ? other : since.AddDays(1), layout.Period));
            return !layout.SortsLikeTime || Math.Sign(string.CompareOrdinal(layout.Prefix(a), layout.Prefix(b))) == a.CompareTo(b);
        }).QuickCheckThrowOnFailure();

        var year = new DateTimeOffset(2011, 1, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (var template in (string[])["{dd-MM-yyyy}/{HHmm}/", "{yyyy}/{M}/{d}/{HHmm}/", "{HH}/{mm}/{dd}/{MM}/{yyyy}/"])
        {
            var layout = new PartitionLayout(template, TimeSpan.FromHours(1));
            var prefixes = Starts(layout, year, year.AddYears(1)).Select(layout.Prefix).ToArray();
            Assert.False(layout.SortsLikeTime);
            Assert.NotEqual(prefixes.Order(StringComparer.Ordinal), prefixes);
        }
    }

    [Fact]
    public void Prefixes_OfARange_HoldEachOfItsPartitionsOnce_AndNoOther() =>
        Prop.ForAll(s_layouts.ToArbitrary(), s_instants.ToArbitrary(), Gen.Choose(0, 400).ToArbitrary(), (layout, from, count) =>
        {
            // Not on a boundary: a range holds the partitions that begin in it.
            var to = from + (count * layout.Period) + TimeSpan.FromSeconds(0.5);
            var inside = Starts(layout, from, to).ToHashSet();
            var prefixes = layout.Prefixes(from, to).ToArray();
            Assert.True(prefixes.Length <= Math.Max(1, inside.Count));
            foreach (var partition in Starts(layout, from - (50 * layout.Period), to + (50 * layout.Period)).Concat(Far(layout, from)))
            {
                var key = layout.Prefix(partition) + "part-0";
                Assert.Equal(inside.Contains(partition) ? 1 : 0, prefixes.Count(prefix => key.StartsWith(prefix, StringComparison.Ordinal)));
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("dt={yyyy-MM-dd}/hh={HH}/mm={mm}/", "2011-12-01T08:50", "2011-12-01T10:05", "dt=2011-12-01/hh=08/mm=50/ dt=2011-12-01/hh=08/mm=55/ dt=2011-12-01/hh=09/mm= dt=2011-12-01/hh=10/mm=00/")]
    [InlineData("dt={yyyy-MM-dd}/hh={HH}/mm={mm}/", "2011-11-30T23:00", "2012-01-01T01:00", "dt=2011-11-30/hh=23/mm= dt=2011-12- dt=2012-01-01/hh=00/mm=")]
    [InlineData("{yyyyMMddHHmm}/", "2011-12-01T08:00", "2011-12-02T00:00", "2011120108 2011120109 2011120110 2011120111 2011120112 2011120113 2011120114 2011120115 2011120116 2011120117 2011120118 2011120119 2011120120 2011120121 2011120122 2011120123")]
    [InlineData("ts={epoch}/", "2011-12-01T08:10", "2011-12-01T11:20", "ts=1322727 ts=1322728 ts=1322729 ts=1322730 ts=1322731 ts=1322732 ts=1322733 ts=1322734 ts=1322735 ts=1322736 ts=1322737 ts=1322738100/")]
    public void Prefixes_OfARange_AreFew(string template, string from, string to, string expected)
    {
        var layout = new PartitionLayout(template, TimeSpan.FromMinutes(5));
        var prefixes = layout.Prefixes(DateTimeOffset.Parse(from + "Z"), DateTimeOffset.Parse(to + "Z")).ToArray();
        Assert.Equal(expected, string.Join(' ', prefixes));
    }

    [Theory]
    [InlineData("dt={yyyy-MM-dd}/hh={HH}/", 300, "cannot tell partitions of 00:05:00 apart: it names nothing finer than the hour")]
    [InlineData("dt={yyyy-MM-dd}/hh={HH}/mm={mm}/", 90, "nothing finer than the minute")]
    [InlineData("{yyyy-MM}/", 86_400, "nothing finer than the month")]
    [InlineData("dt={yyyy-mm-dd}/", 86_400, "it names the minute but not the month (MM is the month, mm the minute)")]
    [InlineData("{yyyy-MM-dd}/{mm}/", 300, "it names the minute but not the hour")]
    [InlineData("{yyyy-MM-dd}/{hh}/", 3_600, "the clock of twelve hours")]
    [InlineData("{yy-MM-dd}/", 86_400, "a year without its century")]
    [InlineData("{YYYY-MM-DD}/", 86_400, "'YYYY'")]
    [InlineData("{yyyy}/{Md}/{HHmm}/", 300, "nobody can tell where M ends and d begins")]
    [InlineData("{epoch}{HH}/", 300, "nobody can tell where epoch ends")]
    [InlineData("{epoch}0/", 300, "nobody can tell where epoch ends")]
    [InlineData("{yyyy-MM-dd}", 86_400, "must end with a slash")]
    [InlineData("{yyyy-MM-dd/", 86_400, "a brace that is not closed")]
    [InlineData("yyyy-MM-dd}/", 86_400, "a closing brace")]
    [InlineData("{yyyy-MM-dd'T}/", 86_400, "a quote")]
    [InlineData("{}/", 86_400, "empty braces")]
    [InlineData("fixed/", 86_400, "names no time")]
    public void Template_ThatDoesNotServe_IsOneLineThatSaysWhy(string template, int seconds, string expected)
    {
        var mistake = Assert.Throws<ArgumentException>(() => new PartitionLayout(template, TimeSpan.FromSeconds(seconds)));
        Assert.Contains(expected, mistake.Message);
        Assert.Contains($"'{template}'", mistake.Message);
        Assert.DoesNotContain('\n', mistake.Message);
    }

    [Theory]
    [InlineData("dt=2011-12-01/hh=08/mm=05/a", LayoutMatch.Partition)]
    [InlineData("dt=2011-12-01/hh=08/mm=06/a", LayoutMatch.BetweenPartitions)]
    [InlineData("dt=2011-02-29/hh=08/mm=05/a", LayoutMatch.Foreign)]
    [InlineData("dt=2011-12-01/hh=24/mm=00/a", LayoutMatch.Foreign)]
    [InlineData("dt=0000-12-01/hh=08/mm=05/a", LayoutMatch.Foreign)]
    [InlineData("dt=2011-12-1/hh=08/mm=05/a", LayoutMatch.Foreign)]
    [InlineData("dt=2011-12-01/hh=08/mm=05", LayoutMatch.Foreign)]
    [InlineData("../dt=2011-12-01/hh=08/mm=05/a", LayoutMatch.Foreign)]
    [InlineData("", LayoutMatch.Foreign)]
    public void Key_IsInAPartition_OrBetweenThem_OrForeign(string key, LayoutMatch expected) =>
        Assert.Equal(expected, new PartitionLayout(PartitionLayout.DefaultTemplate, TimeSpan.FromMinutes(5)).Match(key, out _));

    [Theory]
    [InlineData("ts={epoch}/", "ts=999999999999999/a")]
    [InlineData("ts={epoch}/", "ts=01322726400/a")]
    [InlineData("ts={epoch}/", "ts=-300/a")]
    [InlineData("day={yyyy-MM-dd}/ts={epoch}/", "day=2011-12-02/ts=1322726400/a")]
    [InlineData("{yyyy}/{M}/{d}/{HHmm}/", "2011/12/01/0800/a")]
    public void Key_ThatSaysTwoThingsOrMoreThanTimeHolds_IsForeign(string template, string key) =>
        Assert.Equal(LayoutMatch.Foreign, new PartitionLayout(template, TimeSpan.FromMinutes(5)).Match(key, out _));

    private static void RoundTrip(PartitionLayout layout, DateTimeOffset instant)
    {
        var partition = PartitionId.Containing(instant, layout.Period);
        Assert.True(layout.TryParse(layout.Prefix(partition) + "part-0.ndjson", out var parsed), layout.Template);
        Assert.Equal(partition, parsed);
    }

    private static IEnumerable<PartitionId> Starts(PartitionLayout layout, DateTimeOffset from, DateTimeOffset to)
    {
        var first = PartitionId.Containing(from, layout.Period);
        for (var partition = first.Start < from ? first.Next : first; partition.Start < to; partition = partition.Next)
        {
            yield return partition;
        }
    }

    private static IEnumerable<PartitionId> Far(PartitionLayout layout, DateTimeOffset from) =>
        ((int[])[-3_660, -366, -31, 31, 366, 3_660]).Select(days => from.AddDays(days)).Where(instant => instant.Year > 1975)
            .Select(instant => PartitionId.Containing(instant, layout.Period));
}
