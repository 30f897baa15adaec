using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Hybrid.Pipeline.Hosting;

/// <summary>Says what the keys of a section have wrong, for whoever wrote them.</summary>
internal static class SectionMistakes
{
    /// <summary>The mistakes, a clause each; null when nothing is found that is wrong.</summary>
    /// <param name="section">The section.</param>
    /// <param name="options">The options class that it is for.</param>
    public static string? Of(IConfigurationSection section, Type options)
    {
        var known = options.GetProperties().Where(property => property.SetMethod is { IsPublic: true } || property.PropertyType.IsClass)
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        var mistakes = section.GetChildren().Select(key => Of(key, known)).OfType<string>().ToArray();
        return mistakes.Length > 0 ? string.Join("; ", mistakes) : null;
    }

    private static string? Of(IConfigurationSection key, Dictionary<string, PropertyInfo> known)
    {
        if (!known.TryGetValue(key.Key, out var property))
        {
            return $"there is no option {key.Path}: give one of {string.Join(", ", known.Keys.Order())}";
        }

        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return key.Value is { Length: > 0 } value && type.IsValueType && !CanBe(value, type) ? $"{key.Path} is '{value}': give {Expected(type)}" : null;
    }

    private static bool CanBe(string value, Type type)
    {
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value) is not null;
        }
        catch (Exception mistake) when (mistake is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    private static string Expected(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(TimeSpan) ? "a time such as 00:00:05 or 1.00:00:00"
        : type == typeof(DateTimeOffset) ? "an instant such as 2011-12-01T08:00:00Z"
        : type == typeof(bool) ? "true or false"
        : type == typeof(double) ? "a number such as 0.5"
        : "a whole number";
}
