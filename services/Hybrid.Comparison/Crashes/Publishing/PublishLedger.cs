using System.Collections;
using System.Globalization;
using System.Text;
using Hybrid.Contracts.Records;

namespace Hybrid.Comparison.Crashes.Publishing;

/// <summary>
/// What was put, held against what a consumer of committed records sees: every line once, in the promised order, behind control records only
/// when it was late, and watermarks that never go back. Any thread may call.
/// </summary>
/// <param name="shards">How many publishers share the source: objects of different shards are in no set order.</param>
/// <param name="onTime">Whether an object could be listed, whatever the lag, when its partition was due: its partition's end, and when its put was answered.</param>
internal sealed class PublishLedger(int shards, Func<DateTimeOffset, DateTimeOffset, bool> onTime)
{
    private readonly Lock _lock = new();
    private readonly Violations _violations = new();
    private readonly List<Account> _accounts = [];
    private readonly Dictionary<string, Account> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Lane> _lanes = [];
    private readonly Dictionary<string, int> _laneOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PublishedProgress> _progress = new(StringComparer.Ordinal);
    private long _put;
    private long _records;
    private long _letters;
    private long _transactions;

    private bool IsShared => shards > 1;

    /// <summary>Lines put so far.</summary>
    public long Put => Interlocked.Read(ref _put);

    /// <summary>Lines seen so far, as records or dead letters.</summary>
    public long Seen => Interlocked.Read(ref _records) + Interlocked.Read(ref _letters);

    /// <summary>Whether an object is published in part.</summary>
    public bool IsMidObject
    {
        get
        {
            lock (_lock)
            {
                return _progress.Values.Any(progress => progress.Cursor is not null);
            }
        }
    }

    /// <summary>What went through so far.</summary>
    public PublishTotals Totals
    {
        get
        {
            lock (_lock)
            {
                return new PublishTotals(
                    _accounts.Count, _put, _records, _letters, _progress.Values.Sum(progress => progress.Counts.LateObjects), _transactions);
            }
        }
    }

    /// <summary>An object is about to be put. Its number is how many were before it.</summary>
    public void Putting(InputObject input)
    {
        lock (_lock)
        {
            var account = new Account(input);
            _accounts.Add(account);
            _byKey.Add(input.Key, account);
            _put += input.Lines;
        }
    }

    /// <summary>An object's put was answered.</summary>
    public void Settled(InputObject input, DateTimeOffset when)
    {
        lock (_lock)
        {
            _accounts[input.Number].Settled = when;
        }
    }

    /// <summary>A record was seen.</summary>
    /// <param name="partition">Its Kafka partition.</param>
    /// <param name="delta">What it holds.</param>
    public void Record(int partition, CatalogDelta delta)
    {
        lock (_lock)
        {
            _records++;
            if (!InputObject.TryPlace(delta.Title, out var number, out var line) || number >= _accounts.Count || line < 1 || line > _accounts[number].Input.Lines)
            {
                Violate($"a record of '{delta.DocumentId}' titled '{delta.Title}' was never put");
                return;
            }

            var account = _accounts[number];
            See(account, line);
            if (account.Input.Differs(line, delta) is { } difference)
            {
                Violate($"{Place(account, line)} {difference}");
            }

            if (_laneOf.TryAdd(delta.DocumentId, partition) is false && _laneOf[delta.DocumentId] != partition)
            {
                Violate($"'{delta.DocumentId}' is in Kafka partitions {_laneOf[delta.DocumentId]} and {partition}: its deltas have no order");
            }

            LaneOf(partition).Take(account, line, IsShared, Violate);
        }
    }

    /// <summary>A dead letter was seen.</summary>
    /// <param name="key">The object's key, as its header says.</param>
    /// <param name="line">The line, as its header says.</param>
    /// <param name="content">The original bytes.</param>
    public void DeadLetter(string? key, long line, byte[] content)
    {
        lock (_lock)
        {
            _letters++;
            if (key is null || !_byKey.TryGetValue(key, out var account) || line < 1 || line > account.Input.Lines)
            {
                Violate($"a dead letter of line {line} of '{key}' was never put");
                return;
            }

            See(account, (int)line);
            if (!account.Input.IsBad((int)line) || !content.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(account.Input.Text((int)line))))
            {
                Violate($"{Place(account, (int)line)} became a dead letter and is a good line, or not with its bytes");
            }
        }
    }

    /// <summary>A control record was seen.</summary>
    /// <param name="partition">Its Kafka partition.</param>
    /// <param name="watermark">What it says, event time.</param>
    public void Control(int partition, DateTimeOffset watermark)
    {
        lock (_lock)
        {
            var lane = LaneOf(partition);
            if (watermark > lane.Watermark)
            {
                lane.Watermark = watermark;
            }
            else if (!IsShared)
            {
                Violate($"Kafka partition {partition}: control record {watermark:u} behind that of {lane.Watermark:u}");
            }
        }
    }

    /// <summary>A progress record was seen.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="progress">What it says.</param>
    public void Progress(string key, PublishedProgress progress)
    {
        lock (_lock)
        {
            _transactions++;
            if (_progress.TryGetValue(key, out var before)
                && (progress.Watermark < before.Watermark || progress.Counts.Lines < before.Counts.Lines || progress.SourceWatermark < before.SourceWatermark))
            {
                Violate($"'{key}' went back from {before.Watermark:u} and {before.Counts.Lines} lines to {progress.Watermark:u} and {progress.Counts.Lines}");
            }

            if (progress.Counts.Lines != progress.Counts.Records + progress.Counts.DeadLetters)
            {
                Violate($"'{key}' counts {progress.Counts.Lines} lines as {progress.Counts.Records} records and {progress.Counts.DeadLetters} dead letters");
            }

            _progress[key] = progress;
        }
    }

    /// <summary>Something went wrong that is none of the records'.</summary>
    public void Violate(string text) => _violations.Add(IsShared ? "shared source" : "source", text);

    /// <summary>Adds up at the end, when everything is published up to a watermark.</summary>
    /// <param name="end">The watermark that must be reached.</param>
    /// <param name="partitions">How many Kafka partitions the deltas have.</param>
    /// <returns>What does not hold, during the run or at its end.</returns>
    public IReadOnlyList<string> Close(DateTimeOffset end, int partitions)
    {
        lock (_lock)
        {
            CheckLines();
            CheckOrder();
            CheckLateness();
            CheckProgress(end, partitions);
            return _violations.Lines();
        }
    }

    private void CheckLines()
    {
        foreach (var account in _accounts)
        {
            var missing = Enumerable.Range(1, account.Input.Lines).Where(line => !account.Seen[line - 1]).ToList();
            if (missing.Count > 0)
            {
                Violate($"{account.Input.Key}: {missing.Count} of {account.Input.Lines} lines are missing, the first is {missing[0]}");
            }
        }
    }

    private void CheckOrder()
    {
        if (IsShared)
        {
            return;
        }

        foreach (var (number, lane) in _lanes)
        {
            Account? last = null;
            foreach (var account in lane.Runs.Where(IsOnTime))
            {
                if (last is not null && (account.Input.Partition.CompareTo(last.Input.Partition), string.CompareOrdinal(account.Input.Key, last.Input.Key)) is not ((> 0, _) or (0, > 0)))
                {
                    Violate($"Kafka partition {number}: {account.Input.Key} was in time and stands behind {last.Input.Key}");
                }

                last = account;
            }
        }
    }

    private void CheckLateness()
    {
        foreach (var account in _accounts.Where(account => account.IsCovered && IsOnTime(account)))
        {
            Violate($"{account.Input.Key} was in time, and has records behind a control record that covers them");
        }

        var counted = _progress.Values.Sum(progress => progress.Counts.LateObjects);
        var (covered, possible) = (_accounts.Count(account => account.IsCovered), _accounts.Count(account => !IsOnTime(account)));
        if (counted < covered || counted > possible)
        {
            Violate($"{counted} objects are counted as late, where {covered} stand behind their control records and {possible} may be late");
        }
    }

    private void CheckProgress(DateTimeOffset end, int partitions)
    {
        if (_progress.Count != shards)
        {
            Violate($"{_progress.Count} progress records ({string.Join(", ", _progress.Keys)}) in place of {shards}");
        }

        foreach (var (key, progress) in _progress.Where(one => one.Value.Watermark != end || one.Value.Cursor is not null))
        {
            Violate($"'{key}' ends at {progress.Watermark:u} in place of {end:u}, with {(progress.Cursor is { } cursor ? cursor.Key : "no object")} in part");
        }

        for (var partition = 0; partition < partitions; partition++)
        {
            if (LaneOf(partition).Watermark != end)
            {
                Violate($"Kafka partition {partition}: the last control record says {LaneOf(partition).Watermark:u} in place of {end:u}");
            }
        }

        var counts = _progress.Values.Aggregate(new PublishedCounts(), (sum, progress) => sum + progress.Counts);
        if (counts.Lines != _put || counts.Records != _records || counts.DeadLetters != _letters || counts.Objects != _accounts.Count
            || counts.ReplacedObjects != 0 || counts.DeletedObjects != 0)
        {
            Violate($"put were {_accounts.Count} objects of {_put} lines, seen {_records} records and {_letters} dead letters; the progress says {counts}");
        }
    }

    private void See(Account account, int line)
    {
        if (account.Seen[line - 1])
        {
            Violate($"{Place(account, line)} is there twice");
        }

        account.Seen[line - 1] = true;
    }

    private bool IsOnTime(Account account) => account.Settled is { } settled && onTime(account.Input.Partition.End, settled);

    private Lane LaneOf(int partition)
    {
        if (!_lanes.TryGetValue(partition, out var lane))
        {
            _lanes.Add(partition, lane = new Lane(partition));
        }

        return lane;
    }

    private static string Place(Account account, int line) => string.Create(CultureInfo.InvariantCulture, $"{account.Input.Key} line {line}");

    /// <summary>One object and what was seen of it.</summary>
    private sealed class Account(InputObject input)
    {
        public InputObject Input => input;

        public BitArray Seen { get; } = new(input.Lines);

        public DateTimeOffset? Settled { get; set; }

        /// <summary>Whether a record of it stands behind a control record that covers it.</summary>
        public bool IsCovered { get; set; }
    }

    /// <summary>One Kafka partition of the deltas.</summary>
    private sealed class Lane(int number)
    {
        private readonly Dictionary<Account, int> _lastLines = [];

        public DateTimeOffset Watermark { get; set; }

        /// <summary>The objects in the order in which their records stand here, each once for each stretch of them.</summary>
        public List<Account> Runs { get; } = [];

        public void Take(Account account, int line, bool isShared, Action<string> violate)
        {
            account.IsCovered |= account.Input.Partition.End <= Watermark;
            var seenBefore = _lastLines.TryGetValue(account, out var last);
            if (last >= line)
            {
                violate($"Kafka partition {number}: {Place(account, line)} stands behind line {last}");
            }

            _lastLines[account] = line;
            if (Runs.Count > 0 && ReferenceEquals(Runs[^1], account))
            {
                return;
            }

            if (seenBefore && !isShared)
            {
                violate($"Kafka partition {number}: {Place(account, line)} stands behind {Runs[^1].Input.Key}, which came between");
            }

            Runs.Add(account);
        }
    }
}
