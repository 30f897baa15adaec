using System.Collections.Concurrent;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Hosting;
using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Query;
using Hybrid.Sandbox.Solr.Schema;
using Hybrid.Sandbox.Solr.Update;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Solr.Index;

/// <summary>One core: its configuration, its index and its commits by time.</summary>
internal sealed class SolrCore : IDisposable
{
    private readonly RequestCounters _counters;
    private readonly ServiceFaults _faults;
    private readonly CommitScheduler _scheduler;
    private readonly ConcurrentBag<UpdateBatch> _batches = [];
    private readonly ConcurrentDictionary<string, HandlerTally> _tallies = new(StringComparer.Ordinal);
    private long _commits;
    private long _autoCommits;
    private long _softAutoCommits;

    public SolrCore(CoreDescriptor descriptor, string directory, SolrServerOptions options, RequestCounters counters, ILogger logger)
    {
        var time = TimeProvider.System;
        Descriptor = descriptor;
        Directory = directory;
        Started = time.GetUtcNow();
        _counters = counters;
        _faults = options.Faults;
        Config = CoreConfig.Load(descriptor.ConfigSet, descriptor.With(options.Properties));
        foreach (var path in Config.Handlers.Keys)
        {
            _tallies[path] = new HandlerTally(path);
        }

        Values = new ValueConverter(time);
        Queries = new QueryParser(new FieldQueries(Config.Schema, Values));
        Index = new SolrIndex(Path.Combine(directory, "data"), Config.Schema, Queries, options.CompactionBytes, time, logger, new Disk(options.Faults));
        _scheduler = new CommitScheduler(Config, time, CommitByTimeAsync);
    }

    public CoreDescriptor Descriptor { get; private set; }

    public string Name => Descriptor.Name;

    public string Directory { get; }

    public DateTimeOffset Started { get; }

    public CoreConfig Config { get; }

    public CoreSchema Schema => Config.Schema;

    public ValueConverter Values { get; }

    public QueryParser Queries { get; }

    public SolrIndex Index { get; }

    /// <summary>How many commits there were, by request or by time.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>How many hard commits came by time.</summary>
    public long AutoCommits => Interlocked.Read(ref _autoCommits);

    /// <summary>How many soft commits came by time.</summary>
    public long SoftAutoCommits => Interlocked.Read(ref _softAutoCommits);

    /// <summary>What each handler that the configset declares or that was called has done.</summary>
    public IEnumerable<HandlerTally> Tallies => _tallies.Values;

    /// <summary>Gives the core another name; what is under way goes on.</summary>
    public void Rename(string name) => Descriptor = Descriptor with { Name = name };

    /// <summary>Counts a request.</summary>
    /// <returns>Where to record how it ended.</returns>
    public HandlerTally Count(string path)
    {
        _counters.Increment(Name + path);
        return _tallies.GetOrAdd(path, static path => new HandlerTally(path));
    }

    public async Task<SolrError?> CommitAsync(CommitOptions options)
    {
        CountCommit(options);
        return await MeetCommitFaultsAsync().ConfigureAwait(false) ?? await Index.CommitAsync(options).ConfigureAwait(false);
    }

    /// <summary>Has a commit wait, or fail, where a fault is in force.</summary>
    public async Task<SolrError?> MeetCommitFaultsAsync()
    {
        if (!_faults.OfRequests || _faults.Meet(ServiceFaults.Commit, Name) is not { } encounter)
        {
            return null;
        }

        await encounter.DelayAsync(CancellationToken.None).ConfigureAwait(false);
        return encounter.Instead?.HttpError is { } error ? new SolrError(error.Status, HttpFaultError.Message) : null;
    }

    public void CountCommit(CommitOptions options)
    {
        Interlocked.Increment(ref _commits);
        _counters.Increment(Name + (options.Soft ? "/commit.soft" : "/commit.hard"));
    }

    /// <inheritdoc cref="CommitScheduler.Updated"/>
    public void Updated(int commitWithin) => _scheduler.Updated(commitWithin);

    public UpdateBatch RentBatch() => _batches.TryTake(out var batch) ? batch : new UpdateBatch();

    public void Return(UpdateBatch batch)
    {
        if (batch.IsReusable)
        {
            batch.Clear();
            _batches.Add(batch);
        }
        else
        {
            batch.Dispose();
        }
    }

    public void Dispose()
    {
        _scheduler.Dispose();
        Index.Dispose();
        foreach (var batch in _batches)
        {
            batch.Dispose();
        }
    }

    private Task CommitByTimeAsync(CommitOptions options)
    {
        Interlocked.Increment(ref options.Soft ? ref _softAutoCommits : ref _autoCommits);
        return CommitAsync(options);
    }
}
