import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLog, logFile, withoutSecrets } from './log.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bulkhead-home-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});
const places = () => ({ env: {}, home, platform: process.platform });

it('is where the platform keeps logs', () => {
  const at = (platform: NodeJS.Platform, env: Record<string, string>, home = '/h') => logFile({ platform, env, home });
  expect(at('linux', {})).toBe('/h/.local/state/bulkhead/bulkhead.log');
  expect(at('linux', { XDG_STATE_HOME: '/s' })).toBe('/s/bulkhead/bulkhead.log');
  expect(at('linux', { XDG_STATE_HOME: 's' })).toBe('/h/.local/state/bulkhead/bulkhead.log');
  expect(at('darwin', {})).toBe('/h/Library/Logs/Bulkhead/bulkhead.log');
  expect(at('win32', { LOCALAPPDATA: 'D:\\L' })).toBe('D:\\L\\Bulkhead\\Logs\\bulkhead.log');
  expect(at('win32', {}, 'C:\\me')).toBe('C:\\me\\AppData\\Local\\Bulkhead\\Logs\\bulkhead.log');
});

it.each([
  ['tcp://me:hunter2@10.0.0.5:2376 refused', 'hunter2'],
  ['Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.x', 'eyJhbGciOiJIUzI1NiJ9'],
  ['X-Registry-Auth: eyJ1c2VyIjoibWUifQ==', 'eyJ1c2VyIjoibWUifQ'],
  ['POSTGRES_PASSWORD=hunter2 was set', 'hunter2'],
  ['{"password": "hunter 2"}', 'hunter 2'],
  ['http://127.0.0.1:4000/#token=hunter2', 'hunter2'],
])('takes the secret out of %s', (text, secret) => {
  expect(withoutSecrets(text)).not.toContain(secret);
  expect(withoutSecrets(text)).toContain('…');
});

it('leaves what is no secret as it is', () => {
  const text =
    'Permission denied on /var/run/docker.sock: the group docker may use it. ssh://server, http://10.0.0.1:2375/x';
  expect(withoutSecrets(text)).toBe(text);
});

it('writes one line for its user alone, whatever the message holds, and keeps two files of bounded size', async () => {
  const log = createLog(places(), 2_000);
  log.write('session.live', 'evil\n2026-01-01T00:00:00.000Z forged \u001b[31m');
  const first = await readFile(log.file, 'utf8');
  expect(first.trimEnd().split('\n')).toHaveLength(1);
  expect(first).toMatch(/^\d{4}-[^ ]+Z session\.live evil/);
  expect(first).not.toContain('\u001b');
  if (process.platform !== 'win32') expect((await stat(log.file)).mode & 0o777).toBe(0o600);
  for (let index = 0; index < 20; index++) log.write('session.stale', 'x'.repeat(5_000));
  expect((await readdir(dirname(log.file))).sort()).toEqual(['bulkhead.log', 'bulkhead.log.old']);
  for (const name of await readdir(dirname(log.file))) {
    expect((await stat(join(dirname(log.file), name))).size).toBeLessThan(2_000 + 700);
  }
  expect(log.recent.length).toBeLessThan(100);
  expect(JSON.stringify(log.recent)).not.toContain('xxx');
});

it('goes on where it cannot be written', async () => {
  await writeFile(join(home, 'file'), '');
  const log = createLog({ env: { XDG_STATE_HOME: join(home, 'file') }, home, platform: 'linux' });
  log.write('start');
  expect(log.recent.map(({ event }) => event)).toEqual(['start']);
});
