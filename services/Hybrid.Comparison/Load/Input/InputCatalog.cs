using System.Text.Json;
using Hybrid.Comparison.Experiments;
using Hybrid.Contracts.Json;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Comparison.Load.Input;

/// <summary>Opens an input, lists it, and selects what is replayed.</summary>
internal static class InputCatalog
{
    private const string S3Scheme = "s3://";

    /// <summary>The input that the options name.</summary>
    /// <exception cref="HybridException">It is in an object store that is not given.</exception>
    public static IPartitionInput Open(CompareOptions options, HybridMetrics metrics)
    {
        if (!options.Input.StartsWith(S3Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new DirectoryInput(options.Input);
        }

        var path = options.Input[S3Scheme.Length..];
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? path : path[..slash];
        var prefix = slash < 0 ? "" : path[(slash + 1)..].TrimEnd('/');
        if (bucket.Length == 0 || options.Stack.ObjectStore is null)
        {
            throw HybridException.WrongCall(bucket.Length == 0
                ? $"the input {options.Input} names no bucket: write s3://bucket/prefix"
                : $"the input {options.Input} is in an object store: say which with --s3 and its address");
        }

        var store = new S3ObjectStore(
            new ObjectStoreOptions
            {
                ServiceUrl = options.Stack.ObjectStore,
                AccessKey = options.Stack.AccessKey,
                SecretKey = options.Stack.SecretKey,
                Bucket = bucket,
                Prefix = prefix.Length == 0 ? "" : prefix + "/",
            },
            metrics);
        return new ObjectStoreInput(store, $"{S3Scheme}{bucket}/{(prefix.Length == 0 ? "" : prefix + "/")}");
    }

    /// <summary>Lists an input and selects the partitions to replay.</summary>
    /// <exception cref="HybridException">It is not there, holds no partition, or its manifest cannot be read.</exception>
    public static async Task<InputSelection> SelectAsync(IPartitionInput input, CompareOptions options, CancellationToken cancellationToken)
    {
        var entries = new List<InputEntry>();
        var hasManifest = false;
        await foreach (var entry in input.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Key == InputManifest.FileName)
            {
                hasManifest = true;
            }
            else
            {
                entries.Add(entry);
            }
        }

        var manifest = hasManifest ? await ReadManifestAsync(input, cancellationToken).ConfigureAwait(false) : null;
        var layout = LayoutInference.Infer(
            [.. entries.Select(entry => entry.Key)], options.Layout ?? manifest?.Layout, options.Period ?? manifest?.Period, input.Description);
        var range = new InputRange(options.From, options.To, options.MaxPartitions);
        return new InputSelection(
            layout,
            InputSelection.Select(entries, layout, range),
            manifest?.Delays ?? new Dictionary<string, TimeSpan>(),
            manifest?.Seed,
            range == default ? manifest?.Counts?.Lines : null);
    }

    private static async Task<InputManifest> ReadManifestAsync(IPartitionInput input, CancellationToken cancellationToken)
    {
        var where = $"the manifest {InputManifest.FileName} of {input.Description}";
        try
        {
            await using var body = await input.OpenAsync(InputManifest.FileName, cancellationToken).ConfigureAwait(false);
            var manifest = await JsonSerializer.DeserializeAsync(body, InputManifestJson.Default.InputManifest, cancellationToken).ConfigureAwait(false);
            return manifest is not { } read || read.Period < TimeSpan.FromSeconds(1) || read.Period > TimeSpan.FromDays(1) || read.Delays.Values.Any(delay => delay < TimeSpan.Zero)
                ? throw HybridException.WrongCall($"{where} needs a period from one second to one day and no delay below zero: correct it, or delete it to go by the names alone")
                : read;
        }
        catch (JsonException mistake)
        {
            throw HybridException.WrongCall($"{where} cannot be read ({JsonMistake.Describe(mistake)}): correct it, or delete it to go by the names alone");
        }
    }
}
