import { parseFilter } from '#core/layout/filter.ts';
import { HOST, type Sharing } from '#core/sharing/sharing.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import type { Selection } from './state.ts';

/** What a search finds: containers first, then namespaces and the host. `keys` are those that the picture can show. */
export type Found =
  | { readonly ok: true; readonly hits: readonly Selection[]; readonly keys: ReadonlySet<string> }
  /** `message` says what to correct. */
  | { readonly ok: false; readonly message: string };

/**
 * Finds containers by name, image, id, pid or namespace, as the filter's words do; namespaces by their id or inode, those
 * of no container too; and the host by its name or by the pid of a process outside containers. Null for an empty search.
 */
export function find(search: string, snapshot: Snapshot, sharing: Sharing): Found | null {
  const text = search.trim();
  if (text === '') return null;
  const inode = /^(?:[a-z]+:\[)?(\d+)\]?$/.exec(text)?.[1];
  const namespaces =
    inode === undefined
      ? []
      : snapshot.namespaces.filter(({ id }) => id === text || (text === inode && id.endsWith(`:[${inode}]`)));
  const filter = parseFilter(text, snapshot, sharing);
  if (!filter.ok && namespaces.length === 0) return filter;
  const containers = filter.ok
    ? snapshot.containers.filter((container) => !container.helper && filter.matches(container)).map(({ id }) => id)
    : [];
  const pid = /^(?:pid:)?(\d+)$/.exec(text)?.[1];
  const process = pid === undefined ? undefined : snapshot.processes.find((each) => String(each.pid) === pid);
  const host = snapshot.host.hostname.toLowerCase().includes(text.toLowerCase()) || process?.container === null;
  const hits: Selection[] = [
    // A container that was found by one of its processes shows that process.
    ...containers.map(
      (id): Selection => ({ type: 'container', id, ...(process?.container === id ? { pid: process.pid } : {}) }),
    ),
    ...namespaces.map(({ id }): Selection => ({ type: 'namespace', id })),
  ];
  if (host) hits.push({ type: 'host', ...(process?.container === null ? { pid: process.pid } : {}) });
  return { ok: true, hits, keys: new Set(host ? [...containers, HOST] : containers) };
}
