using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Windows;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Objects;

/// <summary>
/// Where a lane without Kafka puts what cannot be read or written: objects of JSON lines below its state prefix, named by the object and the
/// place that the dead letters come from. So what is read again after a crash overwrites what it wrote before, and is there once.
/// <see cref="RefuseAsync(LaneRecord, string, CancellationToken)"/> is safe for concurrent calls, the rest is not.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="prefix">What the keys begin with, ending in a slash.</param>
/// <param name="source">The source's name.</param>
/// <param name="lane">The lane's name.</param>
/// <param name="metrics">Counts them.</param>
/// <param name="logger">The first ones are logged one by one.</param>
internal sealed class ObjectDeadLetters(IObjectStore store, string prefix, string source, string lane, HybridMetrics metrics, ILogger logger) : IRefusedWrites
{
    private const int LoggedInFull = 20;

    private readonly ConcurrentDictionary<int, ObjectPlace> _places = [];
    private int _next;
    private long _written;

    /// <summary>Gives an object a number, which stands for it in its records until <see cref="Forget"/>.</summary>
    public int Enter(ObjectPlace place)
    {
        _places[_next] = place;
        return _next++;
    }

    /// <summary>Forgets the objects whose records are all written.</summary>
    public void Forget() => _places.Clear();

    /// <summary>Opens a part of an object's dead letters.</summary>
    public LetterPart Part(ObjectPlace place, int number) => new(KeyOf(place, string.Create(CultureInfo.InvariantCulture, $"{number:0000}")));

    /// <summary>Adds a bad line to a part.</summary>
    public void Add(LetterPart part, ObjectPlace place, ReadOnlyMemory<byte> line, ReadOnlyMemory<byte> csvHeader, long number, long length, LineError error)
    {
        part.Add(LetterLine.Of(new DeadLetter(line, error.Class, error.Message)
        {
            Source = source,
            Partition = place.Partition.Name,
            Generation = place.Generation,
            ObjectKey = place.Key,
            ETag = place.ETag,
            Line = number,
            Column = error.Column,
            Lane = lane,
            CsvHeader = csvHeader,
            OriginalLength = length > line.Length ? length : null,
        }));
        Count($"{place.Key}:{number}", error.Class, error.Message);
    }

    /// <summary>Stores a part.</summary>
    /// <exception cref="Pipeline.Hosting.HybridException">The store does not take it.</exception>
    public async Task StoreAsync(LetterPart part, CancellationToken cancellationToken)
    {
        using var content = part.Content();
        await store.PutAsync(part.Key, content, null, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task RefuseAsync(LaneRecord record, string error, CancellationToken cancellationToken)
    {
        var place = _places[record.Partition];
        var line = new ArrayBufferWriter<byte>();
        using (var writer = new SourceLineWriter(line))
        {
            writer.Write(record.Delta);
        }

        var part = new LetterPart(KeyOf(place, string.Create(CultureInfo.InvariantCulture, $"refused-{record.Offset}")));
        Add(part, place, line.WrittenMemory[..^1], default, record.Offset, 0, new LineError(ErrorClasses.RefusedDocument, error));
        return StoreAsync(part, cancellationToken);
    }

    /// <inheritdoc/>
    public Task RefuseAsync(DocumentSignals state, SignalsCause cause, string error, CancellationToken cancellationToken)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state.DocumentId)).AsSpan(0, 8));
        var part = new LetterPart($"{prefix}signals/{name}.ndjson");
        part.Add(LetterLine.Of(new DeadLetter(JsonSerializer.SerializeToUtf8Bytes(state), ErrorClasses.RefusedDocument, error) { Source = source, Lane = lane }));
        Count($"the signals of {state.DocumentId}", ErrorClasses.RefusedDocument, error);
        return StoreAsync(part, cancellationToken);
    }

    private string KeyOf(ObjectPlace place, string name) => $"{prefix}{place.Key}/{place.ETag}-{name}.ndjson";

    private void Count(string place, string errorClass, string error)
    {
        metrics.DeadLetters.Add(1);
        if (Interlocked.Increment(ref _written) is <= LoggedInFull and var written)
        {
            logger.DeadLetter(place, errorClass, error);
            if (written == LoggedInFull)
            {
                logger.NoMoreDeadLetters(prefix);
            }
        }
    }
}

/// <summary>Some of an object's dead letters, which become one object.</summary>
/// <param name="key">That object's key.</param>
internal sealed class LetterPart(string key)
{
    private const int MostBytes = 1024 * 1024;

    private readonly MemoryStream _lines = new();

    public string Key => key;

    public bool IsEmpty => _lines.Length == 0;

    public bool IsFull => _lines.Length >= MostBytes;

    public void Add(LetterLine line) => line.WriteTo(_lines);

    public MemoryStream Content() => new(_lines.GetBuffer(), 0, (int)_lines.Length, writable: false);
}
