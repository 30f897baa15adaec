using System.ComponentModel.DataAnnotations;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Formats;

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

    /// <summary>A JSON file that says how the columns of CSV objects become fields; null when the columns have the fields' names. See docs/formats.md.</summary>
    public string? Mapping { get; set; }

    /// <summary>How many times its size a compressed object may expand to, past 64 MiB, before it is taken for a bomb: 1 to 1 000 000.</summary>
    [Range(1, 1_000_000)]
    public int MaxExpansion { get; set; } = FormatSettings.DefaultMaxExpansion;

    /// <summary>Makes the layout.</summary>
    /// <exception cref="HybridException">The template is none, or cannot tell partitions of this length apart.</exception>
    public PartitionLayout CreateLayout()
    {
        try
        {
            return new PartitionLayout(Layout, Period);
        }
        catch (ArgumentException wrong)
        {
            var what = wrong.Message.Replace($" (Parameter '{wrong.ParamName}')", "", StringComparison.Ordinal).ReplaceLineEndings(" ");
            throw new HybridException(ExitCodes.WrongCall, $"Source:Layout: {what}", wrong);
        }
    }
}
