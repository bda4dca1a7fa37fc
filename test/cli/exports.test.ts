import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { block, recordingHead } from '../../src/core/recording/blocks.ts';
import { encodeEntry } from '../../src/core/recording/recording.ts';
import { snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import { encodeSnapshot } from '../../src/core/snapshot/decode.ts';
import { describeWith } from '../support/require.ts';
import { SECRET, secretSnapshot } from '../support/secret.ts';

const PROGRAM = 'out/cli/bulkhead.js';

describeWith('files that the built command line makes', { files: [PROGRAM] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-compared-'));
  const path = (name: string) => join(folder, name);
  beforeAll(() => {
    const [old, now] = [
      ['web', 'old'],
      ['web', 'fresh'],
    ].map((names) => encodeSnapshot(snapshotOf({ containers: names.map((name) => ({ name })) })));
    writeFileSync(path('old.json'), old ?? '');
    writeFileSync(path('now.json'), now ?? '');
    writeFileSync(path('secret.json'), encodeSnapshot(secretSnapshot()));
    writeFileSync(path('later.json'), encodeSnapshot(secretSnapshot('-later')));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (args: readonly string[], stdin = '') =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const child = execFile(process.execPath, [PROGRAM, 'export', ...args], (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
      child.stdin?.end(stdin);
    });

  it('shows what is chosen, as the filter menu of the app does', async () => {
    const net = (name: string) => ({ name, id: null, ip: null, mac: null });
    const fleet = snapshotOf({
      containers: ['web', 'db', 'cache'].map((name) => ({ name, container: { networks: [net('backbone')] } })),
    });
    const stopped = fleet.containers.map((each) =>
      each.name === 'cache' ? { ...each, state: 'exited' as const } : each,
    );
    writeFileSync(path('chosen.json'), encodeSnapshot({ ...fleet, containers: stopped }));
    const svg = async (...more: string[]) => (await run([path('chosen.json'), '--format', 'svg', ...more])).out;
    const names = (text: string) => ['web', 'db', 'cache'].filter((name) => text.includes(`>${name}<`));
    expect(names(await svg())).toEqual(['web', 'db', 'cache']);
    expect(names(await svg('--running'))).toEqual(['web', 'db']);
    expect(names(await svg('--filter', 'name:web'))).toEqual(['web']);
    expect(await svg()).not.toContain('class="network"');
    expect(await svg('--networks')).toContain('class="network"');
    expect(await svg('--host-links')).not.toBe(await svg());
    expect(await svg('--host-links', '--kinds', 'net')).not.toBe(await svg('--host-links'));
    const table = await run([path('chosen.json'), '--format', 'csv', '--view', 'table', '--filter', '-name:web']);
    expect(table.out).toMatch(/^db,/m);
    expect(table.out).not.toMatch(/^web,/m);
    for (const [said, ...wrong] of [
      ['net', '--format', 'svg', '--kinds', 'nets'],
      ['volume', '--format', 'svg', '--filter', 'volume:x'],
      ['--networks', '--format', 'csv', '--networks'],
      ['--running', '--format', 'json', '--running'],
      ['--mask', '--format', 'svg', '--filter', 'web', '--mask'],
    ] as const) {
      const { code, err } = await run([path('chosen.json'), ...wrong]);
      expect([wrong, code]).toEqual([wrong, 2]);
      expect(err).toContain(said);
    }
  });

  it('a PNG is as large as --scale says, and colours are those of --theme', async () => {
    const sizeOf = async (scale: string): Promise<number> => {
      const target = path(`scale-${scale}.png`);
      expect((await run([path('now.json'), '--scale', scale, '-o', target])).code).toBe(0);
      // Source: PNG specification, IHDR.
      return readFileSync(target).readUInt32BE(16);
    };
    const [one, two, four] = [await sizeOf('1'), await sizeOf('2'), await sizeOf('4')];
    expect([two, four]).toEqual([one * 2, one * 4]);
    const svg = async (theme: string) => (await run([path('now.json'), '--format', 'svg', '--theme', theme])).out;
    const ground = /^<rect x="0" y="0" width="[\d.]+" height="[\d.]+" fill="(#\w{6})"\/>$/m;
    const grounds = [await svg('light'), await svg('dark'), await svg('transparent')].map(
      (text) => ground.exec(text)?.[1],
    );
    expect(grounds).toEqual(['#F4F6F8', '#1B222A', undefined]);
    // As elsewhere, `-` is no file.
    expect((await run([path('now.json'), '--format', 'svg', '-o', '-'])).out).toContain('<svg');
    for (const wrong of [
      ['svg', '--scale', '2'],
      ['json', '--theme', 'dark'],
    ]) {
      expect((await run([path('now.json'), '--format', ...wrong])).code).toBe(2);
    }
  });

  it('what came and what went is marked in each format that can', async () => {
    const both = [path('now.json'), '--compare', path('old.json')];
    const svg = await run([...both, '--format', 'svg']);
    expect(svg.out).toMatch(/data-name="old" data-change="removed"/);
    expect(svg.out).toMatch(/data-name="fresh" data-change="added"/);
    for (const format of ['dot', 'drawio', 'mermaid']) {
      const { code, out } = await run([...both, '--format', format]);
      expect(code).toBe(0);
      expect(out, format).toMatch(/removed/);
      expect(out, format).toMatch(/added/);
    }
    const { out } = await run([...both, '--format', 'csv']);
    expect(out).toMatch(/^old,removed,/m);
    const target = path('both.pdf');
    expect((await run([...both, '--view', 'table', '-o', target])).code).toBe(0);
    expect(readFileSync(target).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('masked, both have the same pseudonyms, and no original', async () => {
    const args = [path('later.json'), '--compare', path('secret.json'), '--mask'];
    const masked = await run([...args, '--format', 'svg']);
    expect(masked.out).not.toMatch(SECRET);
    // Two stayed, one came, one went: who is in both is called the same in both.
    const names = [...masked.out.matchAll(/class="container" data-name="([^"]*)"(?: data-change="(\w+)")?/g)];
    expect(new Set(names.map(([, name]) => name)).size).toBe(4);
    expect(names.map(([, , change]) => change).filter((change) => change !== 'changed')).toEqual(
      expect.arrayContaining(['added', 'removed']),
    );
    expect((await run([...args, '--format', 'csv'])).out).not.toMatch(SECRET);
  });

  it('moments of a recording are compared and masked as snapshots are', async () => {
    const at = (second: number, more: string) => ({ ...secretSnapshot(more), takenAt: `2026-01-01T12:00:0${second}Z` });
    const moments = [at(0, ''), at(5, '-later')].map((snapshot) =>
      block(gzipSync(encodeEntry({ type: 'snapshot', snapshot }))),
    );
    const recording = path('run.bulkhead');
    writeFileSync(recording, Buffer.concat([recordingHead(), ...moments]));
    const compared = await run([recording, '--compare', `${recording}@0s`, '--format', 'csv']);
    expect(compared.out).toMatch(/^secret-other,removed,/m);
    expect(compared.out).toMatch(/^secret-other-later,added,/m);
    expect((await run([recording, '--at', '0s', '--format', 'csv-containers'])).out).not.toMatch(/later/);
    for (const format of ['svg', 'json', 'markdown', 'drawio']) {
      const { code, out } = await run([recording, '--at', '0s', '--mask', '--format', format]);
      expect(code).toBe(0);
      expect(out, format).not.toMatch(SECRET);
    }
    const both = await run([recording, '--compare', `${recording}@0s`, '--mask', '--format', 'csv']);
    expect(both.out).not.toMatch(SECRET);
    expect(both.out.match(/,(added|removed),/g)).toHaveLength(2);
  });

  it('one of the two may be the standard input; what cannot be compared is refused', async () => {
    const old = readFileSync(path('old.json'), 'utf8');
    const piped = await run([path('now.json'), '--compare', '-', '--format', 'csv'], old);
    expect(piped.out).toMatch(/^old,removed,/m);
    for (const args of [
      ['-', '--compare', '-', '--format', 'svg'],
      [path('now.json'), '--compare', path('old.json'), '--format', 'json'],
      [path('now.json'), '--compare', path('old.json'), '--format', 'svg', '--view', 'levels'],
      [path('now.json'), '--view', 'resources', '--format', 'svg'],
    ]) {
      expect(await run(args), args.join(' ')).toMatchObject({ code: 2, out: '' });
    }
  });
});
