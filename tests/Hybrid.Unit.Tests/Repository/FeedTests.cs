using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hybrid.Unit.Tests.Repository;

/// <summary>A feed that lacks a package costs the parts that need it, and no other.</summary>
public sealed partial class FeedTests : IDisposable
{
    private const string Broken = "this is not C#";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] Optional =
        [.. Elements(RepositoryRoot.File("Directory.Packages.props"), "PackageVersion").Where(package => package.Attribute("Enables") is not null).Select(Name)];

    private readonly string _directory = Directory.CreateTempSubdirectory("hybrid-feed-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void CoreFilter_HasTheProjectsThatNeedNoPackageThatMayBeMissing()
    {
        var projects = Project().Matches(File.ReadAllText(RepositoryRoot.File("Hybrid.sln"))).Select(match => match.Value.Replace('\\', '/')).ToList();
        var core = projects.Where(project => !Elements(RepositoryRoot.File(project), "PackageReference")
            .Any(package => package.Attribute("Condition") is null && Optional.Contains(Name(package))));

        using var filter = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.File("Hybrid.Core.slnf")));
        var listed = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(project => project.GetString()!).ToList();

        Assert.Equal(core.Order(StringComparer.Ordinal), listed);
        Assert.NotEqual(projects.Count, listed.Count);
    }

    [Theory]
    [InlineData("", "", "CONFLUENT_AVRO SOLRNET STREAMIZ")]
    [InlineData("", "NBomber SolrNet SolrNet.Microsoft.DependencyInjection", "CONFLUENT_AVRO STREAMIZ")]
    [InlineData("", "SolrNet.Microsoft.DependencyInjection", "CONFLUENT_AVRO STREAMIZ")]
    [InlineData("", "Confluent.SchemaRegistry.Serdes.Avro Streamiz.Kafka.Net", "SOLRNET")]
    [InlineData("core", "", "")]
    [InlineData("full", "SolrNet Streamiz.Kafka.Net", "CONFLUENT_AVRO SOLRNET STREAMIZ")]
    public async Task Parts_AreThoseWhosePackagesTheFeedServes(string feed, string lacks, string parts)
    {
        var (code, output, errors) = await RunAsync(
            "dotnet", "msbuild", RepositoryRoot.File("services", "Hybrid.Pipeline", "Hybrid.Pipeline.csproj"), $"-p:Feed={feed}", $"-p:FeedLacks={lacks}",
            "-getProperty:DefineConstants", "-getItem:PackageReference");

        Assert.True(code == 0, output + errors);
        using var evaluated = JsonDocument.Parse(output);
        var constants = evaluated.RootElement.GetProperty("Properties").GetProperty("DefineConstants").GetString()!.Split(';');
        var packages = evaluated.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(package => package.GetProperty("Identity").GetString()).ToList();
        Assert.Equal(parts, string.Join(' ', constants.Intersect(["CONFLUENT_AVRO", "SOLRNET", "STREAMIZ"])));
        Assert.Equal(parts.Contains("CONFLUENT_AVRO", StringComparison.Ordinal), packages.Contains("Confluent.SchemaRegistry.Serdes.Avro"));
        Assert.Equal(parts.Contains("SOLRNET", StringComparison.Ordinal), packages.Contains("SolrNet"));
    }

    [Fact]
    public async Task Script_BuildsTheProjectsWhosePackagesTheFeedServes()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.Copy(RepositoryRoot.File("hybrid"), Path.Combine(_directory, "hybrid"));
        File.Copy(RepositoryRoot.File("Directory.Packages.props"), Path.Combine(_directory, "Directory.Packages.props"));
        Write("artifacts/feed.props", "<Project><PropertyGroup><FeedLacks>NBomber SolrNet</FeedLacks></PropertyGroup></Project>");
        Write("services/Built/Built.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="SolrNet" Condition="'$(WithSolrNet)' == 'true'" /></ItemGroup>
            </Project>
            """);
        Write("services/Built/Broken.cs", Broken);
        Write("load/Lacking/Lacking.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="NBomber" />
              </ItemGroup>
            </Project>
            """);
        Write("Hybrid.sln", """

            Microsoft Visual Studio Solution File, Format Version 12.00
            Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Built", "services\Built\Built.csproj", "{6DBF7A3E-6A36-4D9E-9E3E-0E3C4C1C2A01}"
            EndProject
            Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Lacking", "load\Lacking\Lacking.csproj", "{6DBF7A3E-6A36-4D9E-9E3E-0E3C4C1C2A02}"
            EndProject
            Global
            	GlobalSection(SolutionConfigurationPlatforms) = preSolution
            		Release|Any CPU = Release|Any CPU
            	EndGlobalSection
            	GlobalSection(ProjectConfigurationPlatforms) = postSolution
            		{6DBF7A3E-6A36-4D9E-9E3E-0E3C4C1C2A01}.Release|Any CPU.ActiveCfg = Release|Any CPU
            		{6DBF7A3E-6A36-4D9E-9E3E-0E3C4C1C2A01}.Release|Any CPU.Build.0 = Release|Any CPU
            		{6DBF7A3E-6A36-4D9E-9E3E-0E3C4C1C2A02}.Release|Any CPU.ActiveCfg = Release|Any CPU
            		{6DBF7A3E-6A36-4D9E-9E3E-0E3C4C1C2A02}.Release|Any CPU.Build.0 = Release|Any CPU
            	EndGlobalSection
            EndGlobal
            """);
        Directory.CreateDirectory(Path.Combine(_directory, "contracts"));
        Directory.CreateDirectory(Path.Combine(_directory, "tests"));

        var (code, _, errors) = await RunAsync("bash", Path.Combine(_directory, "hybrid"), "test");

        Assert.Equal(1, code);
        Assert.Contains("services/Built/Broken.cs(1", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("NBomber", errors, StringComparison.Ordinal);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static IEnumerable<XElement> Elements(string file, string name) => XDocument.Load(file).Descendants(name);

    private static string Name(XElement package) => package.Attribute("Include")!.Value;

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, output, await errors);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"(?<="")[^""]+\.csproj(?="")")]
    private static partial Regex Project();
}
