// Runs steps and counts tests: what `npm test` and `npm run test:vm` have in common. Steps that are no tests (check,
// build) count as one each. What failed is named once more at the end, a line each that starts with `FAILED`: thousands
// of lines stand above it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { run, tool } from './run-steps.mjs';

/** No suite takes so long, in milliseconds, unless something in it hangs; a busy machine takes twice what a quiet one does. */
const LONGEST = 20 * 60_000;

/** The first line of why a test failed. */
function firstLine(message = '') {
  return stripVTControlCharacters(message).trim().split('\n', 1)[0].slice(0, 300);
}

/** What failed in a report of vitest's: tests, and files in which a hook failed or that could not be read at all. */
function failedOfVitest({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const tests = assertionResults
      .filter((test) => test.status === 'failed')
      .map(({ fullName, failureMessages }) => `${file} › ${fullName}: ${firstLine(failureMessages[0])}`);
    return status === 'failed' && tests.length === 0 ? [`${file}: ${firstLine(message)}`] : tests;
  });
}

function skippedOfVitest({ testResults }) {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => `${relative(process.cwd(), name)} › ${fullName}`),
  );
}

/** The tests of a report of Playwright's that ended in one of the ways named, with the first error of each. */
function endedOfPlaywright(statuses, { specs = [], suites = [] }) {
  return [
    ...specs.flatMap(({ file, title, tests }) =>
      tests
        .filter(({ status }) => statuses.includes(status))
        .map(({ results }) => `${file} › ${title}: ${firstLine(results[0]?.error?.message)}`),
    ),
    ...suites.flatMap((suite) => endedOfPlaywright(statuses, suite)),
  ];
}

export function createCounts() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const reports = mkdtempSync(join(tmpdir(), 'bulkhead-test-'));
  const mustRun = process.env.BULKHEAD_MUST_RUN === '1';
  const failures = [];
  const skips = [];

  function count(passed, failed, skipped) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }

  /** Reads a report; a runner that died without one, or that failed outside of any test, is a failure. */
  function tally(name, ok, seconds, read) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const told = [];
    try {
      const { named, left, ...numbers } = read();
      Object.assign(counts, numbers);
      told.push(...named);
      skips.push(...left.map((what) => `${name}: ${what}`));
    } catch {
      told.push('it left no report');
    }
    if (ok && counts.passed + counts.skipped === 0) told.push('it ran no test');
    if (!ok && told.length === 0) told.push('see its output');
    counts.failed = Math.max(counts.failed, told.length);
    failures.push(...told.map((what) => `${name}: ${what}`));
    count(counts.passed, counts.failed, counts.skipped);
    const { passed, failed, skipped } = counts;
    console.log(`== ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds.toFixed(0)} s)`);
  }

  return {
    async step(name, script) {
      console.log(`\n== ${name}`);
      const { ok, seconds } = await run(...tool(script));
      count(ok ? 1 : 0, ok ? 0 : 1, 0);
      if (!ok) failures.push(name);
      console.log(`== ${name}: ${ok ? 'ok' : 'FAILED'} (${seconds.toFixed(0)} s)`);
      return ok;
    },
    /** @param again after a failure: may the project run once more, because what failed was not ours? Says so itself. */
    async vitest(project, { again = () => false, timeoutMs = LONGEST, ...options } = {}) {
      console.log(`\n== ${project}`);
      const file = join(reports, `${project}.json`);
      const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
      const once = () => run(...tool('node_modules/vitest/vitest.mjs', ...args), { ...options, timeoutMs });
      let { ok, seconds } = await once();
      if (!ok && again()) ({ ok, seconds } = await once());
      tally(project, ok, seconds, () => {
        const report = JSON.parse(readFileSync(file, 'utf8'));
        return {
          passed: report.numPassedTests,
          failed: report.numFailedTests,
          skipped: report.numPendingTests + report.numTodoTests,
          named: failedOfVitest(report),
          left: skippedOfVitest(report),
        };
      });
    },
    /** @param args further arguments, for example `--project=web` */
    async playwright(name, args = [], { env = {}, timeoutMs = LONGEST } = {}) {
      console.log(`\n== ${name}`);
      const file = join(reports, 'playwright.json');
      const words = ['test', '--reporter=list,json', ...args];
      const { ok, seconds } = await run(...tool('node_modules/@playwright/test/cli.js', ...words), {
        timeoutMs,
        env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
      });
      tally(name, ok, seconds, () => {
        const report = JSON.parse(readFileSync(file, 'utf8'));
        const { expected, unexpected, flaky, skipped } = report.stats;
        return {
          passed: expected,
          failed: unexpected + flaky,
          skipped,
          // A second attempt that passes does not make the first one good.
          named: [
            ...report.errors.map(({ message }) => firstLine(message)),
            ...endedOfPlaywright(['unexpected', 'flaky'], report),
          ],
          left: endedOfPlaywright(['skipped'], report),
        };
      });
    },
    /** What failed, then the last line, `N passed, N failed, N skipped`, and the exit code. */
    finish() {
      rmSync(reports, { recursive: true, force: true });
      console.log(skips.map((what) => `\nSKIPPED ${what}`).join(''));
      console.log(failures.map((what) => `\nFAILED ${what}`).join(''));
      if (mustRun && total.skipped > 0) console.log('\nBULKHEAD_MUST_RUN=1: a skipped test is a failure.');
      console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
      process.exitCode = total.failed > 0 || (mustRun && total.skipped > 0) ? 1 : 0;
    },
  };
}
