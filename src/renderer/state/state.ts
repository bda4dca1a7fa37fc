import type { AppInfo, EndpointReport, SessionStatus } from '#api/contract.ts';
import type { Settings } from '#api/settings.ts';
import { DEFAULT_VIEW } from '#core/layout/graph.ts';
import type { ViewOptions } from '#core/layout/scene.ts';
import type { Timeline } from '#core/recording/timeline.ts';
import type { NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import type { Compared } from './compare.ts';
import type { CostSample } from './cost.ts';
import type { Moment } from './moment.ts';

/** What the user pointed at: the side panel tells about it. */
export type Selection =
  /** `pid`: one of its processes, marked in the list. */
  | { readonly type: 'container'; readonly id: string; readonly pid?: number }
  /** Two containers: what they have to do with each other. */
  | { readonly type: 'pair'; readonly first: string; readonly second: string }
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

/** Whether a view shows what the filter leaves; the others show all of the machine. */
export function isFiltered(shown: Shown): boolean {
  return shown === 'graph' || shown === 'both' || shown === 'table';
}

/** The page's line to its backend. `refused`: the token is no longer valid, and connecting again does not help. */
export type Connection = 'connecting' | 'open' | 'lost' | 'refused';

/** A file that is being opened. */
export interface Opening {
  readonly name: string;
  /** How much of it is read, of 1; null while its picture is made. */
  readonly done: number | null;
  /** The same function as long as it is the same opening. */
  readonly cancel: () => void;
}

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
  /** What was seen of the endpoint of late, for as long as the settings say; null before there is a picture. */
  readonly timeline: Timeline | null;
  /** An opened file, shown instead of the live picture: a snapshot, or the last moment of a recording. */
  readonly file: { readonly name: string; readonly snapshot: Snapshot; readonly timeline?: Timeline } | null;
  /** The earlier snapshot that what is shown is compared with; null while nothing is compared. */
  readonly comparison: Compared | null;
  /** The file that is being read, and what ends that; null while none is. */
  readonly opening: Opening | null;
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
  /** True where the cards of the picture tell what is used now. */
  readonly cardUse: boolean;
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
  /** The name of the network that the wiring shall show; null where it begins at its start. */
  readonly network: string | null;
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
  /** Said when it is shown: the language may change meanwhile. */
  readonly text: () => string;
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
  cardUse: false,
  dialog: null,
  reachDraft: { from: '', to: '' },
  network: null,
  reach: null,
  failure: null,
  toast: null,
  exporting: null,
  drawn: false,
};

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
