import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

/** What a group of tests needs of the machine. */
export interface Needs {
  readonly root?: boolean;
  readonly linux?: boolean;
  /** Commands that must be on the PATH. */
  readonly programs?: readonly string[];
  /** Files that must exist, for example built ones. */
  readonly files?: readonly string[];
}

/** Debian keeps `iptables`, `dockerd` and `sshd` here, and an ordinary PATH may leave it out. */
const SYSTEM_PATHS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

function onPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_PATHS].filter((folder) => folder !== '');
  const suffixes = process.platform === 'win32' ? ['', '.exe', '.cmd'] : [''];
  return folders.some((folder) =>
    suffixes.some((suffix) => {
      try {
        accessSync(join(folder, program + suffix), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }),
  );
}

/** Says whether this machine has what is needed, and names everything that is missing. */
export function available(needs: Needs): { ok: boolean; missing: string[] } {
  const missing: string[] = [];
  if (needs.linux === true && process.platform !== 'linux') missing.push('Linux');
  if (needs.root === true && process.getuid?.() !== 0) missing.push('root');
  for (const program of needs.programs ?? []) if (!onPath(program)) missing.push(`the program ${program}`);
  for (const file of needs.files ?? []) if (!existsSync(file)) missing.push(`the file ${file}`);
  return { ok: missing.length === 0, missing };
}

/**
 * `describe` where the machine has what is needed. Elsewhere it skips and says loudly what is missing; with
 * `BULKHEAD_MUST_RUN=1` (as in CI) the missing thing is a failed test, so that no skip can pass for a success.
 */
export function describeWith(name: string, needs: Needs, body: () => void): void {
  const { ok, missing } = available(needs);
  if (ok) {
    describe(name, () => body());
    return;
  }
  const message = `${name}: not run, because this machine lacks ${missing.join(', ')}`;
  if (process.env.BULKHEAD_MUST_RUN === '1') {
    describe(name, () => {
      it('runs on this machine', () => {
        throw new Error(`${message}. BULKHEAD_MUST_RUN=1 forbids skipping; install it or unset the variable.`);
      });
    });
    return;
  }
  console.warn(`SKIPPED ${message}`);
  describe.skip(name, () => body());
}
