using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.S3;

namespace Hybrid.Sandbox.Tests.Faults;

/// <summary>The names that a fault can be for are those that requests are counted under.</summary>
public sealed class OperationNameTests
{
    [Fact]
    public void Registry_EveryRequestHasOneOfTheNames_AndEveryNameHasARequest()
    {
        string[] methods = ["GET", "PUT", "POST", "DELETE", "PATCH"];
        string[] roots = ["subjects", "schemas", "compatibility", "config", "mode", "contexts", "x"];
        string[] seconds = ["types", "ids", "subjects", "orders"];
        string[] thirds = ["versions", "1"];
        string[] fourths = ["versions", "2"];
        var paths = new List<string[]> { Array.Empty<string>() };
        foreach (var root in roots)
        {
            paths.Add([root]);
            foreach (var second in seconds)
            {
                paths.Add([root, second]);
                foreach (var third in thirds)
                {
                    paths.Add([root, second, third]);
                    paths.AddRange(fourths.Select(fourth => new[] { root, second, third, fourth }));
                    paths.Add([root, second, third, "3", "referencedby"]);
                }
            }
        }

        var arising = methods.SelectMany(method => paths.Select(path => RegistryOperations.Name(method, path))).Distinct();

        Assert.Equal(RegistryOperations.Names.Order(StringComparer.Ordinal), arising.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void S3_EveryNameIsOfOneOperation()
    {
        var names = S3Operations.Names.ToArray();

        Assert.Equal(names.Distinct(), names);
        Assert.Contains("PutObject", names);
        Assert.Contains("GetBucketLocation", names);
    }
}
