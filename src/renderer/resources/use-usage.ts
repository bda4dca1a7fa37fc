import { useContext, useEffect, useRef, useState } from 'react';
import { type Usage, usageOf } from '#core/answer/usage.ts';
import type { UsageSample } from '#core/usage/schema.ts';
import { EVERY_MS } from '../page/measure-use.ts';
import { WorkbenchContext } from '../workbench/workbench.ts';
import { type Moment, withMoment } from './history.ts';

export interface Looked {
  readonly usage: Usage | null;
  readonly sample: UsageSample | null;
  readonly moments: readonly Moment[];
  readonly error: string | null;
}

const NOTHING: Looked = { usage: null, sample: null, moments: [], error: null };

/** What was measured before the view was left, for coming back within ten minutes. Of one endpoint. */
let left: { readonly endpoint: string; readonly moments: readonly Moment[] } | null = null;

/**
 * Who uses what, every second while the view is shown and the page is visible; otherwise nothing is asked.
 * @param wanted false while it is not shown
 */
export function useUsage(wanted = true): Looked {
  const bench = useContext(WorkbenchContext);
  const [looked, setLooked] = useState(NOTHING);
  const snapshot = useRef(bench?.snapshot);
  snapshot.current = bench?.snapshot;
  const endpoint = wanted ? (bench?.endpoint ?? null) : null;
  const backend = bench?.backend;
  useEffect(() => {
    if (endpoint === null || backend === undefined) {
      setLooked(NOTHING);
      return;
    }
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let before: UsageSample | null = null;
    let moments = left?.endpoint === endpoint ? left.moments : [];
    const look = async (): Promise<void> => {
      if (document.visibilityState === 'visible') {
        try {
          const after = await backend.request('usage.sample', { endpoint });
          const shown = snapshot.current;
          if (stopped || shown === undefined) return;
          if (before !== null) {
            const usage = usageOf(shown, before, after);
            moments = withMoment(moments, Date.now(), usage);
            left = { endpoint, moments };
            setLooked({ usage, sample: after, moments, error: null });
          }
          before = after;
        } catch (thrown) {
          const error = thrown instanceof Error ? thrown.message : String(thrown);
          if (!stopped) setLooked((last) => ({ ...last, error }));
        }
      }
      if (!stopped) timer = setTimeout(() => void look(), EVERY_MS);
    };
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [endpoint, backend]);
  return looked;
}
