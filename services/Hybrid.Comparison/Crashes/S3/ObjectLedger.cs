namespace Hybrid.Comparison.Crashes.S3;

/// <summary>What an object holds: bytes that follow from a number.</summary>
/// <param name="Number">The number.</param>
/// <param name="Length">How many bytes.</param>
internal readonly record struct ObjectBytes(long Number, int Length);

/// <summary>What one key must hold: what was acknowledged last, or what was sent after it, whole.</summary>
/// <param name="key">The key.</param>
internal sealed class ObjectLedger(string key)
{
    private ObjectBytes? _pending;
    private bool _isPending;

    /// <summary>The key.</summary>
    public string Key => key;

    /// <summary>What was acknowledged, or found, last; null for no object.</summary>
    public ObjectBytes? Settled { get; private set; }

    /// <summary>Begins a change that is not acknowledged yet.</summary>
    /// <param name="bytes">What the key will hold; null when it is deleted.</param>
    public void Begin(ObjectBytes? bytes) => (_pending, _isPending) = (bytes, true);

    /// <summary>The change was acknowledged.</summary>
    public void Acknowledge() => (Settled, _isPending) = (_pending, false);

    /// <summary>Whether an object of this size may be listed under the key.</summary>
    public bool Allows(long? size) => Settled?.Length == size || (_isPending && _pending?.Length == size);

    /// <summary>Compares with what was read; what was not acknowledged counts from then on as found.</summary>
    /// <param name="found">The object's bytes; null when there is none.</param>
    /// <returns>What is wrong, or null.</returns>
    public string? Check(byte[]? found)
    {
        if (_isPending && Same(_pending, found))
        {
            Acknowledge();
            return null;
        }

        if (Same(Settled, found))
        {
            _isPending = false;
            return null;
        }

        return $"'{key}' {Describe(found)}; acknowledged was {Describe(Settled)}{(_isPending ? $", sent {Describe(_pending)}" : "")}";
    }

    private static bool Same(ObjectBytes? expected, byte[]? found) => expected is { } bytes
        ? found is not null && found.Length == bytes.Length && Payload.Matches(found, bytes.Number)
        : found is null;

    private static string Describe(byte[]? found) => found is null ? "is gone" : $"holds {found.Length} bytes that are not right";

    private static string Describe(ObjectBytes? expected) => expected is { } bytes ? $"object {bytes.Number} of {bytes.Length} bytes" : "no object";
}
