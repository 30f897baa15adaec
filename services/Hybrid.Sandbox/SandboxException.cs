namespace Hybrid.Sandbox;

/// <summary>
/// The sandbox cannot start or go on for a reason its user can do something about. The message is one line that says what is
/// wrong, where, and what to do.
/// </summary>
public sealed class SandboxException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where, what to do; one line.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public SandboxException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
