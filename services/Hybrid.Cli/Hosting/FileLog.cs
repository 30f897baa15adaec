using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Hybrid.Cli.Hosting;

/// <summary>A service's log as lines of a file, where several services share a process.</summary>
internal sealed class FileLog(string path) : ILoggerProvider
{
    private readonly Lock _lock = new();
    private readonly StreamWriter _file = new(path, append: true);

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
        }
    }

    private void Write(string line)
    {
        lock (_lock)
        {
            if (_file.BaseStream is { CanWrite: true })
            {
                _file.WriteLine(line);
                _file.Flush();
            }
        }
    }

    private sealed class Category(FileLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => log.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTimeOffset.UtcNow:HH:mm:ss.fff} {logLevel} {name}: {formatter(state, exception)}{(exception is null ? "" : $" {exception}")}").ReplaceLineEndings(" "));
    }
}
