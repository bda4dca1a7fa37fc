import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { problemsOf } from '../../scripts/workflows.mjs';

const text = readFileSync('.github/workflows/ci.yml', 'utf8');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const REF = `\${{ github.ref }}`;
const check = (content: string) => problemsOf('ci.yml', content, scripts);

it('finds nothing in the workflow as it is', async () => {
  expect(await check(text)).toEqual([]);
});

it.each([
  ['an unknown key', 'timeout-minutes:', 'timeout-hours:', /Unexpected value 'timeout-hours'/],
  ['an expression that is none', REF, REF.slice(0, -2), /expression/],
  ['an unknown context', REF, REF.replace('github', 'gitlab'), /gitlab/],
  ['an action by its tag', /@[0-9a-f]{40} # v7\.0\.0/, '@v7', /no commit and release/],
  ['a script that is missing', 'npm run test:unit', 'npm run test:units', /no script test:units/],
  ['a branch’s name in a command', 'run: npm ci', `run: echo ${REF.replace('ref', 'head_ref')}`, /text of an event/],
  ['no permissions', 'permissions:\n', 'env:\n', /no permissions/],
])('finds %s', async (_, from, to, problem) => {
  const broken = text.replace(from, to);
  expect(broken).not.toBe(text);
  expect((await check(broken)).join('\n')).toMatch(problem);
});
