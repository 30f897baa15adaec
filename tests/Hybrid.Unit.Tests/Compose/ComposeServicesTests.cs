using System.Globalization;
using System.Text.RegularExpressions;
using Hybrid.Comparison.Experiments;
using Hybrid.Contracts.Search;

namespace Hybrid.Unit.Tests.Compose;

public partial class ComposeServicesTests
{
    private static readonly ComposeFile Compose = ComposeFile.Read();

    [Fact]
    public void DependsOn_NamesAServiceThatCanMeetTheCondition()
    {
        foreach (var service in Compose.Services.Values)
        {
            foreach (var (name, condition) in service.DependsOn)
            {
                Assert.True(Compose.Services.TryGetValue(name, out var target), $"{service.Name} waits for {name}, which is not a service");
                Assert.True(
                    condition switch
                    {
                        "service_healthy" => target.HasHealthCheck,
                        "service_completed_successfully" => !target.HasHealthCheck,
                        _ => false,
                    },
                    $"{service.Name} waits for {name} to be {condition}");
            }
        }
    }

    [Fact]
    public void EveryServiceThatOursCall_IsWaitedFor()
    {
        foreach (var service in Compose.Services.Values.Where(service => service.HasHealthCheck && service.IsOurs))
        {
            var awaited = Closure(service.Name);
            Assert.Superset(new HashSet<string> { "seaweedfs", "prometheus" }, awaited);
            var isLane = service.Command[0] == "lane";
            Assert.True(!isLane || awaited.Contains("solr"), $"{service.Name} does not wait for solr");
            Assert.Equal(!isLane || !LaneCatalog.ReadsObjects(service.Command[1]), awaited.IsSupersetOf(["kafka", "schema-registry"]));
        }
    }

    [Fact]
    public void Mount_ComesFromTheRepositoryOrFromADeclaredVolume()
    {
        foreach (var service in Compose.Services.Values)
        {
            foreach (var source in service.Volumes.Select(volume => volume.Split(':')[0]))
            {
                var path = Path.GetFullPath(Path.Combine(ComposeFile.Folder, source));
                Assert.True(
                    source[0] == '.' ? File.Exists(path) || Directory.Exists(path) : Compose.Volumes.Contains(source),
                    $"{service.Name} mounts {source}, which does not exist");
            }

            Assert.Subset(Compose.Configs.ToHashSet(), service.ConfigSources.ToHashSet());
        }
    }

    [Fact]
    public void Volume_IsUsed() => Assert.Equal(
        Compose.Volumes.Order(),
        Compose.Services.Values.SelectMany(service => service.Volumes).Select(volume => volume.Split(':')[0]).Where(name => name[0] != '.').Distinct().Order());

    [Fact]
    public void Image_IsPinned() =>
        Assert.All(Compose.Services.Values.Where(service => !service.IsOurs), service => Assert.Matches(@":v?\d+\.\d+(\.\d+)?$", service.Image));

    [Fact]
    public void MemoryLimit_IsSetAndLeavesRoomAroundTheJavaHeap()
    {
        foreach (var service in Compose.Services.Values)
        {
            Assert.True(service.MemoryLimit is not null, $"{service.Name} has no memory limit");
            var heap = service.Environment.Where(pair => pair.Key.Contains("HEAP", StringComparison.Ordinal)).Select(pair => pair.Value).FirstOrDefault();
            if (heap is not null)
            {
                Assert.True(Megabytes(HeapSize().Match(heap).Value) * 3 / 2 <= Megabytes(service.MemoryLimit!), $"{service.Name}: heap {heap} within {service.MemoryLimit}");
            }
        }
    }

    [Fact]
    public void Lane_HasACoreOfItsName()
    {
        var lanes = Compose.Services.Values.Where(service => service.Command is ["lane", ..]).Select(service => service.Command[1]).ToList();
        Assert.Equal(LaneCatalog.All.Select(lane => lane.Name).Order(), lanes.Order());
        Assert.Equal(lanes.Order(), Compose.Services["solr"].Environment["HYBRID_CORES"].Split(' ').Order());
    }

    [Fact]
    public void Configset_IsMountedWhereTheScriptTakesItFrom()
    {
        var script = File.ReadAllText(Path.Combine(ComposeFile.Folder, "solr", "10-create-cores.sh"));
        var mount = Compose.Services["solr"].Volumes.Single(volume => volume.Contains("contracts/solr", StringComparison.Ordinal)).Split(':');
        Assert.Contains($"cp -r {mount[1]} ", script, StringComparison.Ordinal);
        Assert.Contains($"configSet={UpdateChains.Configset}", script, StringComparison.Ordinal);
        Assert.Equal(UpdateChains.Configset, Path.GetFileName(mount[0]));
        Assert.True(File.Exists(Path.GetFullPath(Path.Combine(ComposeFile.Folder, mount[0], "conf", "solrconfig.xml"))));
    }

    private static HashSet<string> Closure(string name)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>([name]);
        while (open.TryDequeue(out var next))
        {
            foreach (var dependency in Compose.Services[next].DependsOn.Keys.Where(reached.Add))
            {
                open.Enqueue(dependency);
            }
        }

        return reached;
    }

    private static int Megabytes(string size) => size[^1] switch
    {
        'g' => 1024 * int.Parse(size[..^1], CultureInfo.InvariantCulture),
        'm' => int.Parse(size[..^1], CultureInfo.InvariantCulture),
        _ => throw new FormatException($"'{size}' is neither in m nor in g"),
    };

    [GeneratedRegex(@"\d+[mg]$")]
    private static partial Regex HeapSize();
}
