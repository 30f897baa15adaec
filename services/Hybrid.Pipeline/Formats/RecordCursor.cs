using System.Diagnostics.CodeAnalysis;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats;

/// <summary>Moves over the records of an object of one format. <see cref="ObjectRecordReader"/> says what the members mean.</summary>
internal abstract class RecordCursor : IAsyncDisposable
{
    public abstract ReadOnlyMemory<byte> Line { get; }

    public virtual ReadOnlyMemory<byte> CsvHeader => default;

    public abstract long LineNumber { get; }

    public abstract long LineLength { get; }

    public abstract ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

    public abstract bool TryParse(in SourcePosition position, [NotNullWhen(true)] out CatalogDelta? delta, [NotNullWhen(false)] out LineError? error);

    public abstract ValueTask DisposeAsync();
}
