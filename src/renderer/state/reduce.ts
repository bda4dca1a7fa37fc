import type { AppInfo, EndpointReport, SessionEvent } from '#api/contract.ts';
import type { Settings } from '#api/settings.ts';
import { DEFAULT_VIEW } from '#core/layout/graph.ts';
import type { ViewOptions } from '#core/layout/scene.ts';
import { liveBounds, type Timeline } from '#core/recording/timeline.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { compareWith, compareWithNow } from './compare.ts';
import { atMoment, shownTimeline } from './moment.ts';
import { lost, receive } from './receive.ts';
import type { ReachQuestion, Selection, Shown, State, Toast } from './state.ts';

export type Action =
  | { readonly type: 'connected'; readonly app: AppInfo }
  | { readonly type: 'disconnected'; readonly refused: boolean; readonly reconnectAt: number | null }
  | { readonly type: 'settings'; readonly settings: Settings }
  | { readonly type: 'settings-problem'; readonly problem: string | null }
  | { readonly type: 'look' }
  | { readonly type: 'endpoints'; readonly endpoints: readonly EndpointReport[] }
  | {
      readonly type: 'choose';
      readonly endpoint: string;
      readonly automatic: boolean;
      readonly view: ViewOptions | null;
    }
  | { readonly type: 'event'; readonly event: SessionEvent }
  | { readonly type: 'open-file'; readonly name: string; readonly snapshot: Snapshot; readonly timeline?: Timeline }
  | { readonly type: 'close-file' }
  /** Compares what is shown with a file. */
  | { readonly type: 'compare'; readonly name: string; readonly snapshot: Snapshot }
  /** Keeps what is shown now and compares it with what is live from now on. */
  | { readonly type: 'compare-now' }
  | { readonly type: 'end-comparison' }
  | { readonly type: 'opening'; readonly opening: State['opening'] }
  /** Goes to a time of what was recorded, in milliseconds since 1970; null goes to its end. */
  | { readonly type: 'moment'; readonly at: number | null }
  /** `replace`: the selection before is not added to the history. */
  | { readonly type: 'select'; readonly selection: Selection | null; readonly replace?: boolean }
  | { readonly type: 'back' }
  | { readonly type: 'forward' }
  | { readonly type: 'view'; readonly view: Partial<ViewOptions> }
  | { readonly type: 'undo-view' }
  | { readonly type: 'tidied' }
  /** The last tidying was undone. */
  | { readonly type: 'untidied' }
  | { readonly type: 'search'; readonly search: string }
  | { readonly type: 'show'; readonly shown: Shown }
  /** Shows a network in the wiring; null where it is not one of them. */
  | { readonly type: 'show-network'; readonly network: string | null }
  | { readonly type: 'panel'; readonly panel: boolean }
  | { readonly type: 'time-line'; readonly timeLine: boolean }
  | { readonly type: 'card-use'; readonly cardUse: boolean }
  | { readonly type: 'dialog'; readonly dialog: State['dialog'] }
  /** Opens the dialog. */
  | { readonly type: 'ask-reach'; readonly draft: ReachQuestion }
  | { readonly type: 'reach'; readonly reach: ReachQuestion | null }
  | { readonly type: 'failure'; readonly failure: string | null }
  | { readonly type: 'toast'; readonly toast: Toast | null }
  | { readonly type: 'drawn'; readonly drawn: boolean }
  | { readonly type: 'exporting'; readonly format: string | null };

const UNDO_LIMIT = 50;

/** A question about a picture is dropped together with the picture. */
const UNASKED = {
  moment: null,
  reach: null,
  comparison: null,
  selection: null,
  back: [],
  forward: [],
} as const;

function sameSelection(a: Selection | null, b: Selection | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A moment that is no longer kept is no longer shown. */
const keeping = (state: State): State => (shownTimeline(state) === null ? atMoment(state, null) : state);

/** The next state. Pure; returns the same object where nothing changes. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'connected':
      return { ...state, app: action.app, connection: 'open', reconnectAt: null };
    case 'disconnected':
      return {
        ...lost(state),
        connection: action.refused ? 'refused' : 'lost',
        reconnectAt: action.reconnectAt,
        looking: false,
      };
    case 'settings':
      return keeping({
        ...state,
        settings: action.settings,
        timeline: state.timeline === null ? null : { ...state.timeline, bounds: liveBounds(action.settings.keep) },
      });
    case 'settings-problem':
      return { ...state, settingsProblem: action.problem };
    case 'look':
      return { ...state, looking: true };
    case 'endpoints':
      return { ...state, endpoints: action.endpoints, looking: false };
    case 'choose':
      return {
        ...state,
        endpoint: action.endpoint,
        automatic: action.automatic,
        status: null,
        live: null,
        timeline: null,
        // The app's own choice must not close a file that was opened before it was made.
        file: action.automatic ? state.file : null,
        moment: action.automatic && state.file !== null ? state.moment : null,
        comparison: action.automatic && state.file !== null ? state.comparison : null,
        checkedAt: null,
        costs: [],
        selection: null,
        back: [],
        forward: [],
        view: action.view ?? DEFAULT_VIEW,
        past: [],
        dialog: null,
        reach: null,
        failure: null,
      };
    case 'event':
      return receive(state, action.event);
    case 'open-file':
      return {
        ...state,
        file: {
          name: action.name,
          snapshot: action.snapshot,
          ...(action.timeline === undefined ? {} : { timeline: action.timeline }),
        },
        ...UNASKED,
        failure: null,
      };
    case 'close-file':
      return state.file === null ? state : { ...state, ...UNASKED, file: null };
    case 'compare':
      return compareWith(state, { name: action.name, snapshot: action.snapshot });
    case 'compare-now':
      return compareWithNow(state);
    case 'end-comparison':
      return state.comparison === null ? state : { ...state, comparison: null, selection: null };
    case 'opening':
      return { ...state, opening: action.opening };
    case 'moment':
      return atMoment(state, action.at);
    case 'select':
      if (sameSelection(state.selection, action.selection)) return state;
      return {
        ...state,
        selection: action.selection,
        back:
          state.selection === null || action.replace === true
            ? state.back
            : [...state.back, state.selection].slice(-UNDO_LIMIT),
        forward: [],
      };
    case 'back': {
      const last = state.back.at(-1);
      if (last === undefined) return state;
      const forward = state.selection === null ? state.forward : [...state.forward, state.selection];
      return { ...state, selection: last, back: state.back.slice(0, -1), forward };
    }
    case 'forward': {
      const next = state.forward.at(-1);
      if (next === undefined) return state;
      const back = state.selection === null ? state.back : [...state.back, state.selection];
      return { ...state, selection: next, back, forward: state.forward.slice(0, -1) };
    }
    case 'view':
      return {
        ...state,
        view: { ...state.view, ...action.view },
        past: [...state.past, state.view].slice(-UNDO_LIMIT),
      };
    case 'undo-view': {
      const last = state.past.at(-1);
      return last === undefined || last === 'tidied' ? state : { ...state, view: last, past: state.past.slice(0, -1) };
    }
    case 'tidied':
      return { ...state, past: [...state.past, 'tidied' as const].slice(-UNDO_LIMIT) };
    case 'untidied': {
      const at = state.past.lastIndexOf('tidied');
      return at < 0 ? state : { ...state, past: state.past.toSpliced(at, 1) };
    }
    case 'search':
      return { ...state, search: action.search };
    case 'show':
      return { ...state, shown: action.shown, network: null };
    case 'show-network':
      return { ...state, shown: 'wiring', network: action.network };
    case 'panel':
      return { ...state, panel: action.panel };
    case 'time-line':
      return { ...state, timeLine: action.timeLine };
    case 'card-use':
      return { ...state, cardUse: action.cardUse };
    case 'dialog':
      return { ...state, dialog: action.dialog };
    case 'ask-reach':
      return { ...state, dialog: 'reach', reachDraft: action.draft };
    case 'reach':
      // The answer stands beside the wiring.
      return { ...state, reach: action.reach, shown: action.reach === null ? state.shown : 'wiring' };
    case 'failure':
      return { ...state, failure: action.failure };
    case 'toast':
      return state.toast === action.toast ? state : { ...state, toast: action.toast };
    case 'drawn':
      return state.drawn === action.drawn ? state : { ...state, drawn: action.drawn };
    case 'exporting':
      return { ...state, exporting: action.format };
  }
}
