// `npm run check`: everything that can be wrong without running the product. One line a step, all of them every time.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findViolations } from './fences.mjs';
import { run, tool } from './run-steps.mjs';
import { workflowProblems } from './workflows.mjs';

function sources(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => /\.tsx?$/.test(name));
}

/** A command as a step: its output is shown only when it fails. */
const command =
  ([program, args]) =>
  async () => {
    const { ok, output } = await run(program, args, { quiet: true });
    return ok ? null : output;
  };

async function fences() {
  const { modules, violations } = await findViolations(process.cwd());
  const files = sources('src').length;
  // The guard against a checker that sees nothing and reports success.
  if (modules < files) return `only ${modules} of ${files} source files were seen: is TypeScript below 7 installed?`;
  return violations.length === 0 ? null : violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`).join('\n');
}

/** One such line opens the DOM or Node for a whole room, and neither the compiler nor the linter objects. */
async function references() {
  const found = sources('src').filter((file) => /^\s*\/\/\/\s*<reference/m.test(readFileSync(file, 'utf8')));
  return found.length === 0 ? null : `triple-slash references are not allowed: ${found.join(', ')}`;
}

async function workflows() {
  const problems = await workflowProblems(process.cwd());
  return problems.length === 0 ? null : problems.join('\n');
}

const steps = [
  [
    'format and lint',
    command(tool('node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '--error-on-warnings', '.')),
  ],
  ['types', command(tool('node_modules/typescript/bin/tsc', '-b'))],
  ['no triple-slash references', references],
  ['fences', fences],
  ['fences can fail', command(tool('node_modules/vitest/vitest.mjs', 'run', '--project', 'fence'))],
  ['workflows', workflows],
  ['unused code', command(tool('node_modules/knip/bin/knip.js'))],
  [
    'probe and its tests compile without warnings, and pass the static analyser',
    command(tool('scripts/build-probe.mjs', '--check')),
  ],
];

let failed = 0;
for (const [name, step] of steps) {
  const started = performance.now();
  const problem = await step().catch((error) => String(error?.stack ?? error));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${problem === null ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (problem !== null) {
    failed += 1;
    console.log(problem.trimEnd().replace(/^/gm, '       '));
  }
}
process.exitCode = failed === 0 ? 0 : 1;
