using System.Globalization;
using Hybrid.Comparison.Experiments.Plans;
using Hybrid.Comparison.Load.Generate;
using Hybrid.Comparison.Load.Input;
using Hybrid.Comparison.Progress;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Comparison.Experiments.Running;

/// <summary>The inputs of the experiments: the user's, or generated ones, made when they are first needed and kept to the end.</summary>
internal sealed class ExperimentInputs(
    CompareOptions options, ExperimentSettings settings, string directory, HybridMetrics metrics, List<string> warnings, IComparisonProgress progress)
{
    private const string Marker = "_SUCCESS";
    private const double BurstAtShare = 0.6;
    private const double HotKeyExponent = 3;

    private readonly Dictionary<string, PreparedInput> _prepared = [];

    /// <summary>Whether the user gave none.</summary>
    public bool AreGenerated => options.Input.Length == 0;

    /// <summary>
    /// The input of most runs: generated, or the user's. Of that, where the time for the experiments ends and nobody said which part to replay, the
    /// busiest stretch as long as a generated input.
    /// </summary>
    public Task<PreparedInput> MainAsync(CancellationToken cancellationToken) => AreGenerated
        ? GeneratedAsync(InputVariant.Plain, settings.RecordsPerPartition, cancellationToken)
        : settings.Budget is null || HasRange ? WholeAsync(cancellationToken) : StretchAsync(settings.Partitions, cancellationToken);

    /// <summary>The busiest stretch of the user's input; all of it where it is no longer.</summary>
    /// <param name="periods">How long, in partitions, from 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PreparedInput> StretchAsync(int periods, CancellationToken cancellationToken)
    {
        var whole = await WholeAsync(cancellationToken).ConfigureAwait(false);
        return whole.Scanned.Periods <= periods
            ? whole
            : await OnceAsync(string.Create(CultureInfo.InvariantCulture, $"stretch-{periods}"), () => ReadAsync(Stretch(whole.Scanned, periods), cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>A generated input.</summary>
    /// <param name="variant">What sets it apart.</param>
    /// <param name="recordsPerPartition">Lines in a partition.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<PreparedInput> GeneratedAsync(InputVariant variant, int recordsPerPartition, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{variant}-{recordsPerPartition}");
        return OnceAsync(name, async () =>
        {
            var place = Path.Combine(directory, "input", name);
            progress.Phase($"generating {settings.Partitions} partitions of {recordsPerPartition} lines");
            await Task.Run(() => Generate(variant, recordsPerPartition, place, cancellationToken), cancellationToken).ConfigureAwait(false);
            var range = options with { Input = place, From = null, To = null, MaxPartitions = null, Layout = null, Period = null };
            var read = await ReadAsync(range, cancellationToken).ConfigureAwait(false);

            // Where it lies is gone with the comparison; what it was made from makes it again.
            var source = string.Create(CultureInfo.InvariantCulture, $"generated from seed {settings.Seed}{(variant == InputVariant.Plain ? "" : $", {variant}")}");
            return read with { Info = read.Info with { Source = source } };
        });
    }

    private bool HasRange => options.From is not null || options.To is not null || options.MaxPartitions is not null;

    private Task<PreparedInput> WholeAsync(CancellationToken cancellationToken) => OnceAsync("given", () => ReadAsync(options, cancellationToken));

    private CompareOptions Stretch(ScannedInput whole, int periods)
    {
        var (from, to) = BusiestStretch.Of(whole, periods);
        warnings.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"of {whole.Periods} partitions the busiest {periods} in a row are replayed, from {from:yyyy-MM-ddTHH:mm}Z: say which with --from, --to or --max-partitions, or give a settings file with \"budget\": null"));
        return options with { From = from, To = to, MaxPartitions = null };
    }

    private void Generate(InputVariant variant, int recordsPerPartition, string place, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        new PartitionGenerator(new GeneratorOptions
        {
            Seed = settings.Seed,
            Partitions = settings.Partitions,
            RecordsPerPartition = recordsPerPartition,
            CanariesPerPartition = settings.CanariesPerPartition,
            Documents = 5_000,
            DeleteShare = 0.02,
            MalformedShare = variant == InputVariant.Poison ? 0.02 : 0,
            BurstEvery = variant == InputVariant.Burst ? (int)(settings.Partitions * BurstAtShare) : 0,
            BurstFactor = 20,
            ZipfExponent = variant == InputVariant.HotKey ? HotKeyExponent : 1,
        }).Generate(place, null, cancellationToken);
        if (variant == InputVariant.Markers)
        {
            foreach (var partition in Directory.EnumerateFiles(place, "part-*", SearchOption.AllDirectories).Select(Path.GetDirectoryName).Distinct().ToArray())
            {
                File.WriteAllBytes(Path.Combine(partition!, Marker), []);
            }
        }
    }

    private async Task<PreparedInput> ReadAsync(CompareOptions selection, CancellationToken cancellationToken)
    {
        var input = InputCatalog.Open(selection, metrics);
        var counted = selection with { CanariesPerPartition = settings.CanariesPerPartition };
        var scanned = await ComparisonRunner.ReadAsync(input, counted, warnings, progress, cancellationToken).ConfigureAwait(false);
        return new PreparedInput(input, scanned, ComparisonRunner.InfoOf(input, scanned));
    }

    private async Task<PreparedInput> OnceAsync(string name, Func<Task<PreparedInput>> prepare)
    {
        if (!_prepared.TryGetValue(name, out var input))
        {
            _prepared[name] = input = await prepare().ConfigureAwait(false);
        }

        return input;
    }
}
