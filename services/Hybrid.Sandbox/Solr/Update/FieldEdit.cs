namespace Hybrid.Sandbox.Solr.Update;

/// <summary>What an update does to one field.</summary>
/// <param name="Ordinal">The field.</param>
/// <param name="Kind">How the values are meant.</param>
/// <param name="Offset">Where the values begin in the batch's buffer.</param>
/// <param name="Length">How many bytes they take.</param>
/// <param name="Count">How many they are; none means null or an empty list.</param>
internal readonly record struct FieldEdit(byte Ordinal, EditKind Kind, int Offset, int Length, int Count);

/// <summary>How a <see cref="FieldEdit"/> meets the values that are there.</summary>
internal enum EditKind : byte
{
    /// <summary>A plain value: replaces them, and adds up with other plain values of the same document.</summary>
    Value,

    /// <summary><c>{"set": …}</c>: replaces them.</summary>
    Set,

    /// <summary><c>{"add": …}</c>: comes after them.</summary>
    Add,

    /// <summary><c>{"add-distinct": …}</c>: comes after them unless it is there.</summary>
    AddDistinct,

    /// <summary><c>{"remove": …}</c>: takes the first equal one away.</summary>
    Remove,

    /// <summary><c>{"removeregex": …}</c>: takes all away that the regular expressions, given as strings, match from end to end.</summary>
    RemoveMatching,

    /// <summary><c>{"inc": …}</c>: is added to the number.</summary>
    Increment,
}
