using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Tests.Fuzzing;

/// <summary>Keeps the exceptions that a broker did not expect.</summary>
internal sealed class FailedRequests : ILogger
{
    public ConcurrentQueue<string> Failures { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Failures.Enqueue($"{formatter(state, exception)}: {exception}");
        }
    }
}
