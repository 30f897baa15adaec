namespace Hybrid.Sandbox.Registry;

/// <summary>Compatibility levels and modes, the global ones and the subjects' own. Not safe for concurrent use.</summary>
internal sealed class RegistrySettings
{
    private readonly Dictionary<string, CompatibilityLevel> _levels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RegistryMode> _modes = new(StringComparer.Ordinal);
    private CompatibilityLevel _level = CompatibilityLevel.Default;
    private RegistryMode _mode;

    /// <summary>The level in force.</summary>
    public CompatibilityLevel Level(string subject) => OwnLevel(subject) ?? _level;

    /// <summary>The mode in force.</summary>
    public RegistryMode Mode(string? subject) =>
        _mode == RegistryMode.READONLY_OVERRIDE ? _mode : OwnMode(subject) ?? _mode;

    /// <summary>The subject's own level, or the global one for null; null when the subject has none.</summary>
    public CompatibilityLevel? OwnLevel(string? subject) => subject is null ? _level : _levels.GetValueOrDefault(subject);

    /// <summary>The subject's own mode, or the global one for null; null when the subject has none.</summary>
    public RegistryMode? OwnMode(string? subject) =>
        subject is null ? _mode : _modes.TryGetValue(subject, out var mode) ? mode : null;

    /// <summary>Sets a level; null removes the subject's or sets the global one back.</summary>
    public void SetLevel(string? subject, CompatibilityLevel? level)
    {
        if (subject is null)
        {
            _level = level ?? CompatibilityLevel.Default;
        }
        else if (level is null)
        {
            _levels.Remove(subject);
        }
        else
        {
            _levels[subject] = level;
        }
    }

    /// <summary>Sets a mode; null removes the subject's or sets the global one back.</summary>
    public void SetMode(string? subject, RegistryMode? mode)
    {
        if (subject is null)
        {
            _mode = mode ?? RegistryMode.READWRITE;
        }
        else if (mode is null)
        {
            _modes.Remove(subject);
        }
        else
        {
            _modes[subject] = mode.Value;
        }
    }
}
