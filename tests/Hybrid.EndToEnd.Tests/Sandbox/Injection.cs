namespace Hybrid.EndToEnd.Tests.Sandbox;

/// <summary>A fault that is in force until it is disposed of.</summary>
internal sealed class Injection(Action clear) : IDisposable
{
    public void Dispose() => clear();
}
