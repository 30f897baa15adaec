using System.Text.RegularExpressions;
using Hybrid.Sandbox.Tests.Conformance.Peers;
using Hybrid.Sandbox.Tests.Solr;

namespace Hybrid.Sandbox.Tests.Conformance.Solr;

/// <content>What the tests run against.</content>
public sealed partial class CurlTests
{
    /// <summary>One core with four visible documents and a tombstone; nothing in these tests is committed.</summary>
    public sealed partial class Shop : IAsyncLifetime
    {
        private readonly TemporaryDirectory _directory = new();
        private RunningSolr _solr = null!;

        public async Task InitializeAsync()
        {
            _solr = await RunningSolr.StartAsync(_directory.Path);
            await _solr.UpdateAsync(
                """
                [{"id":"a","title_t":"Tea & <cake> \"é\"\n","category_s":"tea","price_d":2.5,"quantity_l":3,"deleted_b":false,
                  "event_time_dt":"2011-12-01T08:05:00Z","signal_related_ss":["x","y"]},
                 {"id":"b","category_s":"cup","price_d":1e10,"quantity_l":-1},{"id":"c","category_s":"tea"},{"id":"d","quantity_l":-1},
                 {"id":"e","category_s":"hidden","deleted_b":true}]
                """,
                "commit=true");
        }

        public async Task DisposeAsync()
        {
            await _solr.DisposeAsync();
            _directory.Dispose();
        }

        /// <summary>Runs curl on an address below <c>/solr/</c>; the time in the answer is set to 0.</summary>
        internal async Task<(string Output, string Status)> CurlAsync(string[] arguments)
        {
            var run = await Peer.Curl.RunAsync(
                ["-sSg", "-w", "\n%{http_code} %{content_type}", $"{_solr.Server.BaseAddress}/{arguments[0]}", .. arguments[1..]]);
            var output = run.Succeeded();
            var end = output.LastIndexOf('\n');
            return (QueryTime().Replace(output[..end], "${before}0"), output[(end + 1)..]);
        }

        [GeneratedRegex("""(?<before>"QTime":|<int name="QTime">)\d+""")]
        private static partial Regex QueryTime();
    }
}
