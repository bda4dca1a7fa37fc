import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import type { Process, Snapshot } from '../../src/core/snapshot/snapshot.ts';

/** A file that may come from anywhere, and what is said of it; null where it is shown. */
export interface OddFile {
  readonly name: string;
  readonly path: string;
  readonly refused: RegExp | null;
  /** It takes seconds and much memory to make. */
  readonly large: boolean;
}

/** Processes of a container, each the child of the one before by `parent`. */
function withProcesses(count: number, parent: (index: number) => number): Snapshot {
  const small = snapshotOf({ containers: Array.from({ length: 200 }, (_, index) => ({ name: `c${index}` })) });
  const inits = small.processes.filter(({ container }) => container !== null);
  const more = Array.from({ length: count }, (_, index): Process => {
    const init = inits[index % inits.length];
    if (init === undefined) throw new Error('no init');
    return { ...init, pid: 100_000 + index, startTime: 100_000 + index, ppid: parent(index) };
  });
  return { ...small, processes: [...small.processes, ...more] };
}

const manyContainers = (count: number, shared: boolean): Snapshot =>
  snapshotOf({
    containers: Array.from({ length: count }, (_, index) => ({
      name: `c${index}`,
      ...(shared && index > 0 ? { namespaces: { net: 'c0' } } : {}),
    })),
  });

/** Writes them into a folder. */
export function oddFiles(folder: string, large: boolean): OddFile[] {
  const small = JSON.stringify(snapshotOf({ containers: [{ name: 'web' }] }));
  const file = (name: string, content: string | Uint8Array, refused: RegExp | null, isLarge = false): OddFile => {
    const path = join(folder, `${name.replace(/\W+/g, '-')}.json`);
    writeFileSync(path, content);
    return { name, path, refused, large: isLarge };
  };
  const files = [
    file('an older version', small.replace(/"limits":null,|"lsmProfile":null,|"devices":null,/g, ''), null),
    file('a newer version', small.replace('"version":1', '"version":2'), /Update Bulkhead/),
    file('truncated', small.slice(0, -20), /not JSON/),
    file('wrong types', small.replace('"processes":[', '"processes":[7,'), /damaged at "processes\.0"/),
    file('a million levels deep', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`, /levels deep/),
    file('a byte order mark', `\ufeff${small}`, null),
    file('UTF-16', Buffer.from(`\ufeff${small}`, 'utf16le'), null),
    file(
      'no text at all',
      Uint8Array.from({ length: 4096 }, (_, index) => (index * 37 + 128) % 256),
      /not text in UTF-8/,
    ),
    file('cyclic parents', JSON.stringify(withProcesses(50, (index) => 100_000 + ((index + 1) % 50))), null),
    file('empty', '', /not JSON/),
  ];
  const huge = join(folder, '600-MB.json');
  const handle = openSync(huge, 'w');
  ftruncateSync(handle, 600 * 1024 * 1024);
  closeSync(handle);
  files.push({ name: '600 MB', path: huge, refused: /600 MB, and 256 are the limit/, large: false });
  if (!large) return files;
  const many = (name: string, snapshot: Snapshot) => file(name, JSON.stringify(snapshot), null, true);
  return [
    ...files,
    many(
      '200,000 processes',
      withProcesses(200_000, () => 1),
    ),
    many('20,000 containers', manyContainers(20_000, false)),
    many('a namespace shared by 20,000', manyContainers(20_000, true)),
  ];
}
