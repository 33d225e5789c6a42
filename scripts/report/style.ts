/** Colours that are told apart on paper and on a dark screen, 3:1 against the ground at least. */
const TOLD_APART = [
  ['#0b65c2', '#6cb6ff'],
  ['#b35900', '#ffa657'],
  ['#8250df', '#d2a8ff'],
  ['#1a7f37', '#56d364'],
  ['#bf3989', '#ff9bce'],
  ['#0f766e', '#39d0c8'],
  ['#7a5c2e', '#d9b67c'],
  ['#57606a', '#adbac7'],
] as const;
/** Of the ways of a task: the first two differ along the blue–orange axis. */
const WAYS = [0, 1, 3, 2] as const;

const LIGHT = {
  ground: '#ffffff',
  raised: '#f6f8fa',
  text: '#1f2328',
  soft: '#59636e',
  line: '#d1d9e0',
  grid: '#e4e8ec',
  link: '#0b57d0',
  bad: '#c62828',
  post: '#8c959f',
  ball: '#e0a800',
} as const;
const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  ground: '#0d1117',
  raised: '#151b24',
  text: '#e8edf4',
  soft: '#b3bdcb',
  line: '#34404f',
  grid: '#222b37',
  link: '#8ec7ff',
  bad: '#ff7b88',
  post: '#768390',
  ball: '#ffc629',
};

function variables(colours: Readonly<Record<string, string>>, of: 0 | 1): string {
  const named = Object.entries(colours).map(([name, colour]) => `--${name}:${colour};`);
  return [...named, ...TOLD_APART.map((pair, n) => `--c${n}:${pair[of]};`)].join('');
}

const RULES = `
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem clamp(1rem,4vw,3rem) 4rem;max-width:1500px;background:var(--ground);
color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
h1{font-size:1.75rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.25rem;margin:2.5rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--line)}
p{margin:.5rem 0;max-width:75ch}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,.scrolled:focus-visible{outline:2px solid var(--link);outline-offset:2px}
nav ul,.legend{list-style:none;margin:.5rem 0;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
nav a{display:inline-block;padding:.25rem 0}
.under{color:var(--soft);overflow-wrap:anywhere}
.legend li{display:flex;align-items:center;gap:.4rem}
.panels{display:flex;flex-wrap:wrap;gap:1.25rem 1.75rem;align-items:flex-start}
figure{margin:0;min-width:0}
.panels figcaption{font-weight:600;overflow-wrap:anywhere}
svg{max-width:100%;height:auto;display:block;overflow:visible}
.legend svg{flex:none}
svg text{fill:var(--text);font-size:11.5px;font-variant-numeric:tabular-nums}
svg .tick,svg .axis{fill:var(--soft);font-size:11px}
svg .letters{fill:var(--soft);font-size:11.5px}
.grid{stroke:var(--grid);stroke-width:1}
.interval{stroke:currentColor;stroke-width:2;stroke-linecap:round;opacity:.55}
.curve{fill:none;stroke:currentColor;stroke-width:1.75}
.mark{fill:currentColor;stroke:var(--ground);stroke-width:1}
.mark.hollow{fill:var(--ground);stroke:currentColor;stroke-width:1.4}
.bars{fill:currentColor}
.stairs{fill:none;stroke:var(--soft);stroke-width:1;stroke-dasharray:3 3}
.scrolled{overflow-x:auto;max-width:100%;margin:.75rem 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.875rem}
caption{text-align:left;color:var(--soft);padding:.25rem 0}
th,td{padding:.25rem .6rem;text-align:left;vertical-align:top}
thead th{white-space:nowrap;border-bottom:2px solid var(--line);vertical-align:bottom}
tbody th{font-weight:600}
td.number,th.number{text-align:right;white-space:nowrap}
tbody tr{border-bottom:1px solid var(--grid)}
tbody+tbody{border-top:2px solid var(--line)}
#contenders tbody th{position:sticky;left:0;background:var(--ground)}
td,th{max-width:46ch;overflow-wrap:break-word}
#made-table td,#digests td,#left-out td{overflow-wrap:anywhere}
details{margin:.75rem 0}
summary{cursor:pointer;color:var(--link);padding:.25rem 0;width:fit-content}
dl{display:grid;grid-template-columns:max-content minmax(0,60ch);gap:.25rem 1rem}
dt{font-weight:600}
dd{margin:0}
.sheet{list-style:none;margin:1rem 0;padding:0;display:grid;
grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:1rem}
.sheet>li{background:var(--raised);border:1px solid var(--line);border-radius:8px;padding:.6rem}
.sheet>li.failure{border-color:var(--bad)}
.sheet svg{margin:0 auto}
.sheet figcaption{display:grid;gap:.1rem;font-size:.875rem;margin-top:.4rem;overflow-wrap:anywhere}
.sheet figcaption span{color:var(--soft)}
.sheet .failure .outcome,.sheet .unproven{color:var(--bad);font-weight:600}
code{font:.8125rem/1.4 ui-monospace,"SF Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
.copied{display:block;user-select:all;background:var(--ground);border:1px solid var(--line);border-radius:4px;
padding:.15rem .35rem;margin-top:.2rem}
.post{fill:var(--post)}
.ball{fill:var(--ball)}
.ball1{fill:var(--c3)}
.path{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
.path.failed{stroke-dasharray:5 3}
.start{fill:var(--text)}
.end{fill:currentColor}
.cross{fill:none;stroke:var(--bad);stroke-width:2.5;stroke-linecap:round}
.nowhere{color:var(--soft)}
.ways li::before{content:"";width:1.5rem;height:.2rem;background:currentColor;border-radius:2px}
@media (max-width:480px){body{font-size:15px}.sheet{grid-template-columns:repeat(auto-fill,minmax(150px,1fr))}}
@media print{
:root{${variables(LIGHT, 0)}color-scheme:light}
body{max-width:none;padding:0;font-size:10pt}
nav,summary{display:none}
.scrolled{overflow:visible}
table{font-size:7.5pt}
th,td{padding:.1rem .25rem}
figure,.sheet>li,tr{break-inside:avoid}
h2{break-after:avoid}
}`;

/** All of a report's style: its page needs nothing from elsewhere. */
export const STYLE = [
  `:root{color-scheme:light dark;${variables(LIGHT, 0)}}`,
  `@media (prefers-color-scheme:dark){:root{${variables(DARK, 1)}}}`,
  ...TOLD_APART.map((_, n) => `.c${n}{color:var(--c${n})}`),
  ...WAYS.map((n, way) => `.way${way}{color:var(--c${n})}`),
  RULES,
].join('\n');
