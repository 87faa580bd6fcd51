// How a page looks: light and dark as the reader's system is, and fit for paper.

export const PAGE_STYLE = `
:root { color-scheme: light dark; --text: light-dark(#1a1d21, #e8eaed); --soft: light-dark(#5b6570, #a0a8b0);
  --line: light-dark(#dfe3e8, #383d44); --page: light-dark(#ffffff, #17191c); --accent: light-dark(#1c62c8, #6ea8ff);
  --better: light-dark(#0b6b3a, #5cd28f); --worse: light-dark(#b3261e, #ff8a80); }
body { margin: 0 auto; max-width: 1120px; padding: 32px 24px 64px; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 26px; overflow-wrap: anywhere; }
h2 { margin: 32px 0 12px; font-size: 18px; }
header p { margin: 4px 0 0; color: var(--soft); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px 32px; margin: 24px 0; }
.figures dt { color: var(--soft); font-size: 13px; }
.figures dd { margin: 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 16px; }
figure { margin: 0; }
figure img { display: block; width: 100%; border-radius: 6px; }
figcaption { margin-top: 4px; color: var(--soft); font-size: 13px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 0 24px; }
.chart-frame { max-width: 720px; }
.chart { width: 100%; height: auto; }
.key { margin-left: 14px; white-space: nowrap; }
.chart text { fill: var(--soft); font-size: 12px; }
.chart .grid { stroke: var(--line); }
.chart .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); text-align: right; font-weight: 400; }
th:first-child { text-align: left; }
thead th { color: var(--soft); font-size: 13px; }
.values td { text-align: left; overflow-wrap: anywhere; }
.values th { width: 220px; color: var(--soft); }
.swatch { display: inline-block; width: 14px; height: 14px; margin-right: 8px; border-radius: 3px; vertical-align: -2px;
  outline: 1px solid var(--line); print-color-adjust: exact; }
.better { color: var(--better); }
.worse { color: var(--worse); }
.bars td.bar { width: 45%; padding-right: 0; }
.bars .track { position: relative; height: 10px; border-radius: 3px; background: var(--line); }
.bars .fill { position: absolute; inset: 0 auto 0 0; border-radius: 3px; }
.definition { color: var(--soft); font-size: 13px; max-width: 80ch; }
.matrix { width: auto; font-size: 11px; }
.matrix th, .matrix td { padding: 3px 4px; border: 0; text-align: center; }
.matrix thead th { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; }
.matrix tbody th { text-align: right; }
pre { padding: 12px 16px; border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.notes { white-space: pre-wrap; }
@media print { body { max-width: none; padding: 0; } section { break-inside: avoid; } }
`;
