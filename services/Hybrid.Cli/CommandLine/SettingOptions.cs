using System.CommandLine;
using Hybrid.Pipeline.Hosting;
using Microsoft.Extensions.Configuration;

namespace Hybrid.Cli.CommandLine;

/// <summary>Options of a verb that set configuration keys: named ones for the usual keys, and <c>--set Key=Value</c> for any.</summary>
internal sealed class SettingOptions
{
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Any option by its key, such as --set Lane:CommitInterval=00:00:02; may be repeated.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };

    private readonly List<(string Key, Option<string> Option)> _named = [];
    private readonly List<(string Key, Option<bool> Option)> _flags = [];

    /// <summary>Adds a named option for a key.</summary>
    public SettingOptions With(string name, string key, string helpName, string description)
    {
        _named.Add((key, new Option<string>(name) { Description = $"{description} [{key}]", HelpName = helpName }));
        return this;
    }

    /// <summary>Adds a named option that takes no value and sets a key to true.</summary>
    public SettingOptions WithFlag(string name, string key, string description)
    {
        _flags.Add((key, new Option<bool>(name) { Description = $"{description} [{key}]" }));
        return this;
    }

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var (_, option) in _named)
        {
            command.Options.Add(option);
        }

        foreach (var (_, option) in _flags)
        {
            command.Options.Add(option);
        }

        command.Options.Add(_set);
    }

    /// <summary>Builds the configuration of one call.</summary>
    /// <exception cref="HybridException">A <c>--set</c> is not of the form key=value.</exception>
    public IConfigurationRoot Configuration(ParseResult parsed)
    {
        var settings = new List<KeyValuePair<string, string?>>();
        foreach (var (key, option) in _named)
        {
            if (parsed.GetValue(option) is { } value)
            {
                settings.Add(new(key, value));
            }
        }

        foreach (var (key, option) in _flags)
        {
            if (parsed.GetValue(option))
            {
                settings.Add(new(key, "true"));
            }
        }

        foreach (var (key, value) in SettingPairs.Parse(parsed.GetValue(_set) ?? []))
        {
            settings.Add(new(key, value));
        }

        return HybridConfiguration.Build(settings);
    }
}
