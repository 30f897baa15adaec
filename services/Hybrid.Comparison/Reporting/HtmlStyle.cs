namespace Hybrid.Comparison.Reporting;

/// <summary>The report's style sheet: light and dark, phone and paper.</summary>
internal static class HtmlStyle
{
    public const string Sheet = """
        :root { color-scheme: light dark; --ink: #1c2126; --soft: #5b6672; --paper: #fdfdfc; --card: #f3f4f2; --rule: #d9dcd8; --good: #14713d; --bad: #b3261e; --warn: #8a5a00;
          --lane0: #1f5fbf; --lane1: #c2410c; --lane2: #0f766e; --lane3: #86198f; --lane4: #4d7c0f; --lane5: #6b7280; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e8ea; --soft: #9aa5b1; --paper: #15181b; --card: #1e2327; --rule: #343b41; --good: #5fd08c; --bad: #ff8a80; --warn: #f0b95b;
          --lane0: #7db0ff; --lane1: #ff9b6b; --lane2: #5ed3c4; --lane3: #e39bf0; --lane4: #b3d977; --lane5: #aab2bc; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 60rem; padding: 1.2rem 1rem 3rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: anywhere; }
        h1 { font-size: 1.15rem; margin: 0 0 .6rem; color: var(--soft); font-weight: 600; }
        h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
        .verdict { font-size: 1.35rem; line-height: 1.35; font-weight: 650; margin: 0 0 .8rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--rule); white-space: nowrap; }
        th:first-child, td:first-child, td.words, th.words { text-align: left; }
        td.words { white-space: normal; min-width: 11rem; }
        thead th { color: var(--soft); font-weight: 600; font-size: .85rem; vertical-align: bottom; }
        .good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .warn { color: var(--warn); }
        figure { margin: 1rem 0 1.6rem; } .plot { overflow-x: auto; } .plot > svg { width: 100%; min-width: 34rem; height: auto; display: block; }
        figcaption, .none, footer, .note { color: var(--soft); font-size: .88rem; }
        .grid { stroke: var(--rule); stroke-width: 1; } .tick, .label, .name, .value { fill: var(--soft); font-size: 12px; } .name, .value { fill: var(--ink); font-size: 13px; }
        .line { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
        .line.lane0 { stroke: var(--lane0); } .line.lane1 { stroke: var(--lane1); stroke-dasharray: 7 3; } .line.lane2 { stroke: var(--lane2); stroke-dasharray: 2 3; }
        .line.lane3 { stroke: var(--lane3); stroke-dasharray: 9 3 2 3; } .line.lane4 { stroke: var(--lane4); stroke-dasharray: 12 4; } .line.lane5 { stroke: var(--lane5); }
        .bar.lane0 { fill: var(--lane0); } .bar.lane1 { fill: var(--lane1); } .bar.lane2 { fill: var(--lane2); } .bar.lane3 { fill: var(--lane3); } .bar.lane4 { fill: var(--lane4); } .bar.lane5 { fill: var(--lane5); }
        .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .88rem; } .legend svg { width: 28px; height: 8px; margin-right: .35rem; }
        dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .2rem 1rem; margin: 0; } dt { color: var(--soft); } dd { margin: 0; }
        code { font-size: .88em; background: var(--card); padding: .1em .3em; border-radius: 3px; }
        a { color: inherit; }
        @media print { body { max-width: none; } figure { break-inside: avoid; } }
        """;
}
