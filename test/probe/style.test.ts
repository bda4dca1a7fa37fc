import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
