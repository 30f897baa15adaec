using System.Globalization;
using System.Text;

namespace Hybrid.Sandbox.Solr.Schema;

/// <summary>A value as an update gave it, before the schema says what it is.</summary>
internal readonly ref struct RawValue
{
    private RawValue(RawKind kind, ReadOnlySpan<byte> text, long integer, double floating)
    {
        Kind = kind;
        Text = text;
        Integer = integer;
        Floating = floating;
    }

    public RawKind Kind { get; }

    /// <summary>The text of a <see cref="RawKind.Text"/>; UTF-8.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The number of a <see cref="RawKind.Integer"/>; 1 or 0 for a <see cref="RawKind.Boolean"/>.</summary>
    public long Integer { get; }

    public double Floating { get; }

    public static RawValue Of(ReadOnlySpan<byte> text) => new(RawKind.Text, text, 0, 0);

    public static RawValue Of(long integer) => new(RawKind.Integer, default, integer, 0);

    public static RawValue Of(double floating) => new(RawKind.Floating, default, 0, floating);

    public static RawValue Of(bool boolean) => new(RawKind.Boolean, default, boolean ? 1 : 0, 0);

    public override string ToString() => Kind switch
    {
        RawKind.Text => Encoding.UTF8.GetString(Text),
        RawKind.Integer => Integer.ToString(CultureInfo.InvariantCulture),
        RawKind.Floating => JavaNumbers.Format(Floating),
        _ => Integer != 0 ? "true" : "false",
    };
}

/// <summary>What a <see cref="RawValue"/> is.</summary>
internal enum RawKind : byte
{
    Text,
    Integer,
    Floating,
    Boolean,
}
