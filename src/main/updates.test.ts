import { expect, it, vi } from 'vitest';
import { lookForUpdate, type Updater, updatesItself } from './updates.ts';

function fakeUpdater(version: string | null) {
  const done: string[] = [];
  const updater: Updater = {
    autoDownload: true,
    autoInstallOnAppQuit: true,
    checkForUpdates: async () => {
      done.push(`check ${updater.autoDownload} ${updater.autoInstallOnAppQuit}`);
      return { isUpdateAvailable: version !== null, updateInfo: { version: version ?? '1.0.0' } };
    },
    downloadUpdate: async () => void done.push('download'),
    quitAndInstall: () => void done.push('install'),
  };
  return { updater, done };
}

it('fetches and installs nothing without an answer to each', async () => {
  for (const [answers, steps] of [
    [[false], ['check false false']],
    [
      [true, false],
      ['check false false', 'download'],
    ],
    [
      [true, true],
      ['check false false', 'download', 'install'],
    ],
  ] as const) {
    const { updater, done } = fakeUpdater('2.0.0');
    const left: boolean[] = [...answers];
    const ask = vi.fn(async () => left.shift() ?? false);
    await lookForUpdate(updater, '1.0.0', ask, true);
    expect(done).toEqual(steps);
    expect(ask.mock.calls.length).toBe(answers.length);
  }
});

it('says that this is the newest, and why an update failed', async () => {
  const said: string[] = [];
  const ask = async (message: string, detail: string) => {
    said.push(`${message} ${detail}`);
    return true;
  };
  await lookForUpdate(fakeUpdater(null).updater, '1.0.0', ask, true);
  const broken = fakeUpdater('2.0.0').updater;
  broken.downloadUpdate = () => Promise.reject(new Error('no route\nto host'));
  await lookForUpdate(broken, '1.0.0', ask, true);
  expect(said[0]).toBe('Bulkhead 1.0.0 is the newest release. ');
  expect(said[2]).toContain('no route');
});

it('is silent at the start where there is no release or no network, but not about what the user has begun', async () => {
  const ask = vi.fn(async () => true);
  await lookForUpdate(fakeUpdater(null).updater, '1.0.0', ask, false);
  const offline = fakeUpdater('2.0.0').updater;
  offline.checkForUpdates = () => Promise.reject(new Error('no network'));
  await lookForUpdate(offline, '1.0.0', ask, false);
  expect(ask).not.toHaveBeenCalled();
  const broken = fakeUpdater('2.0.0').updater;
  broken.downloadUpdate = () => Promise.reject(new Error('no route'));
  await lookForUpdate(broken, '1.0.0', ask, false);
  expect(ask.mock.calls.map(([message]: unknown[]) => message)).toEqual([
    'Bulkhead 2.0.0 is there.',
    'The update failed.',
  ]);
});

it('is offered where nothing else updates the app', () => {
  expect(updatesItself(true, 'win32', undefined)).toBe(true);
  expect(updatesItself(true, 'darwin', undefined)).toBe(true);
  expect(updatesItself(true, 'linux', '/home/u/Bulkhead.AppImage')).toBe(true);
  expect(updatesItself(true, 'linux', undefined)).toBe(false);
  expect(updatesItself(false, 'darwin', undefined)).toBe(false);
});
