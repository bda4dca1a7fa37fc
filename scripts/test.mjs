// `npm test`: sets the machine up, checks, builds and runs every test that this machine can run. The last line is
// `N passed, N failed, N skipped`; steps that are no tests (check, build) count as one each.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, tool } from './run-steps.mjs';
import { prepareMachine } from './setup-debian.mjs';

const total = { passed: 0, failed: 0, skipped: 0 };
const reports = mkdtempSync(join(tmpdir(), 'bulkhead-test-'));
const mustRun = process.env.BULKHEAD_MUST_RUN === '1';

function count(passed, failed, skipped) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

async function step(name, script) {
  console.log(`\n== ${name}`);
  const { ok, seconds } = await run(...tool(script));
  count(ok ? 1 : 0, ok ? 0 : 1, 0);
  console.log(`== ${name}: ${ok ? 'ok' : 'FAILED'} (${seconds.toFixed(0)} s)`);
  return ok;
}

/** Reads a report; a runner that died without one, or that failed outside of any test, is a failure. */
function tally(name, ok, seconds, read) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    Object.assign(counts, read());
  } catch {
    console.log(`${name} left no report.`);
    counts.failed = 1;
  }
  if (!ok && counts.failed === 0) counts.failed = 1;
  if (ok && counts.passed + counts.skipped === 0) counts.failed = 1;
  count(counts.passed, counts.failed, counts.skipped);
  const { passed, failed, skipped } = counts;
  console.log(`== ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds.toFixed(0)} s)`);
}

async function vitest(project) {
  console.log(`\n== ${project}`);
  const file = join(reports, `${project}.json`);
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { ok, seconds } = await run(...tool('node_modules/vitest/vitest.mjs', ...args));
  tally(project, ok, seconds, () => {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(file, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  });
}

async function playwright() {
  console.log('\n== end to end');
  const file = join(reports, 'playwright.json');
  const { ok, seconds } = await run(...tool('node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'), {
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  });
  tally('end to end', ok, seconds, () => {
    const { stats } = JSON.parse(readFileSync(file, 'utf8'));
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
  });
}

async function mutations() {
  console.log('\n== deliberate breakages');
  const { ok, seconds, output } = await run(...tool('test/mutations/run.mjs'), { quiet: true, timeoutMs: 1_200_000 });
  console.log(output.trimEnd());
  tally('deliberate breakages', ok, seconds, () => {
    const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(output);
    return { passed: Number(passed), failed: Number(failed), skipped: 0 };
  });
}

prepareMachine();
await step('check', 'scripts/check.mjs');
const built = await step('build', 'scripts/build.mjs');
await step('build the probe', 'scripts/build-probe.mjs');
for (const project of ['unit', 'contract', 'probe', 'integration', 'cli']) await vitest(project);
if (built) {
  await playwright();
  await mutations();
}
console.log('\nNot run: the tests of the hidden VM, which take ten minutes more. npm run test:vm');
rmSync(reports, { recursive: true, force: true });

if (mustRun && total.skipped > 0) console.log('\nBULKHEAD_MUST_RUN=1: a skipped test is a failure.');
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || (mustRun && total.skipped > 0) ? 1 : 0;
