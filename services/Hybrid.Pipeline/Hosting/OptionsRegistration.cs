using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Pipeline.Hosting;

/// <summary>Binds option classes to their sections, validated as soon as they are bound.</summary>
public static class OptionsRegistration
{
    /// <summary>Binds, validates and registers an options object as a singleton.</summary>
    /// <typeparam name="T">The options class; its properties carry data annotations.</typeparam>
    /// <param name="services">Where to register it.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <param name="section">The section's name.</param>
    /// <returns>The bound options.</returns>
    /// <exception cref="HybridException">A value cannot be read or is out of range: one clause for each mistake.</exception>
    public static T AddHybridOptions<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = Bind<T>(configuration, section);
        services.AddSingleton(options);
        return options;
    }

    /// <summary>Binds and validates an options object.</summary>
    /// <typeparam name="T">The options class.</typeparam>
    /// <param name="configuration">The configuration's root.</param>
    /// <param name="section">The section's name.</param>
    /// <exception cref="HybridException">As <see cref="AddHybridOptions"/>.</exception>
    public static T Bind<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new T();
        try
        {
            configuration.GetSection(section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException failure)
        {
            throw new HybridException(
                ExitCodes.WrongCall,
                SectionMistakes.Of(configuration.GetSection(section), typeof(T)) ?? $"section '{section}': {failure.Message.ReplaceLineEndings(" ")}",
                failure);
        }

        var mistakes = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), mistakes, validateAllProperties: true))
        {
            throw HybridException.WrongCall(string.Join("; ", mistakes.Select(mistake =>
                $"{section}:{string.Join(',', mistake.MemberNames)}: {mistake.ErrorMessage}")));
        }

        return options;
    }
}
