import type { AppInfo, EndpointReport, SessionEvent, SessionStatus } from '#api/contract.ts';
import type { Settings } from '#api/settings.ts';
import { DEFAULT_VIEW } from '#core/layout/graph.ts';
import type { ViewOptions } from '#core/layout/scene.ts';
import type { Timeline } from '#core/recording/timeline.ts';
import type { NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { type Compared, compareWith, compareWithNow } from './compare.ts';
import type { CostSample } from './cost.ts';
import { atMoment, type Moment } from './moment.ts';
import { lost, receive } from './receive.ts';

/** What the user pointed at: the side panel tells about it. */
export type Selection =
  /** `pid`: one of its processes, marked in the list. */
  | { readonly type: 'container'; readonly id: string; readonly pid?: number }
  | { readonly type: 'host'; readonly pid?: number }
  | { readonly type: 'namespace'; readonly id: string }
  | { readonly type: 'set'; readonly key: string }
  /** A share that the container declares and that is not in force. */
  | { readonly type: 'broken'; readonly container: string; readonly kind: NamespaceKind };

/** Whether one place reaches another: as `bulkhead reach FROM TO` takes them. */
export interface ReachQuestion {
  readonly from: string;
  readonly to: string;
}

/** What fills the stage. */
export const SHOWN = ['graph', 'both', 'table', 'processes', 'levels', 'wiring', 'resources'] as const;
export type Shown = (typeof SHOWN)[number];

/** The page's line to its backend. `refused`: the token is no longer valid, and connecting again does not help. */
export type Connection = 'connecting' | 'open' | 'lost' | 'refused';

/** Everything the page shows; changed only by `reduce`. */
export interface State {
  readonly app: AppInfo | null;
  /** Null until they were read. */
  readonly settings: Settings | null;
  /** What of their file was not understood when they were read; null where all was, or the user has seen it. */
  readonly settingsProblem: string | null;
  readonly connection: Connection;
  /** Milliseconds since 1970: when a lost connection is tried again. */
  readonly reconnectAt: number | null;
  /** Null until they were looked for. */
  readonly endpoints: readonly EndpointReport[] | null;
  /** True while they are being looked for. */
  readonly looking: boolean;
  /** The endpoint that is watched; null until one was chosen. */
  readonly endpoint: string | null;
  /** True where the app chose the endpoint, and not the user now or earlier. */
  readonly automatic: boolean;
  readonly status: SessionStatus | null;
  readonly live: Snapshot | null;
  /** What was seen of the endpoint in the last ten minutes; null before there is a picture. */
  readonly timeline: Timeline | null;
  /** An opened file, shown instead of the live picture: a snapshot, or the last moment of a recording. */
  readonly file: { readonly name: string; readonly snapshot: Snapshot; readonly timeline?: Timeline } | null;
  /** The earlier snapshot that what is shown is compared with; null while nothing is compared. */
  readonly comparison: Compared | null;
  /** The file that is being read, and what ends that; null while none is. */
  readonly opening: { readonly name: string; readonly cancel: () => void } | null;
  /** The moment of the past that is looked at; null for the newest. */
  readonly moment: Moment | null;
  /** ISO 8601: when the picture was last known to be true. */
  readonly checkedAt: string | null;
  /** The newest scans, oldest first. */
  readonly costs: readonly CostSample[];
  readonly selection: Selection | null;
  /** Selections to go back to, newest last. */
  readonly back: readonly Selection[];
  /** Selections that were gone back from, newest last. */
  readonly forward: readonly Selection[];
  readonly view: ViewOptions;
  /** What can be undone, newest last: the view before a change of it, or that everything was laid out afresh. */
  readonly past: readonly (ViewOptions | 'tidied')[];
  readonly search: string;
  readonly shown: Shown;
  readonly panel: boolean;
  /** True where the timeline is shown while one looks at the present; of the past it always is. */
  readonly timeLine: boolean;
  readonly dialog:
    | 'endpoints'
    | 'findings'
    | 'isolation'
    | 'reach'
    | 'shortcuts'
    | 'palette'
    | 'welcome'
    | 'guide'
    | 'export'
    | 'settings'
    | 'about'
    | null;
  /** What the dialog begins with. */
  readonly reachDraft: ReachQuestion;
  /** The question whose answer is drawn on the wiring. */
  readonly reach: ReachQuestion | null;
  /** Why something that the user asked for was not done. */
  readonly failure: string | null;
  /** What was just done, and how to take it back. */
  readonly toast: Toast | null;
  /** The format of the file that is being written; null while none is. */
  readonly exporting: string | null;
  /** True while there is a picture that can be written into a file. */
  readonly drawn: boolean;
}

export interface Toast {
  readonly text: string;
  readonly undo?: () => void;
}

export const INITIAL: State = {
  app: null,
  settings: null,
  settingsProblem: null,
  connection: 'connecting',
  reconnectAt: null,
  endpoints: null,
  looking: false,
  endpoint: null,
  automatic: false,
  status: null,
  live: null,
  timeline: null,
  file: null,
  comparison: null,
  opening: null,
  moment: null,
  checkedAt: null,
  costs: [],
  selection: null,
  back: [],
  forward: [],
  view: DEFAULT_VIEW,
  past: [],
  search: '',
  shown: 'graph',
  panel: true,
  timeLine: true,
  dialog: null,
  reachDraft: { from: '', to: '' },
  reach: null,
  failure: null,
  toast: null,
  exporting: null,
  drawn: false,
};

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
  /** Compares what is shown, as it is, with what is live from now on. */
  | { readonly type: 'compare-now' }
  | { readonly type: 'end-comparison' }
  | { readonly type: 'opening'; readonly opening: State['opening'] }
  /** Goes to a time of what was recorded, in milliseconds since 1970; null goes to its end. */
  | { readonly type: 'moment'; readonly at: number | null }
  /** `replace`: the selection before is none to go back to. */
  | { readonly type: 'select'; readonly selection: Selection | null; readonly replace?: boolean }
  | { readonly type: 'back' }
  | { readonly type: 'forward' }
  | { readonly type: 'view'; readonly view: Partial<ViewOptions> }
  | { readonly type: 'undo-view' }
  | { readonly type: 'tidied' }
  /** Everything is back where it was before it was laid out afresh. */
  | { readonly type: 'untidied' }
  | { readonly type: 'search'; readonly search: string }
  | { readonly type: 'show'; readonly shown: Shown }
  | { readonly type: 'panel'; readonly panel: boolean }
  | { readonly type: 'time-line'; readonly timeLine: boolean }
  | { readonly type: 'dialog'; readonly dialog: State['dialog'] }
  /** Opens the dialog. */
  | { readonly type: 'ask-reach'; readonly draft: ReachQuestion }
  | { readonly type: 'reach'; readonly reach: ReachQuestion | null }
  | { readonly type: 'failure'; readonly failure: string | null }
  | { readonly type: 'toast'; readonly toast: Toast | null }
  | { readonly type: 'drawn'; readonly drawn: boolean }
  | { readonly type: 'exporting'; readonly format: string | null };

const UNDO_LIMIT = 50;

function sameSelection(a: Selection | null, b: Selection | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

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
      return { ...state, settings: action.settings };
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
        moment: null,
        reach: null,
        comparison: null,
        selection: null,
        back: [],
        forward: [],
        failure: null,
      };
    case 'close-file':
      return state.file === null
        ? state
        : { ...state, file: null, reach: null, moment: null, comparison: null, selection: null, back: [], forward: [] };
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
      return { ...state, shown: action.shown };
    case 'panel':
      return { ...state, panel: action.panel };
    case 'time-line':
      return { ...state, timeLine: action.timeLine };
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

/** The snapshot that is shown: the moment of the past that was gone to, else the opened file, else the live one. */
export function shownSnapshot(state: State): Snapshot | null {
  return state.moment?.snapshot ?? state.file?.snapshot ?? state.live;
}

/** The endpoint that can be asked and acted on; null while what is shown is not live: a file, the past, the recording, or nothing. */
export function liveEndpoint(state: State): string | null {
  return state.file === null && state.moment === null && state.endpoint !== 'demo' && state.status?.phase === 'live'
    ? state.endpoint
    : null;
}

/** True where a live picture is shown that may no longer be true. A file, the past and a recording do not age. */
export function isStale(state: State): boolean {
  if (state.file !== null || state.moment !== null || state.live === null || state.live.demo) return false;
  return state.connection !== 'open' || state.status?.phase !== 'live';
}

/** The endpoint to start with: the one last chosen if it can be used, else the current, else any engine, this machine, the demo. */
export function firstChoice(endpoints: readonly EndpointReport[], last: string | null): string | null {
  const usable = endpoints.filter((endpoint) => endpoint.usable);
  const pick =
    usable.find((endpoint) => endpoint.id === last) ??
    usable.find((endpoint) => endpoint.type === 'engine' && endpoint.current) ??
    usable.find((endpoint) => endpoint.type === 'engine') ??
    usable.find((endpoint) => endpoint.type === 'local') ??
    usable.find((endpoint) => endpoint.type === 'demo');
  return pick?.id ?? null;
}
