import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { About } from '#api/about.ts';
import { t } from '#core/words/words.ts';
import { readProbe } from '../probe/binary.ts';

/** Our folder and those above it, of which one holds what is brought along: from `out` and from `src` alike. */
function foldersAbove(): string[] {
  const folders: string[] = [];
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < 6; level++) {
    folders.push(folder);
    folder = dirname(folder);
  }
  return folders;
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

async function firstText(name: string, more: readonly string[] = []): Promise<string | null> {
  for (const folder of [...foldersAbove(), ...more]) {
    const text = await readText(join(folder, name));
    if (text !== null) return text;
  }
  return null;
}

export async function probesOf(): Promise<About['probes']> {
  const found = await Promise.all(
    (['amd64', 'arm64'] as const).map(async (arch) => {
      const probe = await readProbe(arch).catch(() => null);
      if (probe === null) return [];
      return [{ arch, sha256: createHash('sha256').update(probe.bytes).digest('hex'), bytes: probe.bytes.length }];
    }),
  );
  return found.flat();
}

/** What Bulkhead runs on, the outermost first. */
export function runtimeOf(versions: Readonly<Record<string, string | undefined>> = process.versions): string[] {
  const names = { electron: 'Electron', chrome: 'Chromium', node: 'Node.js' } as const;
  return Object.entries(names).flatMap(([key, name]) => {
    const version = versions[key];
    return version === undefined ? [] : [`${name} ${version}`];
  });
}

/** Bulkhead's own licence and those of what it brings along; in a package one text has them all. */
export async function licences(): Promise<{ title: string; text: string }[]> {
  // Electron's addition to `process`: packages keep files beside their archive there.
  const beside = (process as { readonly resourcesPath?: string }).resourcesPath;
  const all = await firstText('LICENCES.txt', beside === undefined ? [] : [beside, dirname(beside)]);
  if (all !== null) return [{ title: t('Bulkhead and all its parts'), text: all }];
  const found: { title: string; text: string }[] = [];
  const own = await firstText('LICENSE');
  if (own !== null) found.push({ title: 'Bulkhead', text: own });
  for (const folder of foldersAbove()) {
    const texts = join(folder, 'resources', 'licences');
    const names = await readdir(texts).catch(() => null);
    if (names === null) continue;
    for (const name of names.sort()) {
      const text = await readText(join(texts, name));
      if (text !== null) found.push({ title: name.replace(/\.txt$/, ''), text });
    }
    break;
  }
  return found;
}
