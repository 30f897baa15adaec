using Hybrid.Cli.CommandLine;

return await HybridCommandLine.RunAsync(args);
