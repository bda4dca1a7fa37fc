import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sourceNote } from '../../scripts/build-shell.mjs';
import { describeWith } from '../support/require.ts';

it('says where the source of exactly that BusyBox is', () => {
  const note = sourceNote(Buffer.from('\0BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1)\0'));
  expect(note).toMatch(/apt-get source busybox=1:1\.35\.0-4\+deb12u1$/m);
  expect(note).toContain('version 2');
  expect(sourceNote(Buffer.from('something else'))).toContain("Debian's source package busybox:");
});

describeWith('the shell that is shipped', { files: ['resources/shell'] }, () => {
  it('has its licence and its source note beside it, for every architecture', () => {
    const folders = readdirSync('resources/shell');
    expect(folders).not.toEqual([]);
    for (const name of folders) {
      const folder = `resources/shell/${name}`;
      expect(readFileSync(`${folder}/LICENSE`, 'utf8')).toContain('GNU GENERAL PUBLIC LICENSE');
      expect(readFileSync(`${folder}/SOURCE`, 'utf8')).toBe(sourceNote(readFileSync(`${folder}/busybox`)));
    }
  });
});
