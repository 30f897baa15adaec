using System.ComponentModel.DataAnnotations;

namespace Hybrid.Pipeline.Hosting;

/// <summary>The health endpoint (section <c>Health</c>): <c>/health/live</c> and <c>/health/ready</c>.</summary>
public sealed class HealthOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Health";

    /// <summary>The port; 0 for none.</summary>
    [Range(0, 65535)]
    public int Port { get; set; }

    /// <summary>The address to listen on; in a container 0.0.0.0.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";
}
