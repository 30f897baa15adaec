using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Kafka.Storage;
using Microsoft.Win32.SafeHandles;

namespace Hybrid.Sandbox.S3.Storage;

/// <summary>
/// What a bucket holds, as a file of changes: so that a start reads one file, not every object's. A change is written before it is
/// made, one at a time, so that after a kill only the last one may not have happened. The object files stay the truth: a journal
/// that is absent, torn, damaged or from before the machine's last start is made anew from them. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// The file begins with <see cref="Magic"/> and the id of the machine's start. A record is the length and the CRC-32C of its content
/// (little-endian), then the content: one byte, 1 for a put and 0 for a deletion, and the description or the key.
/// </remarks>
internal sealed class KeyJournal : IDisposable
{
    private const ulong Magic = 0x314A4B3353425948; // "HYBS3KJ1"
    private const int StartIdLength = 64;
    private const int HeaderLength = sizeof(ulong) + StartIdLength;
    private const int FrameLength = 8;
    private const int LargestRecord = 4 << 20;

    /// <summary>Bytes, some millions of objects; a longer one is not read but made anew.</summary>
    private const long Largest = 1 << 30;
    private const int BufferSize = 1 << 20;
    private const int FewestToRewrite = 16_384;

    private readonly string _path;
    private readonly Disk _disk;
    private readonly ArrayBufferWriter<byte> _record = new(1024);
    private SafeFileHandle _file;
    private long _end;
    private long _beforeLast;
    private long _records;
    private long _rewriteAt = FewestToRewrite;
    private bool _abandoned;

    private KeyJournal(string path, Disk disk, SafeFileHandle file, long end, long records)
    {
        (_path, _disk, _file, _end, _beforeLast, _records) = (path, disk, file, end, end, records);
    }

    /// <summary>Reads a journal.</summary>
    /// <param name="path">The file.</param>
    /// <param name="disk">Where it is written.</param>
    /// <param name="apply">Gets every change in order: the key, and the object or null for its deletion.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The journal, or null when it must be made anew; then what was applied counts for nothing.</returns>
    public static KeyJournal? Open(string path, Disk disk, Action<string, StoredObject?> apply, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            if (new FileInfo(path).Length <= Largest && Replay(File.ReadAllBytes(path), apply, cancellationToken) is var (end, records))
            {
                var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
                return new KeyJournal(path, disk, file, end, records);
            }
        }
        catch (InvalidDataException)
        {
            // As good as absent.
        }

        return null;
    }

    /// <summary>Writes a journal that holds what a bucket has, in place of any other.</summary>
    public static KeyJournal Create(string path, Disk disk, IEnumerable<StoredObject> entries)
    {
        var (file, end, records) = Write(path, disk, entries);
        return new KeyJournal(path, disk, file, end, records);
    }

    /// <summary>Writes that an object is about to be put, or with null that the key's is about to be deleted.</summary>
    /// <exception cref="IOException">It could not be written, and the journal is as it was.</exception>
    public void Append(string key, StoredObject? entry)
    {
        if (_abandoned)
        {
            return;
        }

        _record.ResetWrittenCount();
        Encode(_record, key, entry);
        try
        {
            _disk.Write(_file, _record.WrittenSpan, _end);
        }
        catch
        {
            RandomAccess.SetLength(_file, _end);
            throw;
        }

        _beforeLast = _end;
        _end += _record.WrittenCount;
        _records++;
    }

    /// <summary>Takes the last change back, which could not be made.</summary>
    public void Undo()
    {
        if (_abandoned)
        {
            return;
        }

        RandomAccess.SetLength(_file, _beforeLast);
        _end = _beforeLast;
        _records--;
    }

    /// <summary>Gives the journal up, since a change could not be written that is made all the same, until it can be made anew.</summary>
    public void Abandon()
    {
        File.Delete(_path);
        _abandoned = true;
        _rewriteAt = 0;
    }

    /// <summary>Writes the journal anew when most of it is about objects that are no more.</summary>
    /// <param name="entries">What the bucket has, with every change that was appended made.</param>
    public void Trim(IReadOnlyCollection<StoredObject> entries)
    {
        if (_records < _rewriteAt)
        {
            return;
        }

        if (_abandoned || _records > 2L * entries.Count)
        {
            try
            {
                var (file, end, records) = Write(_path, _disk, entries);
                _file.Dispose();
                (_file, _end, _beforeLast, _records, _abandoned) = (file, end, end, records, false);
            }
            catch (IOException)
            {
                // The disk may be full; the journal as it is serves as well, and is tried again when it has doubled; an abandoned one at once.
                _rewriteAt = _abandoned ? 0 : 2 * _records;
                return;
            }
        }

        _rewriteAt = Math.Max(FewestToRewrite, 2L * entries.Count);
    }

    public void Dispose() => _file.Dispose();

    private static (SafeFileHandle File, long End, long Records) Write(string path, Disk disk, IEnumerable<StoredObject> entries)
    {
        // No bucket has a ~ in its name.
        var temporary = path + "~";
        var buffer = new ArrayBufferWriter<byte>(BufferSize);
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.GetSpan(HeaderLength), Magic);
        StartId().CopyTo(buffer.GetSpan(HeaderLength)[sizeof(ulong)..]);
        buffer.Advance(HeaderLength);
        var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        try
        {
            long end = 0;
            long records = 0;
            foreach (var entry in entries)
            {
                Encode(buffer, entry.Key, entry);
                records++;
                if (buffer.WrittenCount > BufferSize)
                {
                    disk.Write(file, buffer.WrittenSpan, end);
                    end += buffer.WrittenCount;
                    buffer.ResetWrittenCount();
                }
            }

            disk.Write(file, buffer.WrittenSpan, end);
            File.Move(temporary, path, overwrite: true);
            return (file, end + buffer.WrittenCount, records);
        }
        catch
        {
            file.Dispose();
            File.Delete(temporary);
            throw;
        }
    }

    private static void Encode(ArrayBufferWriter<byte> output, string key, StoredObject? entry)
    {
        var start = output.WrittenCount;
        output.GetSpan(FrameLength)[..FrameLength].Clear();
        output.Advance(FrameLength);
        output.Write([(byte)(entry is null ? 0 : 1)]);
        if (entry is null)
        {
            ObjectRecord.Write(output, key);
        }
        else
        {
            ObjectRecord.Write(output, entry);
        }

        var frame = MemoryMarshal.AsMemory(output.WrittenMemory)[start..].Span;
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - FrameLength);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Crc32C.Compute(frame[FrameLength..]));
    }

    /// <returns>Where the last record ends and how many there are; null when the file is not a journal, damaged or torn.</returns>
    private static (long End, long Records)? Replay(
        ReadOnlySpan<byte> bytes, Action<string, StoredObject?> apply, CancellationToken cancellationToken)
    {
        if (bytes.Length < HeaderLength
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic
            || !bytes[sizeof(ulong)..HeaderLength].SequenceEqual(StartId()))
        {
            return null;
        }

        var reader = new ObjectRecord.Reader();
        var at = HeaderLength;
        long records = 0;
        while (bytes.Length - at >= FrameLength)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var size = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
            var rest = bytes[(at + FrameLength)..];
            if (size is <= 1 or > LargestRecord || size > rest.Length
                || Crc32C.Compute(rest[..size]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + sizeof(int))..]))
            {
                return null;
            }

            Apply(rest[..size], reader, apply);
            records++;
            at += FrameLength + size;
        }

        return at == bytes.Length ? (at, records) : null;
    }

    private static void Apply(ReadOnlySpan<byte> content, ObjectRecord.Reader reader, Action<string, StoredObject?> apply)
    {
        var description = content[1..];
        if (content[0] == 0)
        {
            apply(ObjectRecord.Reader.ReadText(ref description), null);
        }
        else
        {
            var entry = reader.Read(description);
            apply(entry.Key, entry);
        }
    }

    /// <summary>
    /// Tells one start of the machine from another, where the system says. Nothing is flushed to the disk, so a power cut may take away
    /// files that the journal names.
    /// </summary>
    private static byte[] StartId()
    {
        const string file = "/proc/sys/kernel/random/boot_id";
        var id = new byte[StartIdLength];
        if (File.Exists(file))
        {
            var text = File.ReadAllBytes(file).AsSpan();
            text[..Math.Min(text.Length, id.Length)].CopyTo(id);
        }

        return id;
    }
}
