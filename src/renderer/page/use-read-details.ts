import { useEffect, useState } from 'react';
import type { CollectedDetails } from '#core/snapshot/details-schema.ts';
import { liveEndpoint } from '../state/state.ts';
import { usePage, usePageState } from './page.ts';

/**
 * What can be read on request of what is shown live, read once while the part that wants it is shown. `problem` says
 * why it could not be.
 */
export function useReadDetails(wanted: boolean) {
  const { backend } = usePage().actions;
  const endpoint = usePageState(liveEndpoint);
  const [read, setRead] = useState<{ readonly details: CollectedDetails | null; readonly problem: string | null }>();
  const asked = wanted && endpoint !== null;
  useEffect(() => {
    if (!asked) return;
    let stopped = false;
    backend.request('snapshot.take', { endpoint, details: true }).then(
      ({ details }) => stopped || setRead({ details: details ?? null, problem: null }),
      (thrown: unknown) =>
        stopped || setRead({ details: null, problem: thrown instanceof Error ? thrown.message : String(thrown) }),
    );
    return () => {
      stopped = true;
    };
  }, [asked, backend, endpoint]);
  return { details: read?.details ?? null, problem: read?.problem ?? null, reading: asked && read === undefined };
}
