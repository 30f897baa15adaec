using System.Text.RegularExpressions;
using Hybrid.Unit.Tests.Repository;

namespace Hybrid.Unit.Tests.Compose;

public partial class ComposeImageTests
{
    private static readonly string[] Dockerfile = File.ReadAllLines(Path.Combine(ComposeFile.Folder, "Dockerfile"));

    [Fact]
    public void CopySource_ExistsAndIsLetThroughTheIgnoreFile()
    {
        var allowed = File.ReadAllLines(Path.Combine(ComposeFile.Folder, "Dockerfile.dockerignore"))
            .Where(line => line.StartsWith('!')).Select(line => line[1..]).ToHashSet();
        var sources = Dockerfile.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Where(word => !word.StartsWith("--", StringComparison.Ordinal)).SkipLast(1))
            .Select(source => source.TrimEnd('/'))
            .ToList();
        Assert.NotEmpty(sources);
        Assert.All(sources, source =>
        {
            var path = RepositoryRoot.File(source);
            Assert.True(File.Exists(path) || Directory.Exists(path), $"COPY {source}: there is no such file");
            Assert.Contains(source, allowed);
        });
        Assert.Equal(allowed.Order(), sources.Distinct().Order());
    }

    [Fact]
    public void PublishedProject_ExistsAndMakesTheEntryPoint()
    {
        var text = string.Join('\n', Dockerfile);
        var project = PublishedProject().Match(text).Value;
        Assert.True(File.Exists(RepositoryRoot.File(project)), $"dotnet publish {project}: there is no such project");
        var assembly = AssemblyName().Match(File.ReadAllText(RepositoryRoot.File(project))).Value;
        Assert.Contains($"ENTRYPOINT [\"/app/{assembly}\"]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Image_RunsAsAnUnprivilegedUser()
    {
        var user = Assert.Single(Dockerfile, line => line.StartsWith("USER ", StringComparison.Ordinal));
        Assert.NotEqual("USER 0", user);
        Assert.NotEqual("USER root", user);
    }

    [GeneratedRegex(@"(?<=dotnet publish )\S+")]
    private static partial Regex PublishedProject();

    [GeneratedRegex(@"(?<=<AssemblyName>)[^<]+")]
    private static partial Regex AssemblyName();
}
