using Microsoft.Extensions.Logging;

namespace Hybrid.Streamiz;

/// <summary>
/// Streamiz's log in the service's: what it says about itself is for debugging, and its errors come with a stack trace although the lane
/// reports the same failure in one line, so all of it below warning is debug and all from warning on is a warning of one line. Streamiz
/// keeps the factory in a static field, so it must outlive the service's.
/// </summary>
internal sealed class StreamizLogging(ILoggerFactory inner) : ILoggerFactory
{
    private readonly ILogger _logger = new OneLine(inner.CreateLogger("Hybrid.Streamiz.Library"));

    public ILogger CreateLogger(string categoryName) => _logger;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private sealed class OneLine(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(Lowered(logLevel));

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var level = Lowered(logLevel);
            if (!inner.IsEnabled(level))
            {
                return;
            }

            var line = formatter(state, null).ReplaceLineEndings(" ");
            if (exception is null)
            {
                inner.Log(level, "{Line}", line);
            }
            else
            {
                inner.Log(level, "{Line} {Reason}", line, exception.Message.ReplaceLineEndings(" "));
            }
        }

        private static LogLevel Lowered(LogLevel level) => level switch
        {
            LogLevel.Information => LogLevel.Debug,
            LogLevel.Debug => LogLevel.Trace,
            LogLevel.Error or LogLevel.Critical => LogLevel.Warning,
            _ => level,
        };
    }
}
