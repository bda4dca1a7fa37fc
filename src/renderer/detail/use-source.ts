import { useContext, useMemo } from 'react';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { usePageState } from '../page/page.ts';
import { shownSnapshot } from '../state/state.ts';
import { type Backend, WorkbenchContext } from '../workbench/workbench.ts';

/** Where details come from: what is live is asked, and a snapshot that was saved with details holds them. */
export interface Source {
  readonly snapshot: Snapshot;
  /** Null for a saved one. */
  readonly live: { readonly endpoint: string; readonly backend: Backend } | null;
}

/** Null where there are none: nothing is shown, the machine does not answer, or the file has no details. */
export function useSource(): Source | null {
  const workbench = useContext(WorkbenchContext);
  const shown = usePageState(shownSnapshot);
  const saved = shown?.details === undefined ? null : shown;
  return useMemo(() => {
    if (workbench !== null) return { snapshot: workbench.snapshot, live: workbench };
    return saved === null ? null : { snapshot: saved, live: null };
  }, [workbench, saved]);
}
