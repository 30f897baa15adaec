using System.Globalization;
using Hybrid.Cli.CommandLine;
using Hybrid.Sandbox.Faults;
using Spectre.Console;

namespace Hybrid.Cli.Verbs.Sandbox;

/// <summary>Faults as people read them.</summary>
internal static class FaultTable
{
    public static void Write(IReadOnlyList<FaultStatus> faults)
    {
        if (faults.Count == 0)
        {
            Console.WriteLine("no fault is in force");
            return;
        }

        var table = new Table().Border(TableBorder.None);
        foreach (var column in (string[])["id", "service", "fault", "on", "seed", "hits", "left"])
        {
            table.AddColumn(column);
        }

        foreach (var status in faults)
        {
            var fault = status.Fault;
            table.AddRow(
                Markup.Escape(status.Id),
                Markup.Escape(fault.Service ?? ""),
                Markup.Escape(Effect(status)),
                Markup.Escape(Scope(fault)),
                Text(fault.Seed),
                $"{Text(status.Hits)} of {Text(status.Matched)}",
                Left(status));
        }

        Terminals.Output().Write(table);
    }

    /// <summary>A fault in one line.</summary>
    public static string Describe(FaultStatus status) => string.Join(
        ", ",
        ((string[])[$"{status.Fault.Service} {Effect(status)} on {Scope(status.Fault)}", $"seed {Text(status.Fault.Seed)}", Left(status)])
        .Where(static part => part.Length > 0));

    private static string Effect(FaultStatus status)
    {
        var fault = status.Fault;
        var value = fault.Latency ?? fault.Error ?? fault.Stall ?? fault.ListingLag ?? fault.Vanish ?? fault.DiskFull;
        return string.Join(' ', ((string?[])[status.Kind, value, fault.When == "after" ? "after handling" : null]).Where(static part => part is not null));
    }

    private static string Scope(FaultSpecification fault)
    {
        var parts = new List<string> { fault.Operation ?? "everything" };
        if (fault.Target is not null)
        {
            parts.Add($"of {fault.Target}");
        }

        if (fault.Rate is { } rate)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"at rate {rate}"));
        }

        if (fault.Times is { } times)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{times} times"));
        }

        return string.Join(' ', parts);
    }

    private static string Left(FaultStatus status) => !status.InForce ? "over"
        : status.RemainingSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s left")
        : "until cleared";

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
