using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Hybrid.EndToEnd.Tests.Reporting;

/// <summary>A headless Chromium, driven by the Chrome DevTools Protocol over its WebSocket. Tests that need one carry the trait <c>Peer</c>, <c>chromium</c>.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Listening = "DevTools listening on ";
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("hybrid-chromium-");
    private Process? _process;
    private Uri? _endpoint;

    public async Task InitializeAsync()
    {
        var start = new ProcessStartInfo(Program())
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in (string[])
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--hide-scrollbars",
            "--remote-debugging-port=0", $"--user-data-dir={_profile.FullName}", "about:blank",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        var found = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                found.TrySetException(new InvalidOperationException("chromium ended before it listened"));
            }
            else if (line.Data.StartsWith(Listening, StringComparison.Ordinal))
            {
                found.TrySetResult(new Uri(line.Data[Listening.Length..].Trim()));
            }
        };
        _process.BeginErrorReadLine();
        _endpoint = await found.Task.WaitAsync(s_limit);
    }

    /// <summary>Opens a page of so many pixels across.</summary>
    internal async Task<BrowserPage> OpenAsync(string file, int width, int height, string scheme = "light", string media = "screen")
    {
        var page = await BrowserPage.ConnectAsync(_endpoint!, s_limit);
        await page.ShowAsync(new Uri(file), width, height, scheme, media);
        return page;
    }

    public async Task DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        // Its helpers may outlive it by a moment and write their last files.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                _profile.Delete(recursive: true);
                return;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException && attempt < 50)
            {
                await Task.Delay(100);
            }
        }
    }

    private static string Program() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(directory => s_names.Select(name => Path.Combine(directory, name)))
        .FirstOrDefault(File.Exists) ?? s_names[0];
}

/// <summary>A page in the browser.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly TimeSpan _limit;
    private readonly List<string> _complaints = [];
    private readonly HashSet<string> _events = [];
    private string? _session;
    private int _last;

    private BrowserPage(TimeSpan limit) => _limit = limit;

    /// <summary>Errors and warnings of the console, and exceptions that nobody caught.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public static async Task<BrowserPage> ConnectAsync(Uri endpoint, TimeSpan limit)
    {
        var page = new BrowserPage(limit);
        using var patience = new CancellationTokenSource(limit);
        await page._socket.ConnectAsync(endpoint, patience.Token);
        var target = await page.CallAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        var attached = await page.CallAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target["targetId"]!.GetValue<string>(), ["flatten"] = true });
        page._session = attached["sessionId"]!.GetValue<string>();
        foreach (var domain in (string[])["Page", "Runtime", "Log"])
        {
            await page.CallAsync($"{domain}.enable");
        }

        return page;
    }

    public async Task ShowAsync(Uri file, int width, int height, string scheme, string media)
    {
        await CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 });
        await CallAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["media"] = media,
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }),
        });
        _events.Clear();
        await CallAsync("Page.navigate", new JsonObject { ["url"] = file.AbsoluteUri });
        while (!_events.Contains("Page.loadEventFired"))
        {
            Take(await ReceiveAsync());
        }
    }

    public Task WithoutScriptsAsync() => CallAsync("Emulation.setScriptExecutionDisabled", new JsonObject { ["value"] = true });

    /// <summary>What a JavaScript expression comes to.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var answer = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true });
        Assert.True(answer["exceptionDetails"] is null, answer.ToJsonString());
        return answer["result"]!["value"];
    }

    public async Task<string[]> ListAsync(string expression) => [.. (await EvaluateAsync(expression))!.AsArray().Select(one => one!.GetValue<string>())];

    /// <summary>The page on paper, PDF.</summary>
    public async Task<byte[]> PrintAsync() => Convert.FromBase64String((await CallAsync("Page.printToPDF"))["data"]!.GetValue<string>());

    public async Task MoveAsync(double x, double y) =>
        await CallAsync("Input.dispatchMouseEvent", new JsonObject { ["type"] = "mouseMoved", ["x"] = x, ["y"] = y });

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(_limit);
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        _socket.Dispose();
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject? parameters = null)
    {
        var id = ++_last;
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (_session is not null)
        {
            call["sessionId"] = _session;
        }

        using var patience = new CancellationTokenSource(_limit);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        while (true)
        {
            var message = await ReceiveAsync();
            if (message["id"]?.GetValue<int>() == id)
            {
                return message["result"] ?? throw new InvalidOperationException($"{method}: {message["error"]?.ToJsonString()}");
            }

            Take(message);
        }
    }

    private void Take(JsonNode message)
    {
        var method = message["method"]?.GetValue<string>();
        if (method is null)
        {
            return;
        }

        _events.Add(method);
        var parameters = message["params"]!;
        switch (method)
        {
            case "Runtime.exceptionThrown":
                _complaints.Add(parameters["exceptionDetails"]!.ToJsonString());
                break;
            case "Runtime.consoleAPICalled" when parameters["type"]!.GetValue<string>() is "error" or "warning" or "assert":
                _complaints.Add(parameters["args"]!.ToJsonString());
                break;
            case "Log.entryAdded" when parameters["entry"]!["level"]!.GetValue<string>() is "error" or "warning":
                _complaints.Add(parameters["entry"]!["text"]!.GetValue<string>());
                break;
        }
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(_limit);
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = await _socket.ReceiveAsync(buffer, patience.Token);
            message.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
            {
                return JsonNode.Parse(message.ToArray())!;
            }
        }
    }
}
