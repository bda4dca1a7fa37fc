import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/require.ts';

// Each version of clang-format breaks lines a little differently: it is this one that is obeyed.
const FORMATTER = 'clang-format-14';

describeWith('the look of the probe', { programs: [FORMATTER] }, () => {
  it.each(['native/probe/src', 'native/probe/test'])('in %s is as .clang-format says', (folder) => {
    const files = readdirSync(folder)
      .filter((name) => /\.[ch]$/.test(name))
      .map((name) => join(folder, name));
    expect(files).not.toEqual([]);
    const { status, stderr } = spawnSync(FORMATTER, ['--dry-run', '--Werror', ...files], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

/** Faults that compile without a warning: only an analyser that follows each way through a function sees them. */
const FAULTS = [
  ['possible-null-dereference', 'char *p = malloc(8); p[0] = (char)n; puts(p); free(p); return n;'],
  ['malloc-leak', 'char *p = malloc(8); if (p == NULL || n < 0) return 0; free(p); return 1;'],
] as const;

describeWith('the static analyser of the compiler', { linux: true, programs: ['gcc'] }, () => {
  let copy: string;
  const check = () => spawnSync('node', ['scripts/build-probe.mjs', '--check'], { cwd: copy, encoding: 'utf8' });
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'bulkhead-analyser-'));
    // The whole probe is checked by `npm run check`; here a program of one file, to be quick.
    for (const part of ['scripts', 'package.json', 'native/probe/test/spawn.c'])
      cpSync(part, join(copy, part), { recursive: true });
    mkdirSync(join(copy, 'native/probe/src'));
    writeFileSync(
      join(copy, 'native/probe/src/main.c'),
      '#include <stdio.h>\n#include <stdlib.h>\nint main(void) { return 0; }\n',
    );
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('has nothing to say where nothing is wrong', () => {
    expect(check()).toMatchObject({ status: 0, stderr: '' });
  });

  it.each(
    ['src/main.c', 'test/spawn.c'].flatMap((file) => FAULTS.map(([warning, body]) => [warning, file, body] as const)),
  )('%s in %s ends the check', (warning, file, body) => {
    const path = join(copy, 'native/probe', file);
    const text = readFileSync(path, 'utf8');
    try {
      writeFileSync(path, `${text}int planted(int n);\nint planted(int n) { ${body} }\n`);
      expect(check()).toMatchObject({ status: 1, stderr: expect.stringContaining(`[-Werror=analyzer-${warning}]`) });
    } finally {
      writeFileSync(path, text);
    }
  });
});
