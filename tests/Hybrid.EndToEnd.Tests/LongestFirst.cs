using Hybrid.EndToEnd.Tests.Convergence;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Hybrid.EndToEnd.Tests.LongestFirst", "Hybrid.EndToEnd.Tests")]

namespace Hybrid.EndToEnd.Tests;

/// <summary>Begins with the class that takes minutes: begun last, it would run on alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderByDescending(collection => collection.DisplayName.Contains(nameof(ConvergenceTests), StringComparison.Ordinal));
}
