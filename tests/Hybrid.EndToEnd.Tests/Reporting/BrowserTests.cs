using System.Text;
using Hybrid.Comparison.Reporting;
using Hybrid.Comparison.Reporting.Changes;
using Hybrid.Comparison.Reporting.Html;

namespace Hybrid.EndToEnd.Tests.Reporting;

/// <summary>The report as a browser shows it.</summary>
[Trait("Peer", "chromium")]
public sealed class BrowserTests : IClassFixture<Browser>, IDisposable
{
    private const int Phone = 360;
    private const int Desktop = 1440;
    private const int PaperWidth = 688;

    private readonly Browser _browser;
    private readonly string _directory = Directory.CreateTempSubdirectory("hybrid-browser-").FullName;
    private readonly string _file;

    public BrowserTests(Browser browser)
    {
        _browser = browser;
        _file = Path.Combine(_directory, "report.html");
        var report = RichReport.Create();
        File.WriteAllText(_file, HtmlReport.Render(report, ReportOptions.Standard() with { Changes = ReportChanges.Between(RichReport.Create(scale: 1.5), report) }), new UTF8Encoding(false));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(Phone, "light", "screen")]
    [InlineData(Phone, "dark", "screen")]
    [InlineData(768, "light", "screen")]
    [InlineData(Desktop, "light", "screen")]
    [InlineData(Desktop, "dark", "screen")]
    [InlineData(PaperWidth, "light", "print")]
    public async Task Page_HasNoErrorNothingThatOverflowsAndEveryChart(int width, string scheme, string media)
    {
        await using var page = await _browser.OpenAsync(_file, width, 800, scheme, media);
        Assert.Empty(page.Complaints);
        Assert.Empty(await page.ListAsync("""
            [...document.querySelectorAll('body *')].filter(element => !element.closest('.scroll, .tip, details:not([open])') && element.getBoundingClientRect().right > innerWidth + 1)
              .map(element => `${element.tagName}.${element.getAttribute('class')}: ${element.textContent.slice(0, 60)}`)
            """));
        Assert.InRange((await page.EvaluateAsync("document.documentElement.scrollWidth"))!.GetValue<int>(), 1, width);
        Assert.Equal(12, (await page.EvaluateAsync("[...document.querySelectorAll('figure > svg')].filter(svg => svg.getBoundingClientRect().width > 200).length"))!.GetValue<int>());
        Assert.Empty(await Unreadable(page));
        Assert.Empty(await Outside(page));
    }

    [Fact]
    public async Task Verdict_IsOnTheFirstScreenOfAPhone()
    {
        await using var page = await _browser.OpenAsync(_file, Phone, 640);
        Assert.InRange((await page.EvaluateAsync("document.querySelector('.verdict').getBoundingClientRect().bottom"))!.GetValue<double>(), 1, 640);
    }

    [Fact]
    public async Task Link_WithinThePage_LeadsSomewhere_AndEveryPointOfTheFrontierIsOne()
    {
        await using var page = await _browser.OpenAsync(_file, Desktop, 900);
        Assert.Empty(await page.ListAsync("[...document.querySelectorAll('a')].map(link => link.getAttribute('href')).filter(href => !href.startsWith('#') || !document.getElementById(href.slice(1)))"));
        Assert.Equal(10, (await page.EvaluateAsync("document.querySelector('#frontier').parentElement.querySelectorAll('svg.wide a circle').length"))!.GetValue<int>());
        Assert.Empty(await page.ListAsync("(ids => ids.filter((id, i) => ids.indexOf(id) !== i))([...document.querySelectorAll('[id]')].map(element => element.id))"));
    }

    [Fact]
    public async Task Script_NamesTheValuesUnderThePointerAndEnlargesAChart()
    {
        await using var page = await _browser.OpenAsync(_file, Desktop, 900);
        var box = (await page.EvaluateAsync("(svg => { svg.scrollIntoView({ block: 'center' }); const box = svg.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]; })(document.querySelector('svg.wide[data-x]'))"))!.AsArray();
        await page.MoveAsync(box[0]!.GetValue<double>(), box[1]!.GetValue<double>());
        Assert.Contains("streaming: ", (await page.EvaluateAsync("document.querySelector('.tip').hidden ? '' : document.querySelector('.tip').textContent"))!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True((await page.EvaluateAsync("document.querySelector('.zoom').click(), document.querySelector('dialog').open"))!.GetValue<bool>());
        Assert.True((await page.EvaluateAsync("""
            (svg => { const before = svg.getAttribute('viewBox');
              svg.dispatchEvent(new WheelEvent('wheel', { deltaY: -400, clientX: 700, clientY: 400, bubbles: true, cancelable: true }));
              return before !== svg.getAttribute('viewBox'); })(document.querySelector('dialog svg.wide'))
            """))!.GetValue<bool>());
        Assert.True((await page.EvaluateAsync("document.querySelector('dialog .zoom').click(), document.querySelector('dialog[open]') === null"))!.GetValue<bool>());
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Page_WithoutScript_SaysTheSame()
    {
        await using var page = await _browser.OpenAsync(_file, Desktop, 900);
        const string Said = "document.querySelector('main').innerText.replaceAll('enlarge', '').replace(/\\s+/g, ' ')";
        var with = (await page.EvaluateAsync(Said))!.GetValue<string>();
        await page.WithoutScriptsAsync();
        await page.ShowAsync(new Uri(_file), Desktop, 900, "light", "screen");
        Assert.Equal(0, (await page.EvaluateAsync("document.querySelectorAll('.zoom').length"))!.GetValue<int>());
        Assert.Equal(with, (await page.EvaluateAsync(Said))!.GetValue<string>());
    }

    [Fact]
    public async Task Page_OnPaper_IsAFewPages()
    {
        await using var page = await _browser.OpenAsync(_file, Desktop, 900);
        var paper = Encoding.Latin1.GetString(await page.PrintAsync());
        Assert.StartsWith("%PDF-", paper, StringComparison.Ordinal);
        Assert.InRange(paper.Split("/Type /Page\n").Length - 1, 3, 30);
    }

    /// <summary>Texts whose contrast with what they stand on is below 4.5 to 1 (WCAG 2.2, 1.4.3).</summary>
    private static Task<string[]> Unreadable(BrowserPage page) => page.ListAsync("""
        (() => {
          const channels = colour => { const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true }); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
          const cache = new Map(), known = colour => cache.get(colour) ?? cache.set(colour, channels(colour)).get(colour);
          const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const paper = known(getComputedStyle(document.body).backgroundColor);
          const ground = element => { for (let at = element; at; at = at.parentElement) { const colour = known(getComputedStyle(at).backgroundColor); if (colour[3] === 255) return colour; } return paper; };
          const poor = new Set();
          for (const element of document.querySelectorAll('main *')) {
            if (![...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()) || element.tagName === 'title') continue;
            const style = getComputedStyle(element), ink = known(element.closest('svg') ? style.fill : style.color);
            const [dark, light] = [luminance(ink), luminance(element.closest('svg') ? paper : ground(element))].sort((a, b) => a - b);
            if ((light + 0.05) / (dark + 0.05) < 4.5) poor.add(`${element.tagName}.${element.getAttribute('class')}: ${element.textContent.slice(0, 40)}`);
          }
          return [...poor];
        })()
        """);

    /// <summary>Texts of charts that reach out of their chart, or over each other on an axis.</summary>
    private static Task<string[]> Outside(BrowserPage page) => page.ListAsync("""
        [...document.querySelectorAll('figure > svg')].filter(svg => svg.getBoundingClientRect().width > 0).flatMap(svg => {
          const box = svg.getBoundingClientRect(), texts = [...svg.querySelectorAll('text')].map(text => [text, text.getBoundingClientRect()]);
          const out = texts.filter(([, at]) => at.left < box.left - 2 || at.right > box.right + 12 || at.top < box.top - 2 || at.bottom > box.bottom + 2).map(([text]) => `outside: ${text.textContent} in ${svg.getAttribute('aria-label')}`);
          const ticks = texts.filter(([text]) => text.classList.contains('tick') && text.getAttribute('text-anchor') === 'middle').sort((a, b) => a[1].left - b[1].left);
          const over = ticks.slice(1).filter(([, at], i) => at.left < ticks[i][1].right).map(([text]) => `over another: ${text.textContent} in ${svg.getAttribute('aria-label')}`);
          return [...out, ...over];
        })
        """);
}
