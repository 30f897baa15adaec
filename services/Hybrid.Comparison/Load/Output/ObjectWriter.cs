using System.Buffers;
using System.IO.Compression;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Comparison.Load.Output;

/// <summary>Writes one object of lines, gzip when its name ends so. The same lines give the same bytes. Memory does not grow with the object.</summary>
internal sealed class ObjectWriter : IDisposable
{
    private const int FlushAt = 256 * 1024;

    private readonly string _directory;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + (64 * 1024));
    private readonly SourceLineWriter _lines;
    private readonly Stream _file;

    public ObjectWriter(string path, string directory)
    {
        _directory = directory;
        _lines = new SourceLineWriter(_buffer);
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        _file = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Optimal) : file;
    }

    /// <summary>Lines written.</summary>
    public long Lines { get; private set; }

    /// <summary>Writes a delta.</summary>
    public void Write(CatalogDelta delta)
    {
        _lines.Write(delta);
        Written();
    }

    /// <summary>Writes a line as it is; it holds no line feed and is not empty.</summary>
    public void WriteRaw(ReadOnlySpan<byte> line)
    {
        _buffer.Write(line);
        _buffer.Write("\n"u8);
        Written();
    }

    /// <summary>Writes what is left and closes the file.</summary>
    public void Dispose()
    {
        _lines.Dispose();
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
