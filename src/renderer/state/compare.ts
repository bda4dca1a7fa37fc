import type { Snapshot } from '#core/snapshot/snapshot.ts';
import type { Moment } from './moment.ts';

/** A snapshot and its file name; null for one that was shown live and kept. */
export interface Compared {
  readonly name: string | null;
  readonly snapshot: Snapshot;
}

/** As much of the state as comparing needs. */
interface Shown {
  readonly file: { readonly name: string; readonly snapshot: Snapshot } | null;
  readonly moment: Moment | null;
  readonly live: Snapshot | null;
  readonly shown: string;
}

/** How every comparison begins: the picture is shown, and nothing is selected. */
const begun = ({ shown }: Shown) => ({
  shown: shown === 'both' ? ('both' as const) : ('graph' as const),
  selection: null,
  back: [],
  forward: [],
  failure: null,
});

/** Of two files the later one is shown, and the earlier one is what it is compared with, in whichever order they were named. */
export function compareWith<S extends Shown>(
  state: S,
  other: { readonly name: string; readonly snapshot: Snapshot },
): S & { comparison: Compared | null } {
  const { file, moment } = state;
  const shown = moment?.snapshot ?? file?.snapshot;
  if (file !== null && shown !== undefined && Date.parse(other.snapshot.takenAt) > Date.parse(shown.takenAt)) {
    const comparison = { name: file.name, snapshot: shown };
    return { ...state, ...begun(state), file: other, moment: null, comparison };
  }
  return { ...state, ...begun(state), comparison: other };
}

/** What is shown becomes the earlier one, and what is live the later one, which goes on. */
export function compareWithNow<S extends Shown>(state: S): S & { comparison: Compared | null } {
  const { file, moment, live } = state;
  const snapshot = moment?.snapshot ?? file?.snapshot ?? live;
  if (live === null || snapshot === null) return { ...state, comparison: null };
  const name = file?.name ?? null;
  return { ...state, ...begun(state), file: null, moment: null, comparison: { name, snapshot } };
}
