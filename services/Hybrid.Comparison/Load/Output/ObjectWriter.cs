using System.Buffers;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Formats;

namespace Hybrid.Comparison.Load.Output;

/// <summary>Writes one object in the format and compression that its name says. The same records give the same bytes. Memory does not grow with the object.</summary>
internal sealed class ObjectWriter : IDisposable
{
    private const int FlushAt = 256 * 1024;

    private readonly string _directory;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + (64 * 1024));
    private readonly IRecordWriter _records;
    private readonly Stream _file;

    public ObjectWriter(string path, string directory)
    {
        _directory = directory;
        _records = RecordWriters.Create(ObjectExtensions.FormatOf(path) ?? SourceFormat.Ndjson, _buffer);
        _file = RecordWriters.Compress(ObjectExtensions.CompressionOf(path) ?? ObjectCompression.None, new FileStream(path, FileMode.CreateNew, FileAccess.Write));
    }

    /// <summary>Lines written.</summary>
    public long Lines { get; private set; }

    /// <summary>Writes a delta.</summary>
    public void Write(CatalogDelta delta)
    {
        _records.Write(delta);
        Written();
    }

    /// <summary>Writes something that is no delta; it holds no line feed and is not empty.</summary>
    public void WriteMalformed(ReadOnlySpan<byte> content)
    {
        _records.WriteMalformed(content);
        Written();
    }

    /// <summary>Writes what is left and closes the file.</summary>
    public void Dispose()
    {
        _records.Complete();
        _records.Dispose();
        InputDirectory.Guard(_directory, () =>
        {
            using (_file)
            {
                _file.Write(_buffer.WrittenSpan);
                return true;
            }
        });
    }

    private void Written()
    {
        Lines++;
        if (_buffer.WrittenCount >= FlushAt)
        {
            InputDirectory.Guard(_directory, () =>
            {
                _file.Write(_buffer.WrittenSpan);
                _buffer.ResetWrittenCount();
                return true;
            });
        }
    }
}
