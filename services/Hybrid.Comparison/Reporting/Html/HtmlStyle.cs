namespace Hybrid.Comparison.Reporting.Html;

/// <summary>The report's style sheet: light and dark, phone and paper.</summary>
internal static class HtmlStyle
{
    public const string Sheet = """
        :root { color-scheme: light dark; --ink: #1a1f24; --soft: #57626d; --paper: #fbfbf9; --card: #f1f2ef; --rule: #dcdfda; --good: #12683a; --bad: #b3261e; --warn: #7d5200; --link: #1b4f9c;
          --lane0: #1f5fbf; --lane1: #c2410c; --lane2: #7e22a8; --lane3: #0f766e; --lane4: #4d7c0f; --lane5: #be185d; --lane6: #6b7280; --band: #b3261e18;
          --part0: #3b6fc4; --part1: #7aa5e6; --part2: #2a9187; --part3: #8fcfb5; --part4: #e08a4b; --part5: #c9547c; --part6: #8d6bc0; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e7e9eb; --soft: #a3adb8; --paper: #14171a; --card: #1e2226; --rule: #343a40; --good: #67d391; --bad: #ff8f86; --warn: #f1c069; --link: #8ab8ff;
          --lane0: #7db0ff; --lane1: #ff9b6b; --lane2: #d59bf5; --lane3: #5ed3c4; --lane4: #b3d977; --lane5: #f58ab8; --lane6: #aab2bc; --band: #ff8f8620;
          --part0: #6f9ff0; --part1: #a9c8fa; --part2: #4cbcae; --part3: #a9e2cb; --part4: #f0a66e; --part5: #e881a5; --part6: #b79be6; } }
        * { box-sizing: border-box; }
        html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: break-word; }
        main { margin: 0 auto; max-width: 66rem; padding: 1.4rem 1.1rem 3rem; }
        h1 { font-size: .95rem; margin: 0; color: var(--soft); font-weight: 650; letter-spacing: .02em; }
        .about { margin: 0 0 .9rem; color: var(--soft); font-size: .88rem; }
        h2 { font-size: 1.3rem; line-height: 1.25; margin: 3rem 0 .7rem; padding-top: .9rem; border-top: 2px solid var(--rule); }
        h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
        .verdict { font-size: 1.5rem; line-height: 1.32; font-weight: 650; margin: 0 0 1rem; max-width: 46rem; text-wrap: pretty; }
        p, ul { max-width: 48rem; } ul { padding-left: 1.2rem; margin: .6rem 0; } li { margin: .15rem 0; }
        a { color: var(--link); text-decoration: underline; text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); text-underline-offset: .18em; }
        nav { display: flex; flex-wrap: wrap; gap: .3rem .45rem; margin: 1.2rem 0 0; }
        nav a { text-decoration: none; background: var(--card); border: 1px solid var(--rule); border-radius: 999px; padding: .2rem .75rem; font-size: .88rem; }
        .scroll { overflow-x: auto; margin: .9rem 0; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .94rem; }
        th, td { text-align: right; padding: .42rem .65rem; border-bottom: 1px solid var(--rule); white-space: nowrap; vertical-align: top; }
        th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
        td.words, th.words { text-align: left; } td.words { white-space: normal; min-width: 8.5rem; } td a { overflow-wrap: anywhere; }
        thead th { color: var(--soft); font-weight: 600; font-size: .84rem; vertical-align: bottom; white-space: normal; } thead a { color: inherit; }
        td small { display: block; color: var(--soft); font-size: .83em; line-height: 1.25; } td small.warn { color: var(--warn); }
        tr:target > td, dt:target { background: color-mix(in srgb, var(--link) 14%, transparent); }
        .good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .warn { color: var(--warn); }
        .none, footer, .note { color: var(--soft); font-size: .88rem; } .note { margin: .4rem 0; }
        figure { margin: 1.5rem 0 1.9rem; position: relative; } figcaption { font-weight: 650; margin: 0 5.4rem .25rem 0; }
        figure > svg { width: 100%; height: auto; display: block; overflow: visible; }
        .narrow { display: none !important; }
        .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.6rem; } .pair figure { min-width: 0; margin: 1rem 0; }
        .pair .wide { display: none !important; } .pair .narrow { display: block !important; } .pair > :only-child { grid-column: 1 / -1; max-width: 34rem; }
        .grid { stroke: var(--rule); stroke-width: 1; } .tick, .label { fill: var(--soft); font-size: 12px; } .name, .value { fill: var(--ink); font-size: 13px; }
        .band { fill: var(--band); }
        .line { fill: none; stroke-width: 2.2; stroke-linejoin: round; } .front { fill: none; stroke: var(--ink); stroke-width: 1.4; stroke-dasharray: 2 4; opacity: .8; }
        .lane0 { --lane: var(--lane0); } .lane1 { --lane: var(--lane1); } .lane2 { --lane: var(--lane2); } .lane3 { --lane: var(--lane3); } .lane4 { --lane: var(--lane4); } .lane5 { --lane: var(--lane5); } .lane6 { --lane: var(--lane6); }
        .line.lane0, .line.lane1, .line.lane2, .line.lane3, .line.lane4, .line.lane5, .line.lane6 { stroke: var(--lane); }
        .line.lane1 { stroke-dasharray: 8 3; } .line.lane2 { stroke-dasharray: 2 3; } .line.lane3 { stroke-dasharray: 10 3 2 3; } .line.lane4 { stroke-dasharray: 14 5; } .line.lane5 { stroke-dasharray: 5 2 2 2 2 2; }
        .bar { fill: var(--lane, var(--soft)); } .mark { fill: var(--lane); stroke: var(--paper); stroke-width: 1.5; } .mark.hollow { fill: var(--paper); stroke: var(--lane); stroke-width: 2; }
        a:focus .mark, a:hover .mark { stroke: var(--ink); stroke-width: 2.5; }
        .part0 { fill: var(--part0); } .part1 { fill: var(--part1); } .part2 { fill: var(--part2); } .part3 { fill: var(--part3); } .part4 { fill: var(--part4); } .part5 { fill: var(--part5); } .part6 { fill: var(--part6); }
        .legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; font-size: .86rem; margin: .2rem 0 .5rem; color: var(--soft); } .legend svg { width: 28px; height: 8px; margin-right: .4rem; } .legend svg.dot { width: 11px; height: 11px; }
        dl { display: grid; grid-template-columns: minmax(6.5rem, max-content) minmax(0, 1fr); gap: .3rem 1.2rem; margin: 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
        .terms dt { color: var(--ink); font-weight: 600; } .terms dd { max-width: 46rem; }
        code { font: .88em ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: var(--card); padding: .1em .3em; border-radius: 3px; overflow-wrap: anywhere; }
        details { margin: .5rem 0; } summary { cursor: pointer; color: var(--link); }
        .zoom { position: absolute; top: -.15rem; right: 0; font: inherit; font-size: .82rem; color: var(--soft); background: none; border: 1px solid var(--rule); border-radius: 6px; padding: .05rem .5rem; cursor: pointer; }
        dialog { width: min(96vw, 90rem); max-width: none; max-height: 96vh; border: 1px solid var(--rule); border-radius: 10px; background: var(--paper); color: var(--ink); padding: 1rem 1.2rem; } dialog::backdrop { background: #0009; }
        dialog figure { margin: 0; } dialog svg.wide { cursor: grab; touch-action: none; overflow: hidden; } dialog .wide { display: block !important; max-height: 80vh; } dialog .narrow { display: none !important; }
        .tip { position: fixed; pointer-events: none; z-index: 9; background: var(--card); color: var(--ink); border: 1px solid var(--rule); border-radius: 6px; padding: .3rem .55rem; font-size: .82rem; font-variant-numeric: tabular-nums; white-space: pre; box-shadow: 0 2px 10px #0002; }
        @media (max-width: 640px) {
          body { font-size: 15.5px; } main { padding: 1rem .9rem 2.5rem; } .verdict { font-size: 1.22rem; } h2 { margin-top: 2.3rem; }
          figure > .wide { display: none !important; } figure > .narrow { display: block !important; } .pair { grid-template-columns: minmax(0, 1fr); } th, td { padding: .4rem .5rem; } .zoom { display: none; }
          td:first-child, th:first-child { position: sticky; left: 0; background: var(--paper); } td.words { min-width: 7rem; }
          dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: .5rem; } }
        @media print {
          :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --card: #f3f3f1; --rule: #ccc; --good: #12683a; --bad: #b3261e; --warn: #6b4700; --link: #000; --band: #b3261e18;
            --lane0: #1f5fbf; --lane1: #c2410c; --lane2: #7e22a8; --lane3: #0f766e; --lane4: #4d7c0f; --lane5: #be185d; --lane6: #6b7280; --part0: #3b6fc4; --part1: #7aa5e6; --part2: #2a9187; --part3: #8fcfb5; --part4: #e08a4b; --part5: #c9547c; --part6: #8d6bc0; }
          @page { margin: 14mm; } html { font-size: 9.5pt; } body { font-size: 1rem; } main { max-width: none; padding: 0; } nav, .zoom { display: none; } .scroll { overflow: visible; }
          table { font-size: 7.6pt; } th, td { padding: .25rem .3rem; white-space: normal; } thead th { font-size: 7.2pt; } td.words { min-width: 0; } figure, tr, dt { break-inside: avoid; } h2, h3, figcaption { break-after: avoid; } h2 { margin-top: 1.4rem; }
          figure > svg.wide { max-width: 150mm; } details:not(.runs)::details-content { content-visibility: visible; display: block; height: auto; } .verdict { font-size: 15pt; } a { text-decoration: none; } }
        """;
}
