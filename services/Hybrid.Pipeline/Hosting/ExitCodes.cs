namespace Hybrid.Pipeline.Hosting;

/// <summary>What the process's exit code says to a script.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The run found a failure, such as a lane that did not converge.</summary>
    public const int FailureFound = 1;

    /// <summary>The call was wrong: an option, an input directory.</summary>
    public const int WrongCall = 2;

    /// <summary>A service could not be reached.</summary>
    public const int Unreachable = 3;
}
