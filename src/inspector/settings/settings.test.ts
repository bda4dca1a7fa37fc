import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '#api/settings.ts';
import { createSettings, settingsFile } from './settings.ts';

let home: string;
const places = () => ({ env: {}, home, platform: process.platform });

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bulkhead-home-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

it('keeps settings where the platform does', () => {
  const at = (platform: NodeJS.Platform, env: Record<string, string>, home = '/h') =>
    settingsFile({ platform, env, home });
  expect(at('linux', {})).toBe('/h/.config/bulkhead/settings.json');
  expect(at('linux', { XDG_CONFIG_HOME: '/c' })).toBe('/c/bulkhead/settings.json');
  expect(at('linux', { XDG_CONFIG_HOME: 'relative' })).toBe('/h/.config/bulkhead/settings.json');
  expect(at('darwin', { XDG_CONFIG_HOME: '/c' })).toBe('/h/Library/Application Support/Bulkhead/settings.json');
  expect(at('win32', { APPDATA: 'D:\\R' })).toBe('D:\\R\\Bulkhead\\settings.json');
  expect(at('win32', {}, 'C:\\me')).toBe('C:\\me\\AppData\\Roaming\\Bulkhead\\settings.json');
});

it('writes what people can read, keeps what it does not know, and is the same for the next start', async () => {
  const settings = createSettings(places());
  expect(await settings.get()).toEqual(DEFAULT_SETTINGS);
  await mkdir(dirname(settings.file), { recursive: true });
  await writeFile(settings.file, '{"theme":"dark","ofTomorrow":7}');
  await Promise.all([settings.change({ interval: 5 }), settings.change({ welcomed: true })]);
  const text = await readFile(settings.file, 'utf8');
  expect(JSON.parse(text)).toMatchObject({ theme: 'dark', ofTomorrow: 7, interval: 5, welcomed: true });
  expect(text).toContain('\n  "theme": "dark",\n');
  expect(await createSettings(places()).get()).toMatchObject({ theme: 'dark', interval: 5, welcomed: true });
  if (process.platform !== 'win32') expect((await stat(settings.file)).mode & 0o777).toBe(0o600);
});

it('reads what editors and shells of Windows write: a byte order mark, and UTF-16', async () => {
  const settings = createSettings(places());
  await mkdir(dirname(settings.file), { recursive: true });
  for (const encoding of ['utf8', 'utf16le'] as const) {
    await writeFile(settings.file, Buffer.from('\ufeff{"theme":"dark"}\r\n', encoding));
    expect([(await settings.get()).theme, await settings.problem()], encoding).toEqual(['dark', null]);
  }
});

it('a value that is none costs no other, and a file that is none is set aside', async () => {
  const settings = createSettings(places());
  await mkdir(dirname(settings.file), { recursive: true });
  await writeFile(settings.file, '{"theme":"pink","interval":5,"helper":{"agreed":true,"never":7}}');
  expect(await settings.get()).toEqual({
    ...DEFAULT_SETTINGS,
    interval: 5,
    helper: { agreed: true, never: [] },
  });
  expect(await settings.problem()).toMatch(/not understood: theme, helper\.never\. Defaults/);
  await writeFile(settings.file, '{"theme":');
  expect(await settings.get()).toEqual(DEFAULT_SETTINGS);
  await settings.change({ theme: 'light' });
  expect(await readFile(`${settings.file}.bad`, 'utf8')).toBe('{"theme":');
  expect(await settings.get()).toMatchObject({ theme: 'light' });
  expect(await settings.problem()).toBeNull();
  // The next one does not take the place of the first.
  await writeFile(settings.file, '[]');
  expect(await settings.problem()).toMatch(/is not a JSON object.*\.bad2 when/);
  await settings.change({ interval: 2 });
  expect(await readFile(`${settings.file}.bad`, 'utf8')).toBe('{"theme":');
  expect(await readFile(`${settings.file}.bad2`, 'utf8')).toBe('[]');
});

// Wine makes a folder where a file of that name is.
it.skipIf(process.platform === 'win32')('says why settings could not be kept', async () => {
  await writeFile(join(home, 'file'), '');
  const settings = createSettings({ env: { XDG_CONFIG_HOME: join(home, 'file') }, home, platform: 'linux' });
  await expect(settings.change({ theme: 'dark' })).rejects.toThrow(/could not be kept in .*settings\.json: /);
});
