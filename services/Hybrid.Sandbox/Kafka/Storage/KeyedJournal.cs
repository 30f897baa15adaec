using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Hybrid.Sandbox.Faults;
using Microsoft.Win32.SafeHandles;

namespace Hybrid.Sandbox.Kafka.Storage;

/// <summary>A change of one key of a <see cref="KeyedJournal"/>; a null value removes the key.</summary>
internal readonly record struct JournalChange(string Key, byte[]? Value);

/// <summary>
/// A small durable map: an append-only file of changes, each record checked by its CRC, that is rewritten when most of it
/// is stale. A write is in the operating system's hands before <see cref="Write"/> returns, and is there whole or not at
/// all after the process was killed: a torn tail is cut off when the journal is opened.
/// </summary>
internal sealed class KeyedJournal : IDisposable
{
    private const int RecordHeaderSize = 8;
    private const long CompactionFloor = 4 * 1024 * 1024;

    private readonly string _path;
    private readonly bool _flush;
    private readonly Disk _disk;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _entries = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private SafeFileHandle _file;
    private long _length;
    private long _liveBytes;

    /// <exception cref="IOException">The file cannot be opened, read or cut.</exception>
    public KeyedJournal(string path, bool flush, Disk? disk = null)
    {
        _disk = disk ?? new Disk(new ServiceFaults());
        _path = path;
        _flush = flush;
        File.Delete(CompactedPath);
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        Load();
    }

    private string CompactedPath => _path + ".new";

    /// <summary>The entries as they are now.</summary>
    public KeyValuePair<string, byte[]>[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _entries];
        }
    }

    /// <summary>Makes all of the changes, or none.</summary>
    /// <exception cref="IOException">The file could not be written; nothing has changed.</exception>
    public void Write(params ReadOnlySpan<JournalChange> changes)
    {
        if (changes.IsEmpty)
        {
            return;
        }
        lock (_gate)
        {
            Append(_file, changes, ref _length);
            foreach (var change in changes)
            {
                Apply(change);
            }
            if (_length > CompactionFloor && _length > 2 * _liveBytes)
            {
                Compact();
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private void Append(SafeFileHandle file, ReadOnlySpan<JournalChange> changes, ref long length)
    {
        _scratch.ResetWrittenCount();
        _scratch.GetSpan(RecordHeaderSize);
        _scratch.Advance(RecordHeaderSize);
        foreach (var change in changes)
        {
            AppendField(Encoding.UTF8.GetByteCount(change.Key), out var key);
            Encoding.UTF8.GetBytes(change.Key, key);
            AppendField(change.Value?.Length ?? -1, out var value);
            change.Value?.CopyTo(value);
        }
        var record = MemoryMarshal.AsMemory(_scratch.WrittenMemory).Span;
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - RecordHeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Crc32C.Compute(record[RecordHeaderSize..]));
        try
        {
            _disk.Write(file, record, length);
        }
        catch
        {
            RandomAccess.SetLength(file, length);
            throw;
        }
        if (_flush)
        {
            RandomAccess.FlushToDisk(file);
        }
        length += record.Length;
    }

    private void AppendField(int size, out Span<byte> content)
    {
        var stored = Math.Max(size, 0);
        var field = _scratch.GetSpan(sizeof(int) + stored);
        BinaryPrimitives.WriteInt32LittleEndian(field, size);
        content = field.Slice(sizeof(int), stored);
        _scratch.Advance(sizeof(int) + stored);
    }

    private void Apply(JournalChange change)
    {
        if (_entries.Remove(change.Key, out var replaced))
        {
            _liveBytes -= change.Key.Length + replaced.Length + 2 * sizeof(int);
        }
        if (change.Value is not null)
        {
            _entries[change.Key] = change.Value;
            _liveBytes += change.Key.Length + change.Value.Length + 2 * sizeof(int);
        }
    }

    private void Load()
    {
        var size = RandomAccess.GetLength(_file);
        var header = new byte[RecordHeaderSize];
        while (size - _length >= RecordHeaderSize && RandomAccess.Read(_file, header, _length) == RecordHeaderSize)
        {
            var payloadSize = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (payloadSize <= 0 || payloadSize > size - _length - RecordHeaderSize)
            {
                break;
            }
            var payload = new byte[payloadSize];
            if (RandomAccess.Read(_file, payload, _length + RecordHeaderSize) != payloadSize
                || Crc32C.Compute(payload) != BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)))
            {
                break;
            }
            for (var rest = payload.AsSpan(); !rest.IsEmpty;)
            {
                var key = Encoding.UTF8.GetString(ReadField(ref rest)!);
                Apply(new JournalChange(key, ReadField(ref rest)));
            }
            _length += RecordHeaderSize + payloadSize;
        }
        RandomAccess.SetLength(_file, _length);
    }

    private static byte[]? ReadField(ref Span<byte> rest)
    {
        var size = BinaryPrimitives.ReadInt32LittleEndian(rest);
        rest = rest[sizeof(int)..];
        if (size < 0)
        {
            return null;
        }
        var field = rest[..size].ToArray();
        rest = rest[size..];
        return field;
    }

    private void Compact()
    {
        File.Delete(CompactedPath);
        var compacted = File.OpenHandle(CompactedPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        try
        {
            var length = 0L;
            foreach (var (key, value) in _entries)
            {
                Append(compacted, [new JournalChange(key, value)], ref length);
            }
            File.Move(CompactedPath, _path, overwrite: true);
            _file.Dispose();
            _file = compacted;
            _length = length;
        }
        catch (IOException)
        {
            // The journal as it stands is whole; only the space is not won back this time.
            compacted.Dispose();
            File.Delete(CompactedPath);
        }
    }
}
