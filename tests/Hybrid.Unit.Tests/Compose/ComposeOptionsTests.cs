using Hybrid.Cli.CommandLine;
using Hybrid.Pipeline.Hosting;
using Hybrid.Unit.Tests.Repository;
using Microsoft.Extensions.Configuration;

namespace Hybrid.Unit.Tests.Compose;

public class ComposeOptionsTests
{
    private static readonly ComposeFile Compose = ComposeFile.Read();

    [Fact]
    public void HybridVariables_OfEveryService_BindToTheOptionsAndAreValid()
    {
        Assert.NotEmpty(OptionSections.All);
        foreach (var service in Compose.Services.Values.Where(service => service.IsOurs))
        {
            var configuration = Configuration(service);
            foreach (var section in configuration.GetChildren())
            {
                Assert.True(OptionSections.All.ContainsKey(section.Key), $"{service.Name}: no options class has the section {section.Key}");
                OptionSections.Bind(section.Key, configuration);
            }
        }
    }

    [Fact]
    public void AMisspeltVariable_IsRefused() =>
        Assert.Throws<HybridException>(() => OptionSections.Bind("Kafka", new ConfigurationBuilder()
            .AddInMemoryCollection([new("Kafka:BootstrapServer", "kafka:19092")])
            .Build()));

    [Fact]
    public void CommandOfEveryService_IsOneThatTheCommandLineTakes()
    {
        foreach (var service in Compose.Services.Values.Where(service => service.IsOurs))
        {
            var parsed = HybridCommandLine.Create().Parse([.. service.Command]);
            Assert.True(parsed.Errors.Count == 0, $"{service.Name}: {string.Join(' ', parsed.Errors.Select(error => error.Message))}");
        }
    }

    [Fact]
    public void Comparison_HandsNoOptionOnToItsServices() =>
        Assert.DoesNotContain(Compose.Services["comparison"].Environment.Keys, key => key.StartsWith(HybridConfiguration.EnvironmentPrefix, StringComparison.Ordinal));

    [Fact]
    public void EnvExample_NamesEveryVariableWithItsDefault()
    {
        var example = File.ReadAllLines(Path.Combine(ComposeFile.Folder, ".env.example"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);
        Assert.Equal(Compose.Variables.OrderBy(pair => pair.Key), example.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void StopGracePeriod_IsLongerThanTheDrainDeadline()
    {
        foreach (var service in Compose.Services.Values.Where(service => service.Command is ["lane", ..]))
        {
            var deadline = TimeSpan.Parse(service.Environment["HYBRID__LANE__DRAINDEADLINE"], System.Globalization.CultureInfo.InvariantCulture);
            var grace = int.Parse(service.StopGracePeriod!.TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(deadline.TotalSeconds < grace, $"{service.Name}: drains for up to {deadline} but is killed after {grace} s");
        }
    }

    private static IConfigurationRoot Configuration(ComposeService service) => new ConfigurationBuilder()
        .AddInMemoryCollection(service.Environment
            .Where(pair => pair.Key.StartsWith(HybridConfiguration.EnvironmentPrefix, StringComparison.Ordinal))
            .Select(pair => KeyValuePair.Create(
                pair.Key[HybridConfiguration.EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value)))
        .Build();
}
