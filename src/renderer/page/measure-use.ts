import { type Usage, usageOf } from '#core/answer/usage.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import { liveEndpoint } from '../state/state.ts';
import type { Page } from './page.ts';

/** Milliseconds between two samples. */
export const EVERY_MS = 1_000;

export const USE_IS_LIVE: PlainMessage =
  'Use is measured while a live machine is shown; a saved snapshot, a recording and the past have none.';

/** Who uses what of a live snapshot, from now on for a second. Rejects with a sentence for people where it is not live. */
export async function measureUse({ store, actions }: Page, snapshot: Snapshot): Promise<Usage> {
  const endpoint = liveEndpoint(store.get());
  if (endpoint === null) throw new Error(t(USE_IS_LIVE));
  const look = () => actions.backend.request('usage.sample', { endpoint });
  const before = await look();
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  return usageOf(snapshot, before, await look());
}
