using System.Reflection;
using Hybrid.Pipeline.Hosting;
using Microsoft.Extensions.Configuration;

namespace Hybrid.Unit.Tests.Repository;

/// <summary>Every options class of the services, by its section.</summary>
internal static class OptionSections
{
    private static readonly string[] Assemblies = ["Hybrid.Pipeline", "Hybrid.Publisher", "Hybrid.Lanes", "Hybrid.Comparison"];

    public static IReadOnlyDictionary<string, Type> All { get; } = Assemblies
        .SelectMany(name => Assembly.Load(name).GetTypes())
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.GetField("Section")?.IsLiteral == true)
        .ToDictionary(type => (string)type.GetField("Section")!.GetRawConstantValue()!, StringComparer.OrdinalIgnoreCase);

    /// <summary>Binds a section as a service does; an unknown key, a value that cannot be read or one out of range throws.</summary>
    public static object Bind(string section, IConfiguration configuration) =>
        typeof(OptionsRegistration).GetMethod(nameof(OptionsRegistration.Bind))!
            .MakeGenericMethod(All[section])
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [configuration, section], null)!;
}
