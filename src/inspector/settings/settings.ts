import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, posix, win32 } from 'node:path';
import { type Settings, type SettingsChange, settingsChangeSchema, settingsSchema } from '#api/settings.ts';
import { commas, sentences, t } from '#core/words/words.ts';
import { errorCode, type System } from '../endpoint/system.ts';
import { readTextFile } from '../text-file.ts';
import { errorText, ToldError } from '../told.ts';

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
  /** What of the file was not understood, and what then counts; null where all was. */
  problem(): Promise<string | null>;
  /** Changes what is given, and keeps it. @throws an Error that says why it could not be kept */
  change(change: SettingsChange): Promise<Settings>;
}

interface Content {
  readonly fields: Readonly<Record<string, unknown>>;
  /** That it does not hold what a file of settings does, and why; null where it does, and where there is no file. */
  readonly fault: string | null;
}

async function read(file: string): Promise<Content> {
  let text: string;
  try {
    text = await readTextFile(file);
  } catch (error) {
    const absent = errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
    return {
      fields: {},
      fault: absent ? null : t('{file} cannot be read ({reason}).', { file, reason: errorText(error) }),
    };
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { fields: {}, fault: t('{file} is not a JSON object.', { file }) };
    }
    const fields = { ...value };
    const wrong = settingsChangeSchema.safeParse(fields).error?.issues ?? [];
    const places = [...new Set(wrong.map(({ path }) => path.join('.')))];
    const fault = (): string =>
      t('{file} has values that are not understood: {places}.', { file, places: commas(places) });
    return { fields, fault: places.length === 0 ? null : fault() };
  } catch (error) {
    return { fields: {}, fault: t('{file} is not valid JSON ({reason}).', { file, reason: errorText(error) }) };
  }
}

/** A name beside the file that is still free. */
async function besideFile(file: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${file}.bad` : `${file}.bad${number}`;
    const there = await access(name).then(
      () => true,
      () => false,
    );
    if (!there) return name;
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
    // It may be an editor's mistake: it is set aside, not lost.
    if (before.fault !== null) await rename(file, await besideFile(file)).catch(() => {});
    const next = { ...before.fields, ...settingsSchema.parse(before.fields), ...change };
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(`${file}.new`, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
      await rename(`${file}.new`, file);
    } catch (error) {
      throw new ToldError(() =>
        t('The settings could not be kept in {file}: {reason}', { file, reason: errorText(error) }),
      );
    }
    return settingsSchema.parse(next);
  }

  return {
    file,
    get: async () => settingsSchema.parse((await read(file)).fields),
    async problem() {
      const { fault } = await read(file);
      if (fault === null) return null;
      return sentences(
        fault,
        t('Defaults take the place of what is missing. The file is kept as {kept} when settings are next changed.', {
          kept: await besideFile(file),
        }),
      );
    },
    change(change) {
      // One after the other: each begins with what the one before has written.
      const done = last.then(() => write(change));
      last = done.catch(() => {});
      return done;
    },
  };
}
