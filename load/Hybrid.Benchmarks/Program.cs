using Hybrid.Benchmarks.Chain;
using Hybrid.Benchmarks.Day;
using Hybrid.Benchmarks.Micro;
using Hybrid.Benchmarks.Sandbox;
using Hybrid.Cli.CommandLine;
using Hybrid.Pipeline.Hosting;

const string Usage = """
    The sanity chain: what each part does as a ratio to what the layer below it can do, measured in one run on one machine.

    Usage: bench [chain] [--records N] [--rounds N] [--only broker|publisher|lanes|observer|memory]
           bench publisher [options]             the same with --only publisher; likewise broker, lanes, observer and memory
           bench day [options]                   24 hours of a publisher at high pace, with flat memory: bench day --help
           bench sandbox [options]               the sandbox's speed against its targets: bench sandbox --help
           bench micro [--filter PATTERN]        BenchmarkDotNet: time and allocation of parse, encode, produce and decode

      --records N   records in each measurement, 10 000 to 10 000 000 (default 1 000 000: fewer measure the start)
      --rounds N    counted rounds after one warm-up round; the median counts (default 5)
      --only PART   only that part of the chain

    Exit 0 when every ratio reaches its target, 1 when one does not.

    Examples:
      ./hybrid bench
      ./hybrid bench --records 200000 --only broker
      ./hybrid bench day --period 10s --pace 20
      ./hybrid bench sandbox --only kafka
      ./hybrid bench micro --filter '*Decode*'
    """;

switch (args)
{
    case ["--help" or "-h" or "help", ..]:
        Console.WriteLine(Usage);
        return ExitCodes.Done;
    case ["micro", .. var rest]:
        return MicroBench.Run(rest) ? ExitCodes.Done : ExitCodes.FailureFound;
    case [SelfProcess.Argument, .. var verb]:
        return await HybridCommandLine.RunAsync(verb);
    case ["sandbox", .. var help] when help.Any(argument => argument is "--help" or "-h"):
        Console.WriteLine(SandboxBench.Usage);
        return ExitCodes.Done;
    case ["day", .. var help] when help.Any(argument => argument is "--help" or "-h"):
        Console.WriteLine(DayOptions.Usage);
        return ExitCodes.Done;
}

using var signals = new StopSignals();
try
{
    var reached = args switch
    {
        ["sandbox", .. var sandbox] => await SandboxBench.RunAsync(SandboxBenchOptions.Parse(sandbox), Console.Out, signals.Stopping),
        ["day", .. var day] => await DayRun.RunAsync(DayOptions.Parse(day), Console.Out, signals.Stopping),
        _ => await SanityChain.RunAsync(ChainOptions.Parse(ChainArguments(args)), Console.Out, signals.Stopping),
    };
    return reached ? ExitCodes.Done : ExitCodes.FailureFound;
}
catch (Exception failure)
{
    return UserErrors.Report(failure, signals.Stopping);
}

static string[] ChainArguments(string[] arguments) => arguments switch
{
    ["chain", .. var rest] => rest,
    ["broker" or "publisher" or "lanes" or "observer" or "memory", .. var rest] => ["--only", arguments[0], .. rest],
    _ => arguments,
};
