using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;

namespace Hybrid.Sandbox.Tests.Fuzzing;

/// <summary>What is done to a request to make it hostile; positions are taken modulo its length, so that each fits any.</summary>
internal abstract record Mutation
{
    private static readonly int[] Extremes = [-1, int.MinValue, int.MaxValue, 0, 1, 0x7fff, 0x10000, 100_000_000, -2];

    /// <summary>Any of them, the subtle ones more often.</summary>
    public static Gen<Mutation> Any { get; } = Gen.Frequency(
        (6, Positions.SelectMany(at => Gen.Choose(0, 7), Mutation (at, bit) => new BitFlip(at, bit))),
        (4, Positions.SelectMany(at => Gen.Elements(Extremes), Mutation (at, value) => new ExtremeInteger(at, value))),
        (3, Positions.SelectMany(at => Gen.Elements<byte>(0, 1, 0x7f, 0x80, 0xff), Mutation (at, value) => new ByteAt(at, value))),
        (2, Positions.SelectMany(from => Positions.SelectMany(to => Gen.Choose(1, 16), Mutation (to, size) => new FieldSwap(from, to, size)))),
        (2, Positions.SelectMany(at => Positions, Mutation (at, other) => new Splice(at, other))),
        (2, Positions.Select(Mutation (at) => new Truncation(at))),
        (1, Positions.SelectMany(at => Gen.Choose(1, 200), Mutation (at, times) => new Repetition(at, times))),
        (1, Gen.Elements(Extremes).Select(Mutation (value) => new WrongLength(value))));

    private static Gen<int> Positions => Gen.Choose(0, 1 << 20);

    /// <summary>The mutated request.</summary>
    /// <param name="frame">The request with its length.</param>
    /// <param name="other">Another one, to take parts from.</param>
    public abstract byte[] Apply(byte[] frame, byte[] other);

    /// <summary>Makes the length say what is there.</summary>
    public static byte[] FixLength(byte[] frame)
    {
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - sizeof(int));
        return frame;
    }

    // The header's API key and version stay mostly what they are: else nearly all would be refused for an unknown API.
    private static int Body(byte[] frame, int at, int size = 1) =>
        frame.Length < 8 + size ? Math.Max(0, frame.Length - size) : 8 + (at % (frame.Length - 8 - size + 1));

    private sealed record BitFlip(int At, int Bit) : Mutation
    {
        public override byte[] Apply(byte[] frame, byte[] other)
        {
            frame[sizeof(int) + (At % (frame.Length - sizeof(int)))] ^= (byte)(1 << Bit);
            return frame;
        }
    }

    private sealed record ByteAt(int At, byte Value) : Mutation
    {
        public override byte[] Apply(byte[] frame, byte[] other)
        {
            frame[Body(frame, At)] = Value;
            return frame;
        }
    }

    private sealed record ExtremeInteger(int At, int Value) : Mutation
    {
        public override byte[] Apply(byte[] frame, byte[] other)
        {
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(Body(frame, At, sizeof(int))), Value);
            return frame;
        }
    }

    private sealed record FieldSwap(int From, int To, int Size) : Mutation
    {
        public override byte[] Apply(byte[] frame, byte[] other)
        {
            var size = Math.Min(Size, (frame.Length - 8) / 2);
            var (from, to) = (Body(frame, From, size), Body(frame, To, size));
            var kept = frame[from..(from + size)];
            frame.AsSpan(to, size).CopyTo(frame.AsSpan(from));
            kept.CopyTo(frame.AsSpan(to));
            return frame;
        }
    }

    private sealed record Splice(int At, int OtherAt) : Mutation
    {
        public override byte[] Apply(byte[] frame, byte[] other) => FixLength([.. frame[..Body(frame, At)], .. other[Body(other, OtherAt)..]]);
    }

    private sealed record Truncation(int At) : Mutation
    {
        public override byte[] Apply(byte[] frame, byte[] other) => FixLength(frame[..Math.Max(8, Body(frame, At))]);
    }

    private sealed record Repetition(int At, int Times) : Mutation
    {
        public override byte[] Apply(byte[] frame, byte[] other)
        {
            var at = Body(frame, At);
            var part = frame[at..Math.Min(frame.Length, at + 64)];
            return FixLength([.. frame[..at], .. Enumerable.Repeat(part, Times).SelectMany(each => each), .. frame[at..]]);
        }
    }

    private sealed record WrongLength(int Value) : Mutation
    {
        public override byte[] Apply(byte[] frame, byte[] other)
        {
            BinaryPrimitives.WriteInt32BigEndian(frame, Value);
            return frame;
        }
    }
}
