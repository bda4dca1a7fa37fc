// Deliberate breakages: each changes one line of a copy of the project, and the tests named with it must fail. A line
// that is not found, or found twice, and a breakage that nobody notices are failures of the suite.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, tool } from '../../scripts/run-steps.mjs';
import { MUTATIONS } from './mutations.mjs';

const root = process.cwd();
const copy = mkdtempSync(join(tmpdir(), 'bulkhead-mutations-'));
const wanted = process.argv.slice(2);

function makeCopy() {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  for (const file of files.split('\0')) if (file !== '' && existsSync(file)) cpSync(file, join(copy, file));
  for (const built of ['out', 'resources/probe']) cpSync(built, join(copy, built), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
}

const PROBE = tool('scripts/build-probe.mjs', '--own');

/** The steps that must fail together: what has to be built first may not. */
const RUNNERS = {
  vitest: (project, file) => ({
    build: null,
    test: tool('node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--project', project, file),
  }),
  built: (project, file) => ({
    build: tool('scripts/build.mjs'),
    test: tool('node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--project', project, file),
  }),
  /** Changes of the probe's C: it is built for them. */
  probe: (file) => ({
    build: PROBE,
    test: tool('node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--project', 'probe', file),
  }),
  playwright: (project, file) => ({
    build: tool('scripts/build.mjs'),
    test: tool('node_modules/@playwright/test/cli.js', 'test', '-x', `--project=${project}`, file),
  }),
};

/** Null when the suite noticed, else what went wrong. */
async function attempt({ file, find, replace, by }) {
  const path = join(copy, file);
  const original = readFileSync(path, 'utf8');
  const count = original.split(find).length - 1;
  if (count !== 1) return `the line to change was found ${count} times in ${file}`;
  writeFileSync(
    path,
    original.replace(find, () => replace),
  );
  const { build, test } = RUNNERS[by[0]](...by.slice(1));
  const options = { quiet: true, cwd: copy, timeoutMs: 180_000 };
  try {
    if (build !== null) {
      const { ok, output } = await run(...build, options);
      if (!ok) return `it does not build:\n${output}`;
    }
    const { ok, output } = await run(...test, options);
    if (ok) return 'no test noticed';
    // A runner that found no test fails too, and proves nothing.
    return /[1-9]\d* failed/.test(output) ? null : `the tests did not run:\n${output}`;
  } finally {
    writeFileSync(path, original);
  }
}

makeCopy();
let noticed = 0;
let failed = 0;
/** The probe that is there has the last breakage of its C. */
let brokenProbe = false;
for (const mutation of MUTATIONS) {
  if (wanted.length > 0 && !wanted.some((word) => mutation.name.includes(word))) continue;
  const started = performance.now();
  const ofProbe = mutation.by[0] === 'probe';
  if (brokenProbe && !ofProbe) await run(...PROBE, { quiet: true, cwd: copy });
  brokenProbe = ofProbe;
  const problem = await attempt(mutation);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (problem === null) noticed += 1;
  else failed += 1;
  console.log(
    `${problem === null ? 'noticed' : 'FAILED '} ${mutation.name} (${seconds} s)${problem === null ? '' : `: ${problem}`}`,
  );
}
rmSync(copy, { recursive: true, force: true });
console.log(`${noticed} passed, ${failed} failed`);
process.exitCode = failed === 0 && noticed > 0 ? 0 : 1;
