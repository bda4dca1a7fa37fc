import { useContext, useEffect, useState } from 'react';
import type { Detail, Subject } from '#core/detail/detail.ts';
import { WorkbenchContext } from '../workbench/workbench.ts';

/** Milliseconds between two looks at what is shown. */
const EVERY_MS = 2_000;

/** What was last heard; `error` stays beside an older answer. */
export interface Heard {
  readonly detail: Detail | null;
  readonly error: string | null;
}

/**
 * Asks for a detail now and again and again, while the component is shown and the page is seen.
 * @param subject null asks for nothing
 */
export function useDetail(subject: Subject | null): Heard {
  const bench = useContext(WorkbenchContext);
  const [heard, setHeard] = useState<Heard>({ detail: null, error: null });
  const key = subject === null ? null : JSON.stringify(subject);
  const endpoint = bench?.endpoint ?? null;
  const backend = bench?.backend;

  useEffect(() => {
    setHeard({ detail: null, error: null });
    if (key === null || endpoint === null || backend === undefined) return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const asked = JSON.parse(key) as Subject;
    const look = async (): Promise<void> => {
      if (document.visibilityState === 'visible') {
        try {
          const detail = await backend.request('detail', { endpoint, subject: asked });
          if (!stopped) setHeard({ detail, error: null });
        } catch (thrown) {
          const error = thrown instanceof Error ? thrown.message : String(thrown);
          if (!stopped) setHeard((before) => ({ ...before, error }));
        }
      }
      if (!stopped) timer = setTimeout(() => void look(), EVERY_MS);
    };
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [key, endpoint, backend]);

  return heard;
}
