namespace Hybrid.Pipeline.Hosting;

/// <summary>An error for the user: one line that says what was wrong, where, and what to do. It ends the process with <see cref="ExitCode"/>.</summary>
public class HybridException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
    /// <param name="message">One line: what, where, what to do.</param>
    /// <param name="inner">The cause, for the log.</param>
    public HybridException(int exitCode, string message, Exception? inner = null)
        : base(message, inner) => ExitCode = exitCode;

    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; }

    /// <summary>A call that was wrong.</summary>
    /// <param name="message">One line: what, where, what to do.</param>
    public static HybridException WrongCall(string message) => new(ExitCodes.WrongCall, message);

    /// <summary>A service that could not be reached.</summary>
    /// <param name="message">One line: what, where, what to do.</param>
    /// <param name="inner">The cause.</param>
    public static HybridException Unreachable(string message, Exception? inner = null) => new(ExitCodes.Unreachable, message, inner);

    /// <summary>A failure that the run found.</summary>
    /// <param name="message">One line: what, where, what to do.</param>
    /// <param name="inner">The cause.</param>
    public static HybridException Failure(string message, Exception? inner = null) => new(ExitCodes.FailureFound, message, inner);
}
