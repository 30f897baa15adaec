using System.ComponentModel.DataAnnotations;
using Hybrid.Contracts.Partitions;

namespace Hybrid.Pipeline.Hosting;

/// <summary>The time-partitioned source (section <c>Source</c>).</summary>
public sealed class SourceOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Source";

    /// <summary>The source's name: the key of its watermark and part of its transactional id.</summary>
    [Required]
    public string Name { get; set; } = "catalog";

    /// <summary>The layout of partitions below the object store's prefix; see <see cref="PartitionLayout"/>.</summary>
    [Required]
    public string Layout { get; set; } = PartitionLayout.DefaultTemplate;

    /// <summary>The partitions' length, one second to one day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Period { get; set; } = TimeSpan.FromMinutes(5);
}
