import { readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { readTextFile } from '../text-file.ts';

/** What the search for engines reads of the machine. An argument everywhere, so that tests can bring their own machine. */
export interface System {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** The whole file as text; null when it does not exist. Other failures reject. */
  readFile(path: string): Promise<string | null>;
  /** The names in a folder, sorted; empty when it does not exist or is none. Other failures reject. */
  readFolder(path: string): Promise<readonly string[]>;
  /** What identifies a file whatever its path: device and inode; null when it cannot be known. */
  identify(path: string): Promise<string | null>;
  /** Whose group a file is, and whether that group may write; null when it cannot be known. */
  owner(path: string): Promise<{ readonly gid: number; readonly groupMayWrite: boolean } | null>;
}

/** The machine that this process runs on. */
export function realSystem(overrides: Partial<Pick<System, 'env' | 'home' | 'platform'>> = {}): System {
  const platform = overrides.platform ?? process.platform;
  return {
    env: overrides.env ?? process.env,
    home: overrides.home ?? homedir(),
    platform,
    async readFile(path) {
      try {
        return await readTextFile(path);
      } catch (error) {
        if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
        throw error;
      }
    },
    async readFolder(path) {
      try {
        return (await readdir(path)).sort();
      } catch (error) {
        if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return [];
        throw error;
      }
    },
    async identify(path) {
      // Windows has no inode for a pipe: there the path is the identity.
      if (platform === 'win32') return null;
      try {
        const facts = await stat(await realpath(path), { bigint: true });
        return `${facts.dev}:${facts.ino}`;
      } catch {
        return null;
      }
    },
    async owner(path) {
      if (platform === 'win32') return null;
      try {
        const { gid, mode } = await stat(path);
        return { gid, groupMayWrite: (mode & 0o020) !== 0 };
      } catch {
        return null;
      }
    },
  };
}

/** Node's `code` of an error, for example `ENOENT`; null when there is none. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
