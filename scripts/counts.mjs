// Runs steps and counts tests: what `npm test` and `npm run test:vm` have in common. Steps that are no tests (check,
// build) count as one each.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, tool } from './run-steps.mjs';

export function createCounts() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const reports = mkdtempSync(join(tmpdir(), 'bulkhead-test-'));
  const mustRun = process.env.BULKHEAD_MUST_RUN === '1';

  function count(passed, failed, skipped) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
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

  return {
    tally,
    async step(name, script) {
      console.log(`\n== ${name}`);
      const { ok, seconds } = await run(...tool(script));
      count(ok ? 1 : 0, ok ? 0 : 1, 0);
      console.log(`== ${name}: ${ok ? 'ok' : 'FAILED'} (${seconds.toFixed(0)} s)`);
      return ok;
    },
    /** @param again after a failure: may the project run once more, because what failed was not ours? Says so itself. */
    async vitest(project, { again = () => false, ...options } = {}) {
      console.log(`\n== ${project}`);
      const file = join(reports, `${project}.json`);
      const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
      let { ok, seconds } = await run(...tool('node_modules/vitest/vitest.mjs', ...args), options);
      if (!ok && again()) ({ ok, seconds } = await run(...tool('node_modules/vitest/vitest.mjs', ...args), options));
      tally(project, ok, seconds, () => {
        const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
          readFileSync(file, 'utf8'),
        );
        return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
      });
    },
    /** @param args further arguments, for example `--project=web` */
    async playwright(name, args = [], { env = {}, ...options } = {}) {
      console.log(`\n== ${name}`);
      const file = join(reports, 'playwright.json');
      const words = ['test', '--reporter=list,json', ...args];
      const { ok, seconds } = await run(...tool('node_modules/@playwright/test/cli.js', ...words), {
        ...options,
        env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
      });
      tally(name, ok, seconds, () => {
        const { stats } = JSON.parse(readFileSync(file, 'utf8'));
        return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
      });
    },
    /** The last line, `N passed, N failed, N skipped`, and the exit code. */
    finish() {
      rmSync(reports, { recursive: true, force: true });
      if (mustRun && total.skipped > 0) console.log('\nBULKHEAD_MUST_RUN=1: a skipped test is a failure.');
      console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
      process.exitCode = total.failed > 0 || (mustRun && total.skipped > 0) ? 1 : 0;
    },
  };
}
