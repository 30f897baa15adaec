using System.Globalization;
using System.Text;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Hosting;
using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Schema;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Solr.Log;

/// <summary>
/// What a core keeps on disk: numbered logs of whole document versions, and snapshots. Snapshot n holds the documents as they
/// were when log n began, so the newest snapshot and the logs from its number on are the whole state.
/// </summary>
internal sealed partial class TransactionLog : IDisposable
{
    private const string LogPrefix = "log-";
    private const string SnapshotPrefix = "snapshot-";
    private const string PartialSuffix = ".partial";
    private const int SnapshotFlushBytes = 1 << 20;

    private readonly string _directory;
    private readonly byte[] _schema;
    private readonly ILogger _logger;
    private readonly Disk _disk;
    private long _number;
    private long _olderBytes;

    private TransactionLog(string directory, CoreSchema schema, ILogger logger, Disk disk)
    {
        _directory = directory;
        _schema = Encoding.UTF8.GetBytes(string.Join('\n', schema.Fields.Select(field => $"{field.Name} {field.Kind} {field.MultiValued}")));
        _logger = logger;
        _disk = disk;
        Writer = null!;
    }

    /// <summary>Where updates go.</summary>
    public FrameWriter Writer { get; private set; }

    /// <summary>How much a start has to read, snapshots not counted.</summary>
    public long Bytes => Interlocked.Read(ref _olderBytes) + Writer.Length;

    /// <summary>Opens a core's log, replaying what is there; a torn end of the last log is cut off.</summary>
    /// <param name="directory">The core's data directory; created when absent.</param>
    /// <param name="schema">The core's schema.</param>
    /// <param name="target">What the documents are replayed into.</param>
    /// <param name="logger">Hears of what was cut off.</param>
    /// <param name="disk">What it is written through.</param>
    /// <exception cref="SandboxException">The files were written with another schema, or are damaged elsewhere than at their end.</exception>
    public static TransactionLog Open(string directory, CoreSchema schema, IReplayTarget target, ILogger logger, Disk disk)
    {
        Directory.CreateDirectory(directory);
        foreach (var partial in Directory.EnumerateFiles(directory, "*" + PartialSuffix))
        {
            File.Delete(partial);
        }

        var log = new TransactionLog(directory, schema, logger, disk);
        log.Replay(target);
        return log;
    }

    /// <summary>Begins a new log and returns its number, which is that of the snapshot to be written of the state until now.</summary>
    public long Rotate()
    {
        var next = Create(_number + 1);
        Writer.Sync();
        Writer.Dispose();
        _olderBytes += Writer.Length;
        Writer = next;
        return ++_number;
    }

    /// <summary>Writes a snapshot and removes what it makes superfluous. May run beside updates.</summary>
    /// <param name="number">As <see cref="Rotate"/> gave it.</param>
    /// <param name="documents">The documents as they were then.</param>
    public void WriteSnapshot(long number, IReadOnlyList<StoredDocument> documents)
    {
        var partial = PathOf(SnapshotPrefix, number) + PartialSuffix;
        using (var writer = new FrameWriter(partial, 0, _disk))
        {
            writer.Schema(_schema);
            foreach (var document in documents)
            {
                writer.Put(document.Id, document.Body);
                if (writer.Gathered > SnapshotFlushBytes)
                {
                    writer.Flush();
                }
            }

            writer.Mark(FrameKind.End);
            writer.Flush();
            writer.Sync();
        }

        File.Move(partial, PathOf(SnapshotPrefix, number), overwrite: true);
        RemoveBefore(number);
    }

    public void Dispose() => Writer.Dispose();

    private void Replay(IReplayTarget target)
    {
        var snapshot = Numbers(SnapshotPrefix).DefaultIfEmpty(0).Max();
        if (snapshot > 0)
        {
            var path = PathOf(SnapshotPrefix, snapshot);
            if (ReplayFile(path, target, out var last) != new FileInfo(path).Length || last != FrameKind.End)
            {
                throw new SandboxException($"the snapshot {path} is damaged; delete the core's directory and index again");
            }
        }

        var numbers = Numbers(LogPrefix).Where(number => number >= snapshot).Order().ToList();
        var validLength = 0L;
        foreach (var number in numbers)
        {
            var path = PathOf(LogPrefix, number);
            validLength = ReplayFile(path, target, out _);
            var length = new FileInfo(path).Length;
            if (validLength < length)
            {
                if (number != numbers[^1])
                {
                    throw new SandboxException($"the log {path} is damaged at byte {validLength}; delete the core's directory and index again");
                }

                LogTornTail(_logger, path, length - validLength);
            }
        }

        _number = numbers.Count > 0 ? numbers[^1] : Math.Max(snapshot, 1);
        Writer = validLength > 0 ? new FrameWriter(PathOf(LogPrefix, _number), validLength, _disk) : Create(_number);
        RemoveBefore(snapshot);
    }

    /// <returns>How much of the file is whole.</returns>
    private long ReplayFile(string path, IReplayTarget target, out FrameKind last)
    {
        using var reader = new FrameReader(path);
        last = default;
        while (reader.Read())
        {
            last = reader.Kind;
            var content = reader.Content;
            var position = 0;
            switch (reader.Kind)
            {
                case FrameKind.Schema when !content.SequenceEqual(_schema):
                    throw new SandboxException($"{path} was written with another schema; delete the core's directory and index again");
                case FrameKind.Put:
                    var idLength = (int)StoredValue.ReadVarint(content, ref position);
                    target.ReplayPut(content.Slice(position, idLength), content[(position + idLength)..]);
                    break;
                case FrameKind.Delete:
                    target.ReplayDelete(content[sizeof(long)..], StoredDocument.VersionOf(content));
                    break;
                case FrameKind.Clear:
                    target.ReplayClear();
                    break;
                default:
                    break;
            }
        }

        return reader.ValidLength;
    }

    private FrameWriter Create(long number)
    {
        var writer = new FrameWriter(PathOf(LogPrefix, number), 0, _disk);
        writer.Schema(_schema);
        writer.Flush();
        return writer;
    }

    private void RemoveBefore(long number)
    {
        foreach (var prefix in (string[])[LogPrefix, SnapshotPrefix])
        {
            foreach (var older in Numbers(prefix).Where(found => found < number))
            {
                File.Delete(PathOf(prefix, older));
            }
        }

        Interlocked.Exchange(
            ref _olderBytes,
            Numbers(LogPrefix).Where(found => found < _number).Sum(found => new FileInfo(PathOf(LogPrefix, found)).Length));
    }

    private List<long> Numbers(string prefix) => Directory.EnumerateFiles(_directory, prefix + "*")
        .Select(path => Path.GetFileName(path)[prefix.Length..])
        .Where(number => long.TryParse(number, CultureInfo.InvariantCulture, out _))
        .Select(number => long.Parse(number, CultureInfo.InvariantCulture))
        .ToList();

    private string PathOf(string prefix, long number) =>
        Path.Combine(_directory, prefix + number.ToString("D10", CultureInfo.InvariantCulture));

    [LoggerMessage(6021, LogLevel.Warning, "Cut {Bytes} bytes of an unfinished write off the end of {Path}")]
    private static partial void LogTornTail(ILogger logger, string path, long bytes);
}
