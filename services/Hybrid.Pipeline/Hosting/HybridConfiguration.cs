using Microsoft.Extensions.Configuration;

namespace Hybrid.Pipeline.Hosting;

/// <summary>Where options come from, the later winning: <c>appsettings.json</c> in the current directory, environment variables, the command line.</summary>
public static class HybridConfiguration
{
    /// <summary>What the names of environment variables begin with, as in <c>HYBRID__KAFKA__BOOTSTRAPSERVERS</c>.</summary>
    public const string EnvironmentPrefix = "HYBRID__";

    /// <summary>Builds the configuration.</summary>
    /// <param name="commandLine">Options given on the command line, by key such as <c>Kafka:BootstrapServers</c>.</param>
    /// <exception cref="HybridException">The settings file cannot be read.</exception>
    public static IConfigurationRoot Build(IEnumerable<KeyValuePair<string, string?>> commandLine)
    {
        var path = Path.Combine(Environment.CurrentDirectory, "appsettings.json");
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(path, optional: true, reloadOnChange: false)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .AddInMemoryCollection(commandLine)
                .Build();
        }
        catch (InvalidDataException failure)
        {
            throw HybridException.WrongCall($"{path} cannot be read: {(failure.InnerException ?? failure).Message.ReplaceLineEndings(" ")}");
        }
    }
}
