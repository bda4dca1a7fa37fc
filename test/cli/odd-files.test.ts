import { type ExecFileException, execFile } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { oddFiles } from '../support/odd-files.ts';
import { describeWith } from '../support/require.ts';

const PROGRAM = 'out/cli/bulkhead.js';

describeWith('files from anywhere, in the built command line', { files: [PROGRAM] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-odd-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const files = oddFiles(folder, true);

  const run = (args: readonly string[], stdin: string | null = null) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const options = { maxBuffer: 512 * 1024 * 1024 };
      const done = (error: ExecFileException | null, out: string, err: string) =>
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err });
      const child = execFile(process.execPath, [PROGRAM, ...args], options, done);
      if (child.stdin === null) return;
      // A file that is refused early is not read to its end.
      child.stdin.on('error', () => {});
      if (stdin === null) child.stdin.end();
      else createReadStream(stdin).pipe(child.stdin);
    });

  it.each(files)(
    '$name: a picture of it, or the reason',
    async ({ path, refused }) => {
      const { code, err } = await run(['export', path, '--format', 'svg', '-o', join(folder, 'out.svg')]);
      expect(err).not.toMatch(/\n\s+at |RangeError|heap/);
      if (refused === null) expect({ code, err }).toMatchObject({ code: 0 });
      else {
        expect(err).toMatch(refused);
        expect(code).toBe(2);
      }
    },
    180_000,
  );

  const [older] = files;
  const plain = older?.path ?? '';
  it.each([
    ['export', '-', '--format', 'csv-containers'],
    ['check', '-', '--json'],
    ['diff', '-', plain],
    ['diff', plain, '-'],
    ['why', 'web', '--snapshot', '-'],
    ['find', 'web', '--snapshot', '-'],
    ['isolation', '--snapshot', '-'],
    ['reach', 'host', 'web:80', '--snapshot', '-'],
  ])('%s %s %s: the standard input is read', async (...args) => {
    const { code, err } = await run(args, plain);
    expect(err).not.toMatch(/cannot be read|not JSON|Interrupted/);
    // 1 is a failure, 2 a file that cannot be used, 3 an engine that was looked for.
    expect([0, 4, 5]).toContain(code);
  });

  it('inspect: the standard input is read, and said to hold no details', async () => {
    const { code, out } = await run(['inspect', 'web', '--snapshot', '-'], plain);
    expect(out).toMatch(/details/);
    expect(code).toBe(1);
  });

  it('the standard input is one file only', async () => {
    expect(await run(['diff', '-', '-'], plain)).toMatchObject({ code: 2, err: expect.stringContaining('Only one') });
  });
});
