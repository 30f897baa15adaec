using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hybrid.Cli.CommandLine;
using Hybrid.Pipeline.Hosting;
using Hybrid.Sandbox.Hosting;
using Spectre.Console;

namespace Hybrid.Cli.Verbs.Sandbox;

/// <summary><c>hybrid sandbox status</c>: what a running sandbox served, and which faults are in force.</summary>
internal static class StatusVerb
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "As JSON, as GET /admin/status answers it." };
        var address = new SandboxAddress();
        var verb = new VerbCommand(
            "status",
            "Shows what a running sandbox served since its start, by service and API, and which faults are in force.",
            "hybrid sandbox status --data /tmp/sandbox",
            "hybrid sandbox status --data /tmp/sandbox --json")
        {
            json,
        };
        address.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var admin = address.Connect(parsed);
            var status = await admin.StatusAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(status, StatusJson.Default.SandboxStatus));
            }
            else
            {
                Write(status);
            }

            return ExitCodes.Done;
        });
        return verb;
    }

    private static void Write(SandboxStatus status)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"sandbox, process {status.ProcessId}, up {TimeSpan.FromSeconds(Math.Round(status.UptimeSeconds)):c}"));
        var table = new Table().Border(TableBorder.None);
        table.AddColumn("service");
        table.AddColumn("API");
        table.AddColumn("requests", column => column.RightAligned());
        foreach (var (service, served) in status.Services.OrderBy(static service => service.Key, StringComparer.Ordinal))
        {
            foreach (var (api, count) in served.Requests.Where(static request => request.Value > 0).OrderBy(static request => request.Key, StringComparer.Ordinal))
            {
                table.AddRow(service, Markup.Escape(api), count.ToString("N0", CultureInfo.InvariantCulture));
            }
        }

        Terminals.Output().Write(table);
        FaultTable.Write(status.Faults);
    }
}
