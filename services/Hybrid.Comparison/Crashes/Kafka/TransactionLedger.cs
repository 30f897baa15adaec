namespace Hybrid.Comparison.Crashes.Kafka;

/// <summary>How a transaction ended, as far as its client knows.</summary>
internal enum TransactionOutcome
{
    /// <summary>It was begun and its end was not acknowledged: all of it is there, or nothing.</summary>
    Unknown,

    /// <summary>Its commit was acknowledged.</summary>
    Committed,

    /// <summary>Its abort was acknowledged.</summary>
    Aborted,
}

/// <summary>What a reader of committed records must see of numbered transactions: each whole or not at all, once.</summary>
internal sealed class TransactionLedger
{
    private readonly List<Entry> _transactions = [];

    /// <summary>How many transactions were begun.</summary>
    public int Count => _transactions.Count;

    /// <summary>How many commits and aborts were acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Begins a transaction.</summary>
    /// <param name="records">How many records it holds.</param>
    /// <param name="movesOffset">Whether it also commits its own number as a group's offset.</param>
    /// <returns>Its number.</returns>
    public int Begin(int records, bool movesOffset)
    {
        _transactions.Add(new Entry { Seen = new int[records], MovesOffset = movesOffset });
        return _transactions.Count - 1;
    }

    /// <summary>Takes note of an acknowledged end.</summary>
    public void End(int transaction, TransactionOutcome outcome)
    {
        _transactions[transaction].Outcome = outcome;
        Acknowledged++;
    }

    /// <summary>Begins a reading.</summary>
    public void BeginReading() => _transactions.ForEach(transaction => Array.Clear(transaction.Seen));

    /// <summary>Takes a record that was read.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Read(int transaction, int index)
    {
        if ((uint)transaction >= (uint)_transactions.Count || (uint)index >= (uint)_transactions[transaction].Seen.Length)
        {
            return $"record {index} of transaction {transaction} was never sent";
        }

        return _transactions[transaction].Seen[index]++ == 0 ? null : $"record {index} of transaction {transaction} is there twice";
    }

    /// <summary>Ends the reading; what was unknown is from now on what was found.</summary>
    /// <returns>What is wrong.</returns>
    public IEnumerable<string> EndReading()
    {
        for (var number = 0; number < _transactions.Count; number++)
        {
            var transaction = _transactions[number];
            var seen = transaction.Seen.Count(times => times > 0);
            if (seen != 0 && seen != transaction.Seen.Length)
            {
                yield return $"transaction {number} ({transaction.Outcome}) is half there: {seen} of {transaction.Seen.Length} records";
            }
            else if (transaction.Outcome == TransactionOutcome.Committed && seen == 0)
            {
                yield return $"transaction {number} was committed and is not there";
            }
            else if (transaction.Outcome == TransactionOutcome.Aborted && seen > 0)
            {
                yield return $"transaction {number} was aborted and is there";
            }

            transaction.Outcome = seen > 0 ? TransactionOutcome.Committed : TransactionOutcome.Aborted;
        }
    }

    /// <summary>After a reading: the offset that the group must stand at, −1 for none.</summary>
    public int ExpectedOffset() =>
        _transactions.FindLastIndex(transaction => transaction.MovesOffset && transaction.Outcome == TransactionOutcome.Committed);

    private sealed class Entry
    {
        public required int[] Seen { get; init; }

        public required bool MovesOffset { get; init; }

        public TransactionOutcome Outcome { get; set; }
    }
}
