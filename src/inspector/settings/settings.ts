import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, posix, win32 } from 'node:path';
import { DEFAULT_SETTINGS, type Settings, type SettingsChange, settingsSchema } from '#api/settings.ts';
import { errorCode, errorText, type System } from '../endpoint/system.ts';

type Places = Pick<System, 'env' | 'home' | 'platform'>;

/** A variable that names a folder; as the XDG specification has it, a relative one does not count. */
function folder(value: string | undefined, isAbsolute: (path: string) => boolean): string | null {
  return value !== undefined && isAbsolute(value) ? value : null;
}

/** Where a platform keeps the settings of a program. */
export function settingsFile({ env, home, platform }: Places): string {
  if (platform === 'win32') {
    const roaming = folder(env.APPDATA, win32.isAbsolute) ?? win32.join(home, 'AppData', 'Roaming');
    return win32.join(roaming, 'Bulkhead', 'settings.json');
  }
  if (platform === 'darwin') return posix.join(home, 'Library/Application Support/Bulkhead/settings.json');
  const config = folder(env.XDG_CONFIG_HOME, posix.isAbsolute) ?? posix.join(home, '.config');
  return posix.join(config, 'bulkhead', 'settings.json');
}

export interface SettingsStore {
  readonly file: string;
  get(): Promise<Settings>;
  /** Changes what is given, and keeps it. @throws an Error that says why it could not be kept */
  change(change: SettingsChange): Promise<Settings>;
}

/** Reads a file of settings; null where there is none, or what it holds is none. */
async function read(file: string): Promise<Record<string, unknown> | null> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return {};
    return null;
  }
}

/**
 * The settings of this user, in a file for people. It is read at each question, so that what another window or an editor
 * wrote counts, and fields of a newer version stay in it.
 */
export function createSettings(places: Places): SettingsStore {
  const file = settingsFile(places);
  let last: Promise<unknown> = Promise.resolve();

  async function write(change: SettingsChange): Promise<Settings> {
    const before = await read(file);
    // What is no JSON may be an editor's mistake: it is set aside, not lost.
    if (before === null) await rename(file, `${file}.bad`).catch(() => {});
    const next = { ...before, ...settingsSchema.parse(before ?? {}), ...change };
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(`${file}.new`, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
      await rename(`${file}.new`, file);
    } catch (error) {
      throw new Error(`The settings could not be kept in ${file}: ${errorText(error)}`);
    }
    return settingsSchema.parse(next);
  }

  return {
    file,
    get: async () => settingsSchema.parse((await read(file)) ?? DEFAULT_SETTINGS),
    change(change) {
      // One after the other: each begins with what the one before has written.
      const done = last.then(() => write(change));
      last = done.catch(() => {});
      return done;
    },
  };
}
