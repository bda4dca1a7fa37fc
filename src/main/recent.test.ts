import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRecentFiles } from './recent.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bulkhead-recent-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('keeps the last eight, the newest first and each once, for the next start too', () => {
  const file = join(folder, 'not yet', 'recent.json');
  const changed = vi.fn();
  const recent = createRecentFiles(file, changed);
  for (let each = 0; each < 10; each++) recent.add(`/f/${each}`);
  recent.add('/f/5');
  expect(recent.list()).toEqual(['/f/5', '/f/9', '/f/8', '/f/7', '/f/6', '/f/4', '/f/3', '/f/2']);
  expect(createRecentFiles(file, () => {}).list()).toEqual(recent.list());
  expect(changed).toHaveBeenCalledTimes(11);
  recent.clear();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([]);
});

it.each(['', '{', '{"a":1}', '[1,null,"/f/x"]'])('a damaged list (%j) costs nothing', (text) => {
  const file = join(folder, 'recent.json');
  writeFileSync(file, text);
  const recent = createRecentFiles(file, () => {});
  expect(recent.list()).toEqual(text.includes('/f/x') ? ['/f/x'] : []);
  recent.add('/f/y');
  expect(createRecentFiles(file, () => {}).list()[0]).toBe('/f/y');
});

it('goes on where the list cannot be kept', () => {
  writeFileSync(join(folder, 'file'), '');
  const recent = createRecentFiles(join(folder, 'file', 'recent.json'), () => {});
  recent.add('/f/x');
  expect(recent.list()).toEqual(['/f/x']);
});
