"""The style sheet of the report: one column, made for A4 and for a mail program's preview.

Kinds of marks differ in colour and in the line below them, so that neither a colour-blind reader nor a grey printer
loses them; the colours are tints of the Okabe-Ito palette.
"""

STYLE = """
:root { color-scheme: light; --ink: #1c1b19; --soft: #6a665e; --rule: #d9d4c8; --deep: #17365c; --alarm: #a8380f; }
* { box-sizing: border-box; }
html { background: #f3f1ec; }
body { margin: 0 auto; max-width: 920px; padding: 44px 56px 40px; background: #fff; color: var(--ink);
  font: 14px/1.65 "PingFang SC", "Hiragino Sans GB", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei",
  sans-serif;
  font-variant-numeric: tabular-nums; }
h1, h2, .figure b { font-family: "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", SimSun, Georgia, serif; }
header { border-top: 3px solid var(--deep); padding-top: 12px; display: flex; justify-content: space-between;
  gap: 24px; color: var(--soft); font-size: 12.5px; }
header strong { color: var(--deep); letter-spacing: .08em; }
h1 { font-size: 27px; line-height: 1.4; font-weight: 700; margin: 22px 0 24px; text-wrap: balance; }
h2 { font-size: 18px; margin: 36px 0 2px; padding-top: 10px; border-top: 1px solid var(--ink); break-after: avoid; }
.note { color: var(--soft); font-size: 12.5px; margin: 0 0 10px; }
.figures { display: flex; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
.figure { flex: 1; padding: 10px 0 9px 14px; border-left: 1px solid var(--rule); }
.figure:first-child { border-left: 0; padding-left: 0; }
.figure b { display: block; font-size: 30px; line-height: 1.15; font-weight: 700; }
.figure.alarm b { color: var(--alarm); }
.figure span { color: var(--soft); font-size: 12.5px; }
table { width: 100%; border-collapse: collapse; font-size: 13px; }
th { text-align: left; font-weight: 500; color: var(--soft); font-size: 12px; border-bottom: 1px solid var(--ink); }
th, td { padding: 6px 12px 6px 0; vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
td { border-bottom: 1px solid var(--rule); }
td.n, th.n { text-align: right; white-space: nowrap; }
td b { font-weight: 600; }
tr { break-inside: avoid; }
.quiet { color: var(--soft); }
.key { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 12.5px; color: var(--soft); margin: 0 0 12px; }
.card { border: 1px solid var(--rule); border-radius: 3px; margin: 0 0 14px; break-inside: avoid; }
.card .top { display: flex; align-items: baseline; flex-wrap: wrap; gap: 2px 14px; padding: 8px 16px;
  border-bottom: 1px solid var(--rule); background: #faf9f6; }
.top .number { color: var(--soft); }
.top .verdict { font-weight: 700; color: var(--alarm); }
.top .lag { margin-left: auto; font-weight: 600; color: var(--deep); }
.sides { display: grid; grid-template-columns: 1fr 1fr; }
.side { padding: 10px 16px 12px; min-width: 0; }
.side + .side { border-left: 1px solid var(--rule); }
.who { font-size: 12.5px; color: var(--soft); margin: 0 0 6px; }
.who b { color: var(--ink); font-size: 14px; font-weight: 600; margin-right: 5px; }
.who .role { display: block; font-size: 11.5px; }
.text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; line-height: 1.9;
  font-size: 13.5px; }
.why { margin: 0; padding: 7px 16px 8px; border-top: 1px solid var(--rule); font-size: 12.5px; color: var(--soft); }
mark { color: inherit; padding: 1px 0; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
mark.exact { background: #fde6c4; border-bottom: 2px solid #b35900; }
mark.near { background: #d9ebf8; border-bottom: 2px dashed #0b63a5; }
mark.rewrite { background: #efe0f3; border-bottom: 3px dotted #86388f; }
mark[data-n]::before { content: attr(data-n); font-size: 9.5px; font-weight: 700; vertical-align: 4px; line-height: 0;
  padding: 0 2px 0 1px; color: var(--soft); }
.common { color: #8a867d; }
a { color: var(--deep); text-decoration: underline; text-underline-offset: 2px; }
ul { margin: 8px 0 0; padding-left: 18px; font-size: 13px; }
.stamp { overflow-wrap: anywhere; }
footer { margin-top: 32px; padding-top: 10px; border-top: 3px solid var(--deep); color: var(--soft); font-size: 12px; }
@media screen and (max-width: 640px) { body { padding: 24px 18px; } .sides { grid-template-columns: 1fr; }
  .side + .side { border-left: 0; border-top: 1px solid var(--rule); } .figures { flex-wrap: wrap; }
  .figure { flex: 1 0 33%; } .figure:nth-child(3n+1) { border-left: 0; padding-left: 0; } }
@page { size: A4; margin: 14mm 15mm 15mm; }
@media print { html { background: #fff; } body { max-width: none; padding: 0; font-size: 9.5pt; }
  h1 { font-size: 18pt; } .text { font-size: 9.5pt; line-height: 1.75; }
  mark, .top { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
""".strip()
