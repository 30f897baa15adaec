using System.Text;
using Hybrid.Comparison.Truth;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Comparison.Convergence.Input;

/// <summary>What must have become of a round's input in the end.</summary>
/// <param name="Attributes">The documents' attributes.</param>
/// <param name="Signals">What each document shows of its signals; those without are left out.</param>
/// <param name="Records">Records in the topic of deltas.</param>
/// <param name="DeadLetters">Dead letters of the publisher.</param>
/// <param name="Refused">Records that Solr takes from no lane.</param>
internal sealed record ConvergenceTruth(
    IndexTruth Attributes, IReadOnlyDictionary<string, SignalsEntry> Signals, long Records, long DeadLetters, long Refused)
{
    /// <summary>Reads every line of the input once.</summary>
    /// <param name="input">The input.</param>
    /// <param name="window">The window that signals are counted over.</param>
    public static async Task<ConvergenceTruth> ReadAsync(ConvergenceInput input, WindowOptions window)
    {
        var attributes = new IndexTruth();
        var signals = new SignalsTruth(window.Length, window.Hop);
        long records = 0, letters = 0, refused = 0;
        foreach (var put in input.Puts)
        {
            using var body = new MemoryStream(put.Content);
            await using var reader = new ObjectRecordReader(body, put.Key, put.Partition.Name, put.Generation);
            while (await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                // The signals of a correction are dead letters: a sum cannot be taken back.
                if (!reader.TryParse(out var delta, out _) || (put.Generation > 0 && delta.Kind == DeltaKind.Signal))
                {
                    letters++;
                    continue;
                }

                records++;
                signals.Apply(delta);
                if (Encoding.UTF8.GetByteCount(delta.Category ?? "") > ObjectDraw.LongestTerm)
                {
                    refused++;
                }
                else
                {
                    attributes.Apply(delta);
                }
            }
        }

        var end = DateTimeOffset.FromUnixTimeMilliseconds(window.End(input.End.ToUnixTimeMilliseconds()));
        return new ConvergenceTruth(attributes, signals.At(end), records, letters, refused);
    }
}
