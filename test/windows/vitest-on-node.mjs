// The tests' own words (`describe`, `it`, `expect`, `vi`) with the matchers of Vitest, and a runner that takes one test
// after the other. Vitest itself does not start on Windows' Node under Wine: the compiler that it brings cannot be loaded
// there. The types are stripped by Node.
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const fromVitest = createRequire(createRequire(import.meta.url).resolve('vitest/package.json'));
const load = (require, name) => import(pathToFileURL(require.resolve(name)).href);
const { ASYMMETRIC_MATCHERS_OBJECT, chai, customMatchers, JestAsymmetricMatchers, JestChaiExpect, JestExtend } =
  await loadExpect();
const { fn } = await load(fromVitest, '@vitest/spy');

async function loadExpect() {
  const matchers = await load(fromVitest, '@vitest/expect');
  return { ...matchers, chai: await load(createRequire(fromVitest.resolve('@vitest/expect')), 'chai') };
}

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

export function expect(value, message) {
  return chai.expect(value, message);
}
Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
chai.expect.extend(expect, customMatchers);
expect.fail = chai.assert.fail;

async function waitFor(check, { timeout = 1_000, interval = 50 } = {}) {
  for (const start = Date.now(); ; ) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() - start > timeout) throw error;
    }
    await sleep(interval);
  }
}

/** `expect.poll(get).toBe(…)`: every matcher, tried until it holds. */
expect.poll = (get, options) =>
  new Proxy(
    {},
    {
      get:
        (_, matcher) =>
        (...args) =>
          waitFor(async () => expect(await get())[matcher](...args), options),
    },
  );

export const vi = { fn, waitFor };

/** A file, or what `describe` holds. */
const group = (name, parent) => ({
  name,
  parent,
  tests: [],
  beforeAll: [],
  afterAll: [],
  beforeEach: [],
  afterEach: [],
});
let current = group('', null);

/** `it.each(rows)('… %s', body)`. */
const each = (define) => (rows) => (name, body) => {
  for (const row of rows) {
    const values = Array.isArray(row) ? row : [row];
    // Vitest takes the words that the name asks for, and ignores the others.
    const wanted = name.match(/%[sdifjoO]/g)?.length ?? 0;
    define(format(name, ...values.slice(0, wanted)), () => body(...values));
  }
};

export function it(name, body) {
  current.tests.push({ name, body });
}
it.each = each(it);
const passOver = Object.assign(() => {}, { each: () => () => {} });
it.skipIf = (condition) => (condition ? passOver : it);

export function describe(name, body) {
  const outer = current;
  current = group(name, outer);
  outer.tests.push({ name, group: current });
  body();
  current = outer;
}
describe.each = each(describe);

const hook = (when) => (body) => void current[when].push(body);
export const beforeAll = hook('beforeAll');
export const afterAll = hook('afterAll');
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');
export { it as test };

const LIMIT_MS = 120_000;

function limited(body) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${LIMIT_MS / 1000} s.`)), LIMIT_MS);
  });
  return Promise.race([(async () => body())(), late]).finally(() => clearTimeout(timer));
}

const chain = (of) => (of === null ? [] : [...chain(of.parent), of]);

async function runOne(of, body) {
  const groups = chain(of);
  try {
    for (const { beforeEach: hooks } of groups) for (const run of hooks) await limited(run);
    await limited(body);
  } finally {
    for (const { afterEach: hooks } of groups.reverse()) for (const run of hooks) await limited(run);
  }
}

async function runGroup(of, path, report) {
  try {
    for (const run of of.beforeAll) await limited(run);
    for (const test of of.tests) {
      const name = [...path, test.name];
      if (test.group !== undefined) await runGroup(test.group, name, report);
      else
        await runOne(of, test.body).then(
          () => report(name, null),
          (error) => report(name, error),
        );
    }
    for (const run of of.afterAll) await limited(run);
  } catch (error) {
    report([...path, 'its set-up'], error);
  }
}

/**
 * Runs one test file after the other.
 * @param report told of each test: its file, groups and name, and the error, or null
 */
export async function runFiles(files, report) {
  for (const file of files) {
    current = group(file, null);
    const whole = current;
    try {
      await import(pathToFileURL(file).href);
    } catch (error) {
      report([file], error);
      continue;
    }
    await runGroup(whole, [file], report);
  }
}
