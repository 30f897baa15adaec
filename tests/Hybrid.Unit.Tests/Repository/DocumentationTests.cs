using System.Text.RegularExpressions;

namespace Hybrid.Unit.Tests.Repository;

public partial class DocumentationTests
{
    private static readonly string[] Pages =
        [RepositoryRoot.File("README.md"), RepositoryRoot.File("CONTRIBUTING.md"), .. Directory.GetFiles(RepositoryRoot.File("docs"), "*.md", SearchOption.AllDirectories)];

    [Fact]
    public void Link_WithinTheRepository_LeadsToAFile()
    {
        var seen = 0;
        foreach (var page in Pages)
        {
            foreach (Match link in RelativeLink().Matches(File.ReadAllText(page)))
            {
                var target = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value));
                Assert.True(File.Exists(target), $"{Path.GetFileName(page)} links to {link.Groups[1].Value}, which does not exist");
                seen++;
            }
        }

        Assert.NotEqual(0, seen);
    }

    [Fact]
    public void Option_ThatAPageNames_IsAPropertyOfItsOptionsClass()
    {
        var seen = 0;
        foreach (var page in Pages)
        {
            foreach (Match option in Option().Matches(File.ReadAllText(page)))
            {
                if (OptionSections.All.TryGetValue(option.Groups["section"].Value, out var options))
                {
                    Assert.True(
                        options.GetProperty(option.Groups["key"].Value) is not null,
                        $"{Path.GetFileName(page)} names {option.Value}, but {options.Name} has no such property");
                    seen++;
                }
            }
        }

        Assert.NotEqual(0, seen);
    }

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#]+)")]
    private static partial Regex RelativeLink();

    [GeneratedRegex(@"`(?<section>[A-Z]\w+):(?<key>[A-Z]\w+)")]
    private static partial Regex Option();
}
