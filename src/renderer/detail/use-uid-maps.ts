import { useContext, useEffect, useMemo, useState } from 'react';
import type { IdRange } from '#core/levels/levels.ts';
import { collectedOfKind } from '#core/snapshot/details.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { WorkbenchContext } from '../workbench/workbench.ts';

/** The most that are asked for, because each is a request of its own. */
const MOST = 64;

/**
 * The uid maps of the user namespaces that have processes, by id, asked once each: a map cannot change once it is
 * written. Source: user_namespaces(7). What cannot be read is missing.
 */
export function useUidMaps(snapshot: Snapshot | null): ReadonlyMap<string, readonly IdRange[]> {
  const bench = useContext(WorkbenchContext);
  const [maps, setMaps] = useState<ReadonlyMap<string, readonly IdRange[]>>(new Map());
  const endpoint = bench?.endpoint ?? null;
  const backend = bench?.backend;
  const ids = (snapshot?.namespaces ?? [])
    .filter(({ kind, initial, pids }) => kind === 'user' && !initial && pids.length > 0)
    .slice(0, MOST)
    .map(({ id }) => id)
    .join(' ');
  useEffect(() => {
    if (endpoint === null || backend === undefined || ids === '') return;
    let stopped = false;
    const read = async (): Promise<void> => {
      for (const id of ids.split(' ')) {
        if (stopped) return;
        try {
          const detail = await backend.request('detail', { endpoint, subject: { type: 'namespace', id } });
          if (detail.kind === 'user' && !stopped) setMaps((before) => new Map(before).set(id, detail.uids));
        } catch {
          // Not readable, or gone meanwhile: the level says that its map was not read.
        }
      }
    };
    void read();
    return () => {
      stopped = true;
    };
  }, [endpoint, backend, ids]);
  const saved = useMemo(
    () => new Map(snapshot === null ? [] : [...collectedOfKind(snapshot, 'user')].map(([id, { uids }]) => [id, uids])),
    [snapshot],
  );
  return endpoint === null ? saved : maps;
}
