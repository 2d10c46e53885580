#include "ui/report_page.hpp"

namespace datamill::ui {

namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --bg: #f6f7f9; --card: #fff; --ink: #1c2430; --soft: #5d6878; --line: #dfe3e8;
  --track: #eef1f4; --done: #2f9e6e; --unchanged: #9aa5b1; --failed: #d64545; --skipped: #c99a2e; --cancelled: #d97a2b;
  --running: #3b7dd8; --cut-off: #8f5bd0; --not-started: #b8c0ca; --path: #1c2430; --pre: #f2f4f7; }
@media screen and (prefers-color-scheme: dark) { :root { --bg: #14181d; --card: #1c2229; --ink: #e4e8ee;
  --soft: #98a3b1; --line: #313942; --track: #262d36; --done: #3fbf87; --unchanged: #6d7885; --failed: #ef6a6a;
  --skipped: #d9b04c; --cancelled: #e8934a; --running: #5b9bf0; --cut-off: #ab7df0; --not-started: #4c5661;
  --path: #f4f6f9; --pre: #12161b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 14px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 28px 24px 48px; }
h1 { font-size: 22px; line-height: 1.3; margin: 6px 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 15px; margin: 0 0 12px; }
h3 { font-size: 14px; margin: 0 0 8px; overflow-wrap: anywhere; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px;
  margin-top: 18px; }
code, pre { font: 12px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { background: var(--pre); border: 1px solid var(--line); border-radius: 6px; padding: 10px 12px; margin: 8px 0 0;
  white-space: pre-wrap; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.pill { display: inline-block; padding: 1px 9px; border-radius: 99px; font-size: 12px; font-weight: 600; color: #fff;
  background: var(--c); white-space: nowrap; }
.s-done { --c: var(--done); } .s-unchanged { --c: var(--unchanged); } .s-failed { --c: var(--failed); }
.s-skipped { --c: var(--skipped); } .s-cancelled, .s-interrupted { --c: var(--cancelled); }
.s-running { --c: var(--running); } .s-cut-off { --c: var(--cut-off); } .s-not-started { --c: var(--not-started); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 12px 24px; margin: 16px 0 0; }
.facts dt { color: var(--soft); font-size: 12px; } .facts dd { margin: 0; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 16px; }
.gantt { position: relative; --label: clamp(130px, 22%, 270px); --took: 78px; }
.row { display: grid; grid-template-columns: var(--label) 1fr var(--took); align-items: center; min-height: 26px;
  position: relative; break-inside: avoid; }
.row:hover { background: var(--track); }
.label { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-right: 12px; }
.took { text-align: right; font-variant-numeric: tabular-nums; color: var(--soft); white-space: nowrap; }
.track { position: relative; height: 18px; }
.span { position: absolute; top: 5px; height: 8px; min-width: 3px; border-radius: 4px; background: var(--c);
  opacity: .28; }
.bar { position: absolute; top: 2px; height: 14px; min-width: 3px; border-radius: 3px; background: var(--c); }
.bar + .bar { box-shadow: -1px 0 0 var(--card); }
.crit { border-bottom: 4px solid var(--path); }
.retry { position: absolute; top: -1px; width: 0; height: 0; border: 5px solid transparent; border-top-color: var(--ink);
  margin-left: -5px; }
.note { font-size: 12px; color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.axis { color: var(--soft); font-size: 12px; min-height: 22px; }
.grid { position: absolute; top: 22px; bottom: 0; left: var(--label); right: var(--took); pointer-events: none; }
.grid i { position: absolute; top: 0; bottom: 0; border-left: 1px dashed var(--line); }
.tick { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.tick:first-child { transform: none; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 14px 0 0; font-size: 12px; color: var(--soft); }
.key { display: inline-block; width: 20px; height: 10px; border-radius: 3px; background: var(--c);
  margin-right: 6px; vertical-align: middle; }
.key.crit { height: 12px; } .key.mark { width: 0; height: 0; background: none; border-radius: 0;
  border: 5px solid transparent; border-top-color: var(--ink); vertical-align: -4px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-size: 12px; color: var(--soft); font-weight: 600; padding: 4px 12px 6px 0;
  border-bottom: 1px solid var(--line); white-space: nowrap; }
td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tr:last-child td { border-bottom: 0; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.w { min-width: 110px; } td.c { min-width: 140px; } td.what { min-width: 240px; width: 60%; }
td code { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 1; overflow: hidden;
  color: var(--soft); }
tr:hover td code { -webkit-line-clamp: none; }
tr.path td:first-child { box-shadow: inset 3px 0 0 var(--path); padding-left: 9px; }
.card { border-left: 4px solid var(--c); padding: 2px 0 2px 14px; margin-top: 14px; break-inside: avoid; }
.card p { margin: 4px 0; overflow-wrap: anywhere; } .card b { font-weight: 600; }
.card .card { margin-left: 2px; }
footer { margin-top: 22px; font-size: 12px; color: var(--soft); overflow-wrap: anywhere; }
@media (max-width: 700px) { .gantt { --label: 32%; --took: 62px; } main { padding: 16px 10px; } }
@media print { :root { --bg: #fff; } main { max-width: none; padding: 0; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 12px 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  td code { display: inline; } .scroll { overflow: visible; } }
)";

}  // namespace

std::string_view page_style() {
  return kStyle;
}

}  // namespace datamill::ui
