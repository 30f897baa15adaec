using System.Globalization;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Benchmarks.Chain;

/// <summary>How the chain is run.</summary>
/// <param name="Records">Records in each measurement.</param>
/// <param name="Rounds">Counted rounds.</param>
/// <param name="Only">One part of the chain, or null for all.</param>
internal sealed record ChainOptions(int Records, int Rounds, string? Only)
{
    /// <exception cref="HybridException">An option is wrong.</exception>
    public static ChainOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ChainOptions(1_000_000, 5, null);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 >= arguments.Count)
            {
                throw HybridException.WrongCall($"{arguments[i]} has no value, or is none of bench's options: see ./hybrid bench --help");
            }

            options = (arguments[i], arguments[i + 1]) switch
            {
                ("--records", var value) => options with { Records = Number(value, 10_000, 10_000_000) },
                ("--rounds", var value) => options with { Rounds = Number(value, 1, 100) },
                ("--only", "broker" or "publisher" or "lanes" or "observer" or "memory") => options with { Only = arguments[i + 1] },
                var (option, value) => throw HybridException.WrongCall($"'{option} {value}' is none of bench's options: see ./hybrid bench --help"),
            };
        }

        return options;
    }

    public bool Wants(string part) => Only is null || Only == part;

    private static int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw HybridException.WrongCall($"'{text}' is no number from {least} to {most}");
}
