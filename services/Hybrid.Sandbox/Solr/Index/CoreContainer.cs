using System.Text.RegularExpressions;
using Hybrid.Sandbox.Hosting;
using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Update;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Solr.Index;

/// <summary>The cores of a server: the directories that hold a <c>core.properties</c>.</summary>
internal sealed partial class CoreContainer : IDisposable
{
    private readonly SolrServerOptions _options;
    private readonly RequestCounters _counters;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly DirectoryLock _lock;
    private Dictionary<string, SolrCore> _cores = new(StringComparer.Ordinal);

    /// <exception cref="SandboxException">The directory cannot be used, is in use, or holds a core that cannot be opened.</exception>
    public CoreContainer(SolrServerOptions options, RequestCounters counters, ILogger logger)
    {
        _options = options;
        _counters = counters;
        _logger = logger;
        _lock = DirectoryLock.Take(options.DataDirectory);
        try
        {
            CoreSwap.Finish(options.DataDirectory);
            var directories = Directory.EnumerateDirectories(options.DataDirectory)
                .Where(directory => File.Exists(Path.Combine(directory, CoreDescriptor.FileName)));
            foreach (var directory in directories)
            {
                var descriptor = CoreDescriptor.Read(directory);
                if (!CoreConfig.Exists(descriptor.ConfigSet))
                {
                    throw new SandboxException($"Solr: {directory} wants the unknown configset '{descriptor.ConfigSet}'; delete the directory");
                }

                _cores[descriptor.Name] = new SolrCore(descriptor, directory, options, counters, logger);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<string> Names => Volatile.Read(ref _cores).Keys.Order(StringComparer.Ordinal).ToList();

    public SolrCore? Find(string name) => Volatile.Read(ref _cores).GetValueOrDefault(name);

    /// <exception cref="SolrException">The name is bad or taken, or there is no such configset.</exception>
    public void Create(CoreDescriptor descriptor)
    {
        var name = descriptor.Name;
        if (!CoreName().IsMatch(name))
        {
            throw SolrException.BadRequest(
                $"Invalid core: [{name}]. core names must consist entirely of periods, underscores, hyphens, and alphanumerics as well not start with a hyphen");
        }

        lock (_gate)
        {
            if (_cores.ContainsKey(name))
            {
                throw new SolrException(new SolrError(500, $"Core with name '{name}' already exists."));
            }

            if (!CoreConfig.Exists(descriptor.ConfigSet))
            {
                throw SolrException.BadRequest(
                    $"Error CREATEing SolrCore '{name}': Unable to create core [{name}] Caused by: Could not load configuration from directory configsets/{descriptor.ConfigSet}");
            }

            var directory = Path.Combine(_options.DataDirectory, name);
            if (File.Exists(Path.Combine(directory, CoreDescriptor.FileName)))
            {
                throw new SolrException(new SolrError(500, $"Could not create a new core in {directory} as another core is already defined there"));
            }

            try
            {
                Directory.CreateDirectory(directory);
                var core = new SolrCore(descriptor, directory, _options, _counters, _logger);
                descriptor.Write(directory);
                Publish(cores => cores[name] = core);
            }
            catch (Exception exception) when (exception is SandboxException or IOException or UnauthorizedAccessException)
            {
                throw SolrException.BadRequest($"Error CREATEing SolrCore '{name}': Unable to create core [{name}] Caused by: {exception.Message}");
            }
        }
    }

    /// <exception cref="SolrException">There is no such core.</exception>
    public void Unload(string name, bool deleteFiles)
    {
        lock (_gate)
        {
            if (Find(name) is not { } core)
            {
                throw SolrException.BadRequest($"Cannot unload non-existent core [{name}]");
            }

            Publish(cores => cores.Remove(name));
            core.Dispose();
            if (deleteFiles)
            {
                Directory.Delete(core.Directory, recursive: true);
            }
            else
            {
                File.Delete(Path.Combine(core.Directory, CoreDescriptor.FileName));
            }
        }
    }

    /// <summary>Gives two cores each other's names, at once for requests and in one piece on disk.</summary>
    /// <exception cref="SolrException">There is no such core.</exception>
    public void Swap(string name, string otherName)
    {
        lock (_gate)
        {
            var core = Find(name) ?? throw SolrException.BadRequest($"No such core: {name}");
            var other = Find(otherName) ?? throw SolrException.BadRequest($"No such core: {otherName}");
            CoreSwap.Begin(_options.DataDirectory, (core.Directory, otherName), (other.Directory, name));
            CoreSwap.Finish(_options.DataDirectory);
            core.Rename(otherName);
            other.Rename(name);
            Publish(cores => (cores[name], cores[otherName]) = (other, core));
        }
    }

    /// <summary>Shows what is pending, as a reload does; a configset does not change while the process runs.</summary>
    /// <exception cref="SolrException">There is no such core.</exception>
    public async Task ReloadAsync(string name)
    {
        var core = Find(name) ?? throw SolrException.BadRequest($"No such core: {name}");
        if (await core.CommitAsync(new CommitOptions(Soft: false, OpenSearcher: true)).ConfigureAwait(false) is { } error)
        {
            throw new SolrException(error);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var core in _cores.Values)
            {
                core.Dispose();
            }

            _cores = [];
            _lock.Dispose();
        }
    }

    private void Publish(Action<Dictionary<string, SolrCore>> change)
    {
        var cores = new Dictionary<string, SolrCore>(_cores, StringComparer.Ordinal);
        change(cores);
        Volatile.Write(ref _cores, cores);
    }

    [GeneratedRegex(@"\A(?!\.+\z)[A-Za-z0-9_.][A-Za-z0-9_.-]*\z")]
    private static partial Regex CoreName();
}
