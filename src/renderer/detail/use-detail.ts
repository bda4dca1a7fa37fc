import { useEffect, useMemo, useState } from 'react';
import type { Detail, Subject } from '#core/detail/detail.ts';
import { collectedDetail } from '#core/snapshot/details.ts';
import { useSource } from './use-source.ts';

/** Milliseconds between two looks at what is shown. */
const EVERY_MS = 2_000;

/** The last answer; `error` may stand beside an older answer. */
export interface Heard {
  readonly detail: Detail | null;
  readonly error: string | null;
}

/**
 * Asks for a detail now and repeatedly, while the component is shown and the page is visible. For a saved
 * snapshot, gives what was saved with it.
 * @param subject null asks for nothing
 */
export function useDetail(subject: Subject | null): Heard {
  const source = useSource();
  const [heard, setHeard] = useState<Heard>({ detail: null, error: null });
  const key = subject === null ? null : JSON.stringify(subject);
  const endpoint = source?.live?.endpoint ?? null;
  const backend = source?.live?.backend;
  const saved = source !== null && source.live === null ? source.snapshot : null;

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

  const collected = useMemo((): Heard | null => {
    if (saved === null || key === null) return null;
    const { detail, problem } = collectedDetail(saved, JSON.parse(key) as Subject);
    return { detail, error: problem };
  }, [saved, key]);
  return collected ?? heard;
}
