namespace Hybrid.Sandbox.S3.Storage;

/// <summary>
/// The order in which S3 lists keys: that of their UTF-8 bytes. It differs from the ordinal order of .NET strings only where
/// surrogate pairs meet U+E000 to U+FFFF.
/// </summary>
internal sealed class KeyOrder : IComparer<string>
{
    public static KeyOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        var common = left.CommonPrefixLength(right);
        return common == left.Length || common == right.Length
            ? left.Length.CompareTo(right.Length)
            : Rank(left[common]).CompareTo(Rank(right[common]));
    }

    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
