import { check } from '#core/answer/check.ts';
import { type Differences, difference } from '#core/answer/difference.ts';
import { isolation } from '#core/answer/isolation.ts';
import type { IsolationCard } from '#core/answer/isolation-card.ts';
import type { CheckFinding } from '#core/answer/schemas.ts';
import { comparedGraph } from '#core/layout/compared-graph.ts';
import { buildInSteps, buildSceneGraph } from '#core/layout/graph.ts';
import type { SceneGraph, ViewOptions } from '#core/layout/scene.ts';
import { analyseInSteps, analyseSharing } from '#core/sharing/analyse.ts';
import type { Sharing } from '#core/sharing/sharing.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import type { Steps } from '#core/snapshot/steps.ts';
import { language } from '#core/words/language.ts';
import { type Found, find } from '../state/search.ts';
import { type State, shownSnapshot } from '../state/state.ts';

/** What is computed from the state and worth keeping: computed once for the same input, whoever asks. */

const nothingKept = () => ({
  language: language(),
  /** The newest ones: what is equal in the next is taken from them. */
  newest: { sharing: undefined as Sharing | undefined, graph: undefined as SceneGraph | undefined },
  sharings: new WeakMap<Snapshot, Sharing>(),
  cards: new WeakMap<Snapshot, IsolationCard[]>(),
  checks: new WeakMap<Snapshot, CheckFinding[]>(),
  graphs: new WeakMap<
    Snapshot,
    { readonly view: ViewOptions; readonly before: Snapshot | null; readonly graph: SceneGraph }
  >(),
  differences: new WeakMap<Snapshot, { readonly before: Snapshot; readonly found: Differences }>(),
  finds: new WeakMap<Snapshot, { readonly search: string; readonly found: Found | null }>(),
});

let all = nothingKept();

/** All of it contains texts, so it is computed again in another language. */
function kept(): typeof all {
  if (all.language !== language()) all = nothingKept();
  return all;
}

export function sharingOf(snapshot: Snapshot): Sharing {
  const { sharings, newest } = kept();
  const known = sharings.get(snapshot);
  if (known !== undefined) return known;
  const made = analyseSharing(snapshot, newest.sharing);
  sharings.set(snapshot, made);
  newest.sharing = made;
  return made;
}

/** What each container can do, by what a scan or a file tells. */
export function isolationOf(snapshot: Snapshot): IsolationCard[] {
  const { cards } = kept();
  const known = cards.get(snapshot);
  if (known !== undefined) return known;
  const made = isolation(snapshot, sharingOf(snapshot));
  cards.set(snapshot, made);
  return made;
}

/** The findings, the worst first. */
export function checkOf(snapshot: Snapshot): CheckFinding[] {
  const { checks } = kept();
  const known = checks.get(snapshot);
  if (known !== undefined) return known;
  const made = check(snapshot, sharingOf(snapshot));
  checks.set(snapshot, made);
  return made;
}

/** Who shares what in what is shown; null while nothing is. */
export function selectSharing(state: State): Sharing | null {
  const snapshot = shownSnapshot(state);
  return snapshot === null ? null : sharingOf(snapshot);
}

/** What there is to draw; null while nothing is shown. */
export function selectGraph(state: State): SceneGraph | null {
  const snapshot = shownSnapshot(state);
  if (snapshot === null) return null;
  const before = state.comparison?.snapshot ?? null;
  const { graphs, newest } = kept();
  const known = graphs.get(snapshot);
  if (known?.view === state.view && known.before === before) return known.graph;
  const graph =
    before === null
      ? buildSceneGraph(snapshot, sharingOf(snapshot), state.view, newest.graph)
      : comparedGraph(before, snapshot, state.view);
  graphs.set(snapshot, { view: state.view, before, graph });
  if (before === null) newest.graph = graph;
  return graph;
}

/** Long work is done in pieces of this many milliseconds, and the page can react between two of them. */
const PIECE_MS = 12;

const { scheduler } = globalThis as { readonly scheduler?: { yield?(): Promise<void> } };

/** Lets the page react. Timers that follow each other wait 4 ms each, so they only serve where there is nothing else. */
const othersFirst = (): Promise<void> => scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));

async function inPieces<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    await othersFirst();
    const end = performance.now() + PIECE_MS;
    do {
      const { done, value } = steps.next();
      if (done === true) return value;
    } while (performance.now() < end);
  }
}

/**
 * Makes what the picture of a snapshot needs before it is shown, piece by piece. What fails here fails again, and is
 * told, where it is shown.
 */
export async function prepare(snapshot: Snapshot, view: ViewOptions): Promise<void> {
  // Work begun in one language is dropped when the language changes.
  const { sharings, graphs, newest } = kept();
  try {
    const sharing = await inPieces(analyseInSteps(snapshot, newest.sharing));
    sharings.set(snapshot, sharing);
    newest.sharing = sharing;
    const graph = await inPieces(buildInSteps(snapshot, sharing, view, newest.graph));
    graphs.set(snapshot, { view, before: null, graph });
    newest.graph = graph;
  } catch {
    return;
  }
  await othersFirst();
}

/** The same for all that a state shows; what is compared is made when it is shown. */
export async function prepareShown(state: State): Promise<void> {
  const snapshot = shownSnapshot(state);
  if (snapshot !== null && state.comparison === null) await prepare(snapshot, state.view);
}

/** The differences between what is shown and what it is compared with; null while nothing is compared. */
export function selectDifferences(state: State): Differences | null {
  const snapshot = shownSnapshot(state);
  const before = state.comparison?.snapshot;
  if (snapshot === null || before === undefined) return null;
  const { differences } = kept();
  const known = differences.get(snapshot);
  if (known?.before === before) return known.found;
  const found = difference(before, snapshot);
  differences.set(snapshot, { before, found });
  return found;
}

/** What the search finds; null for an empty one. */
export function selectFound(state: State): Found | null {
  const snapshot = shownSnapshot(state);
  if (snapshot === null || state.search.trim() === '') return null;
  const { finds } = kept();
  const known = finds.get(snapshot);
  if (known?.search === state.search) return known.found;
  const found = find(state.search, snapshot, sharingOf(snapshot));
  finds.set(snapshot, { search: state.search, found });
  return found;
}

/** The keys that the search marks in the picture; null for all. */
export function selectFoundKeys(state: State): ReadonlySet<string> | null {
  const found = selectFound(state);
  return found?.ok === true ? found.keys : null;
}

/** True where there is no container but our own helper. */
export function selectEmpty(state: State): boolean {
  return shownSnapshot(state)?.containers.every(({ helper }) => helper) === true;
}
