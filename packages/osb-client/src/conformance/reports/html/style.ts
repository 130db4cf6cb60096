/** The looks of the page: no font, image or rule from elsewhere; light or dark as the reader's system is, or as chosen. */
export const style = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#566173;--line:#d9dee6;--code:#f1f3f6;
--accent:#1f5fbf;--fail:#b3261e;--fail-bg:#fdecea;--warning:#8a5a00;--warning-bg:#fff4dc;--note:#1f5fbf;--note-bg:#e8f0fd;
--pass:#1c7a3f;--pass-bg:#e5f5ea;--na:#6a7482;--na-bg:#eceff3}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){--page:#12161d;--card:#1b212b;--ink:#e6eaf0;--soft:#9aa6b6;
--line:#313a48;--code:#141922;--accent:#84b3ff;--fail:#ff8a80;--fail-bg:#3a1d1d;--warning:#f3c267;--warning-bg:#352a12;
--note:#84b3ff;--note-bg:#1a2a44;--pass:#7fd49b;--pass-bg:#16301f;--na:#9aa6b6;--na-bg:#262e3a}}
:root[data-theme=dark]{color-scheme:dark;--page:#12161d;--card:#1b212b;--ink:#e6eaf0;--soft:#9aa6b6;--line:#313a48;
--code:#141922;--accent:#84b3ff;--fail:#ff8a80;--fail-bg:#3a1d1d;--warning:#f3c267;--warning-bg:#352a12;--note:#84b3ff;
--note-bg:#1a2a44;--pass:#7fd49b;--pass-bg:#16301f;--na:#9aa6b6;--na-bg:#262e3a}
:root[data-theme=light]{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,header>div{max-width:68rem;margin:0 auto;padding:0 1.25rem}
header{background:var(--card);border-bottom:1px solid var(--line);padding:1.5rem 0}
h1{font-size:1.05rem;font-weight:600;margin:0;color:var(--soft);overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:2.25rem 0 .75rem}
h3{font-size:1rem;margin:0}
p{margin:.4rem 0}
a{color:var(--accent)}
code,pre{font:.85rem/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.top{display:flex;gap:1rem;justify-content:space-between;align-items:center}
.verdict{display:flex;gap:.75rem;align-items:center;font-size:1.5rem;line-height:1.3;font-weight:650;margin:.75rem 0 .25rem}
.verdict .sign{flex:none;width:2.25rem;height:2.25rem;border-radius:50%;display:grid;place-items:center;font-size:1.2rem}
.facts{color:var(--soft);font-size:.9rem;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:.5rem 0 0;padding:0;list-style:none}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:1.25rem 0 0}
.tile{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--tone);border-radius:.5rem;padding:.6rem .9rem}
.tile b{display:block;font-size:1.6rem;line-height:1.2;color:var(--tone)}
.tile span{color:var(--soft);font-size:.85rem}
.fail{--tone:var(--fail);--tone-bg:var(--fail-bg)}
.warning{--tone:var(--warning);--tone-bg:var(--warning-bg)}
.note{--tone:var(--note);--tone-bg:var(--note-bg)}
.pass{--tone:var(--pass);--tone-bg:var(--pass-bg)}
.na{--tone:var(--na);--tone-bg:var(--na-bg)}
.sign,.badge{background:var(--tone-bg);color:var(--tone)}
.badge{border-radius:1rem;padding:.1rem .6rem;font-size:.78rem;font-weight:650;white-space:nowrap;flex:none}
.panel{background:var(--card);border:1px solid var(--line);border-radius:.5rem;overflow:hidden}
.panel.pad{padding:.75rem 1rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;padding:.45rem .9rem;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
th{color:var(--soft);font-weight:600;font-size:.82rem}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
td.zero{color:var(--soft);opacity:.55}
td.some{color:var(--tone);font-weight:650}
td button{all:unset;cursor:pointer;color:var(--accent);text-decoration:underline}
td button:focus-visible,.choice:focus-visible,summary:focus-visible,.small:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.bar{display:block;width:9rem;height:.5rem;border-radius:.25rem;background:var(--na-bg);margin-top:.45rem}
.bar rect{fill:var(--tone)}
.filters{position:sticky;top:0;z-index:1;background:var(--page);padding:.75rem 0;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.filters input,.filters select,.small{font:inherit;font-size:.92rem;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.4rem .6rem}
.filters input{flex:1 1 16rem;min-width:0}
.filters select{max-width:100%}
.choice{font:inherit;font-size:.85rem;cursor:pointer;border:1px solid var(--line);border-radius:1rem;padding:.25rem .75rem;background:var(--card);color:var(--soft)}
.choice[aria-pressed=true]{background:var(--tone-bg);border-color:var(--tone);color:var(--tone);font-weight:650}
.small{cursor:pointer;font-size:.82rem;padding:.2rem .55rem}
.shown{color:var(--soft);font-size:.9rem;margin:.25rem 0 .75rem}
.result,.platform{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--tone);border-radius:.5rem;margin:.5rem 0}
.result>summary,.platform>summary{display:flex;flex-wrap:wrap;gap:.2rem .7rem;align-items:baseline;cursor:pointer;padding:.6rem .9rem;list-style:none}
.result>summary::-webkit-details-marker,.platform>summary::-webkit-details-marker{display:none}
.result>summary::after,.platform>summary::after{content:"\\25B8";color:var(--soft);margin-left:auto}
.result[open]>summary::after,.platform[open]>summary::after{content:"\\25BE"}
.title{font-weight:600;flex:1 1 20rem;min-width:0;overflow-wrap:anywhere}
.ids,.subject{color:var(--soft);font-size:.85rem}
.body{padding:.1rem .9rem .9rem;border-top:1px solid var(--line)}
.rule{max-width:52rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1rem;margin:.6rem 0}
dt{color:var(--soft);font-size:.88rem}
dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
.exchange{border:1px solid var(--line);border-radius:.4rem;margin:.75rem 0 0;overflow:hidden}
.exchange>div{padding:.5rem .75rem;border-top:1px solid var(--line)}
.exchange>div:first-child{border-top:0}
.exchange .label{display:flex;flex-wrap:wrap;gap:.2rem .6rem;justify-content:space-between;align-items:center;color:var(--soft);font-size:.82rem}
.exchange .line{font-weight:650;overflow-wrap:anywhere}
pre{background:var(--code);border-radius:.3rem;padding:.5rem .65rem;margin:.4rem 0 0;overflow:auto;max-height:24rem;white-space:pre-wrap;overflow-wrap:anywhere}
.exchange details summary{cursor:pointer;color:var(--soft);font-size:.82rem;margin-top:.35rem}
#results,.result{scroll-margin-top:7rem}
.step>summary{cursor:pointer;padding:.3rem 0}
[hidden]{display:none!important}
footer{color:var(--soft);font-size:.85rem;padding:2.5rem 0}
@media (max-width:40rem){.verdict{font-size:1.2rem}.bar{display:none}th,td{padding:.4rem .5rem}dl{grid-template-columns:1fr}dt{margin-top:.3rem}.filters{position:static}}
@media print{.filters,.small{display:none}body{background:#fff}.result{break-inside:avoid}}
`.trim()
