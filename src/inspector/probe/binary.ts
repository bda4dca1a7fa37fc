import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { t } from '#core/words/words.ts';
import { ToldError } from '../told.ts';

/** The architectures that a probe is built for, in Go's names, as engines say them. */
export type ProbeArch = 'amd64' | 'arm64';

const NAMES: Readonly<Record<string, ProbeArch>> = {
  amd64: 'amd64',
  x86_64: 'amd64',
  x64: 'amd64',
  arm64: 'arm64',
  aarch64: 'arm64',
};

/** The probe's architecture for any name that Go, uname or Node use; null for others. */
export function probeArch(name: string): ProbeArch | null {
  return NAMES[name] ?? null;
}

/** No probe for this machine: `message` says what to do. */
export class ProbeMissingError extends ToldError {
  readonly code = 'probe-missing';
}

/** `resources` stands beside `out` (built) and beside `src` (in tests): the first folder above us that has it. */
export function candidates(kind: 'probe' | 'shell', arch: ProbeArch, name: string): string[] {
  const paths: string[] = [];
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < 6; level++) {
    paths.push(join(folder, 'resources', kind, `linux-${arch}`, name));
    folder = dirname(folder);
  }
  return paths;
}

/** @throws ProbeMissingError when it was not built */
export async function readProbe(arch: ProbeArch): Promise<{ path: string; bytes: Uint8Array }> {
  for (const path of candidates('probe', arch, 'bulkhead-probe')) {
    try {
      return { path, bytes: await readFile(path) };
    } catch {
      // The next folder may have it.
    }
  }
  throw new ProbeMissingError(() => t('The probe for linux/{arch} is not built. Run: npm run build:probe', { arch }));
}
