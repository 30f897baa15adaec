using System.Collections.Concurrent;
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
    private readonly CommitScheduler _scheduler;
    private readonly ConcurrentBag<UpdateBatch> _batches = [];

    public SolrCore(CoreDescriptor descriptor, string directory, SolrServerOptions options, RequestCounters counters, ILogger logger)
    {
        var time = TimeProvider.System;
        Descriptor = descriptor;
        Directory = directory;
        Started = time.GetUtcNow();
        _counters = counters;
        Config = CoreConfig.Load(descriptor.ConfigSet, descriptor.With(options.Properties));
        Values = new ValueConverter(time);
        Queries = new QueryParser(new FieldQueries(Config.Schema, Values));
        Index = new SolrIndex(Path.Combine(directory, "data"), Config.Schema, Queries, options.CompactionBytes, time, logger);
        _scheduler = new CommitScheduler(Config, time, CommitAsync);
    }

    public CoreDescriptor Descriptor { get; }

    public string Name => Descriptor.Name;

    public string Directory { get; }

    public DateTimeOffset Started { get; }

    public CoreConfig Config { get; }

    public CoreSchema Schema => Config.Schema;

    public ValueConverter Values { get; }

    public QueryParser Queries { get; }

    public SolrIndex Index { get; }

    /// <summary>Counts a request or a commit.</summary>
    public void Count(string operation) => _counters.Increment(Name + operation);

    public Task<SolrError?> CommitAsync(CommitOptions options)
    {
        CountCommit(options);
        return Index.CommitAsync(options);
    }

    public void CountCommit(CommitOptions options) => Count(options.Soft ? "/commit.soft" : "/commit.hard");

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
}
