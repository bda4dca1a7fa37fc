// `npm run bench`: measures, prints a table, and writes it to docs/benchmarks.md. Names given as arguments run alone.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { benchDetails } from './details.mjs';
import { benchFiles } from './files.mjs';
import { benchFind } from './find.mjs';
import { benchFrames } from './frames.mjs';
import { benchLatency } from './latency.mjs';
import { benchProbe } from './probe.bench.mjs';
import { benchUsage } from './usage.mjs';

const BENCHES = [
  ['probe', 'The probe beside lsns', benchProbe],
  ['latency', 'From the engine’s event to the screen', benchLatency],
  ['details', 'What a namespace holds', benchDetails],
  ['usage', 'Who uses the machine', benchUsage],
  ['files', 'Files from anywhere', benchFiles],
  ['find', 'Finding any handle', benchFind],
  ['frames', 'Frames while zooming and panning', benchFrames],
];

function machine() {
  const [cpu] = cpus();
  const system = /PRETTY_NAME="?([^"\n]*)/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${memory} GiB, ${system}, Linux ${release()}, Node ${process.versions.node}`;
}

/** Three digits that mean something. */
function number(value) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '—';
}

function section(title, rows) {
  const lines = rows.map(({ name, value, unit, goal, ok, atLeast }) => {
    const verdict = ok === null ? '' : ok ? 'met' : '**missed**';
    return `| ${name} | ${atLeast ? 'more than ' : ''}${number(value)} ${unit} | ${goal ?? ''} | ${verdict} |`;
  });
  return [`## ${title}`, '', '| What | Measured | Goal | |', '| --- | ---: | ---: | --- |', ...lines, ''].join('\n');
}

const wanted = process.argv.slice(2);
const sections = [];
let missed = 0;
for (const [key, title, bench] of BENCHES) {
  if (wanted.length > 0 && !wanted.includes(key)) continue;
  console.log(`Measuring: ${title} …`);
  const rows = await bench();
  missed += rows.filter(({ ok }) => ok === false).length;
  sections.push(section(title, rows));
}
const text = `# Benchmarks

Written by \`npm run bench\`; ratios are measured side by side in one run.
Machine: ${machine()}.

${sections.join('\n')}`;
console.log(`\n${text}`);
if (wanted.length === 0) writeFileSync('docs/benchmarks.md', text);
if (missed > 0) console.log(`${missed} goals missed.`);
process.exit(missed > 0 ? 1 : 0);
