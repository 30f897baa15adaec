using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.EndToEnd.Tests.CommandLine;

/// <summary>The built executable as a child that ends with the test at the latest.</summary>
internal sealed class HybridProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private HybridProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    public static string Executable => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hybrid.exe" : "hybrid");

    public static HybridProcess Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments) =>
        Run(Executable, environment, arguments);

    /// <summary>Starts it with a signal ignored, as it is inherited from a shell: <c>XFSZ</c>.</summary>
    public static HybridProcess StartIgnoring(string signal, params string[] arguments) =>
        Run("bash", null, ["-c", $"trap '' {signal}; exec \"$0\" \"$@\"", Executable, .. arguments]);

    private static HybridProcess Run(string program, IReadOnlyDictionary<string, string>? environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[ParentProcess.Variable] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var child = new HybridProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => Append(child._output, line.Data);
        child._process.ErrorDataReceived += (_, line) => Append(child._errors, line.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a call to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = Start(null, arguments);
        var code = await process.WaitAsync();
        return (code, process.Output, process.Errors);
    }

    public async Task<int> WaitAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Kill() => _process.Kill();

    /// <summary>
    /// What Ctrl-C does. A test run that was itself started in the background has SIGINT ignored, and its children inherit that; there
    /// SIGTERM, which is handled alike, stands in for it.
    /// </summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", [InterruptIsIgnored() ? "-TERM" : "-INT", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static bool InterruptIsIgnored()
    {
        const string Status = "/proc/self/status";
        const string Field = "SigIgn:";
        const int InterruptBit = 1 << 1;
        return File.Exists(Status)
            && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } ignored
            && (ulong.Parse(ignored.AsSpan(Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & InterruptBit) != 0;
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.AppendLine(line);
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
