using System.Diagnostics.CodeAnalysis;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats.Avro;

/// <summary>
/// The records of an Avro object container file, a block at a time. A record's number is its ordinal from 1, by the counts that the blocks
/// say. A block that is damaged is one dead letter, from its first record that cannot be read; reading goes on behind the next sync marker.
/// </summary>
internal sealed class AvroCursor(DecodedStream content, string objectKey, FormatSettings settings) : RecordCursor
{
    private const int MaxHeaderBytes = 4 * 1024 * 1024;
    private const int FirstFill = 64 * 1024;
    private const int LongestCounts = 20;

    private readonly ReadAheadBuffer _buffer = new(content, objectKey, AvroBlockCodec.MaxBlockBytes + LongestCounts + AvroFileHeader.SyncLength);
    private readonly byte[] _kept = new byte[ObjectLineReader.KeptBytes];
    private AvroFileHeader? _header;
    private AvroBlockCodec? _codec;
    private AvroRecordPlan? _plan;
    private ReadOnlyMemory<byte> _block;
    private ReadOnlyMemory<byte> _record;
    private LineFields _fields;
    private LineError? _error;
    private long _recordsLeft;
    private long _ordinal;
    private long _nextOrdinal = 1;
    private long _length;
    private int _pending;

    public override ReadOnlyMemory<byte> Line => _record;

    public override long LineNumber => _ordinal;

    public override long LineLength => _length;

    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_recordsLeft == 0)
        {
            return ReadBlockAsync(cancellationToken);
        }

        TakeRecord();
        return ValueTask.FromResult(true);
    }

    public override bool TryParse(in SourcePosition position, [NotNullWhen(true)] out CatalogDelta? delta, [NotNullWhen(false)] out LineError? error)
    {
        error = _error;
        delta = error is null ? _fields.ToDelta(position) : null;
        return delta is not null;
    }

    public override ValueTask DisposeAsync()
    {
        _codec?.Dispose();
        _block = _record = default;
        return _buffer.DisposeAsync();
    }

    private async ValueTask<bool> ReadBlockAsync(CancellationToken cancellationToken)
    {
        if (_header is null)
        {
            await ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
        }

        while (_recordsLeft == 0)
        {
            _buffer.Advance(_pending);
            _pending = 0;
            await _buffer.FillAsync(LongestCounts, _nextOrdinal, cancellationToken).ConfigureAwait(false);
            if (_buffer.Unread.IsEmpty)
            {
                return false;
            }

            if (!await TryOpenBlockAsync(cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        TakeRecord();
        return true;
    }

    private async ValueTask ReadHeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var size = FirstFill; ; size *= 2)
            {
                await _buffer.FillAsync(size, 1, cancellationToken).ConfigureAwait(false);
                try
                {
                    _header = AvroFileHeader.Read(_buffer.Unread, out _pending);
                    break;
                }
                catch (DeltaFormatException) when (!_buffer.HasEnded && size < MaxHeaderBytes)
                {
                }
            }

            _plan = new AvroRecordPlan(_header.Schema);
            _codec = new AvroBlockCodec(_header.Codec);
        }
        catch (Exception failure) when (failure is FormatException or DeltaFormatException or InvalidDataException)
        {
            throw new CorruptObjectException(objectKey, 1, failure.Message, failure);
        }
    }

    /// <summary>Opens the block that comes next; false when it is damaged, and so the dead letter that was moved on to.</summary>
    private async ValueTask<bool> TryOpenBlockAsync(CancellationToken cancellationToken)
    {
        if (!TryReadCounts(out var count, out var size, out var start))
        {
            await ResynchroniseAsync("its counts make no sense", 1, cancellationToken).ConfigureAwait(false);
            return false;
        }

        var whole = start + size + AvroFileHeader.SyncLength;
        await _buffer.FillAsync(whole, _nextOrdinal, cancellationToken).ConfigureAwait(false);
        if (_buffer.Unread.Length < whole || !_buffer.Unread.Slice(start + size, AvroFileHeader.SyncLength).SequenceEqual(_header!.Sync))
        {
            await ResynchroniseAsync("it does not end with the sync marker", Math.Clamp(count, 1, size), cancellationToken).ConfigureAwait(false);
            return false;
        }

        _pending = whole;
        try
        {
            _block = _codec!.Decompress(_buffer.Slice(start, size));
            _recordsLeft = count;
            return true;
        }
        catch (InvalidDataException failure)
        {
            Damaged(_buffer.Slice(start, size), failure.Message);
            _nextOrdinal += Math.Max(count, 1);
            return false;
        }
    }

    private bool TryReadCounts(out long count, out int size, out int start)
    {
        (count, size, start) = (0, 0, 0);
        try
        {
            var reader = new AvroBinaryReader(_buffer.Unread);
            count = reader.Long();
            var bytes = reader.Long();
            start = _buffer.Unread.Length - reader.Remaining;
            size = (int)Math.Clamp(bytes, 0, AvroBlockCodec.MaxBlockBytes);
            return count >= 0 && bytes == size;
        }
        catch (DeltaFormatException)
        {
            return false;
        }
    }

    /// <summary>Moves on to the dead letter of a block whose end is not where it should be, and past the next sync marker.</summary>
    /// <exception cref="CorruptObjectException">There is none: the file is truncated.</exception>
    private async ValueTask ResynchroniseAsync(string reason, long records, CancellationToken cancellationToken)
    {
        var kept = Math.Min(_kept.Length, _buffer.Unread.Length);
        _buffer.Unread[..kept].CopyTo(_kept);
        var skipped = 0L;
        int at;
        while ((at = _buffer.Unread.IndexOf(_header!.Sync)) < 0)
        {
            if (_buffer.HasEnded)
            {
                throw new CorruptObjectException(objectKey, _nextOrdinal, $"a block cannot be read ({reason}) and no sync marker follows it");
            }

            var passed = Math.Max(0, _buffer.Unread.Length - AvroFileHeader.SyncLength + 1);
            skipped += passed;
            _buffer.Advance(passed);
            await _buffer.FillAsync(Math.Max(FirstFill, _buffer.Unread.Length + 1), _nextOrdinal, cancellationToken).ConfigureAwait(false);
        }

        _pending = at + AvroFileHeader.SyncLength;
        Damaged(_kept.AsMemory(0, (int)Math.Min(kept, skipped + at)), reason);
        _length = skipped + at;
        _nextOrdinal += records;
    }

    private void TakeRecord()
    {
        _fields = default;
        var bytes = _block.Span;
        var reader = new AvroBinaryReader(bytes);
        try
        {
            _error = _plan!.Read(ref reader, ref _fields);
            if (_recordsLeft == 1 && reader.Remaining > 0)
            {
                throw new DeltaFormatException($"{reader.Remaining} bytes are left behind its last record");
            }
        }
        catch (DeltaFormatException failure)
        {
            Damaged(_block, failure.Message);
            _nextOrdinal += _recordsLeft;
            _recordsLeft = 0;
            return;
        }

        _ordinal = _nextOrdinal++;
        _recordsLeft--;
        _length = bytes.Length - reader.Remaining;
        _record = _block[..(int)_length];
        _block = _block[(int)_length..];
        if (_length > settings.MaxLineBytes)
        {
            _error = new LineError(ErrorClasses.LineTooLong, $"the record of {_length} bytes is longer than Publisher:MaxLineBytes");
            _record = _record[..ObjectLineReader.KeptBytes];
        }
    }

    private void Damaged(ReadOnlyMemory<byte> bytes, string reason)
    {
        _ordinal = _nextOrdinal;
        _length = bytes.Length;
        _record = bytes[..Math.Min(bytes.Length, ObjectLineReader.KeptBytes)];
        _error = new LineError(ErrorClasses.CorruptBlock, $"the rest of the block from record {_ordinal} cannot be read: {reason}");
    }
}
