using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Hybrid.EndToEnd.Tests.Lanes;

/// <summary>Counts log events by their ids.</summary>
internal sealed class LoggedEvents : ILoggerFactory, ILogger
{
    private readonly ConcurrentDictionary<int, int> _counts = [];

    public int Count(int eventId) => _counts.GetValueOrDefault(eventId);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _counts.AddOrUpdate(eventId.Id, 1, static (_, count) => count + 1);

    public void Dispose()
    {
    }
}
