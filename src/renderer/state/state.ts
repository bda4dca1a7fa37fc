import type { EndpointReport, SessionEvent, SessionStatus } from '#api/contract.ts';
import { applyPatch } from '#core/diff/diff.ts';
import { DEFAULT_VIEW } from '#core/layout/graph.ts';
import type { ViewOptions } from '#core/layout/scene.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';

/** What the user pointed at: the side panel tells about it. */
export type Selection =
  | { readonly type: 'container'; readonly id: string }
  | { readonly type: 'host' }
  | { readonly type: 'namespace'; readonly id: string }
  | { readonly type: 'set'; readonly key: string };

/** Everything the page shows; changed only by `reduce`. */
export interface State {
  /** `refused`: the token is no longer valid, and connecting again does not help. */
  readonly connection: 'connecting' | 'open' | 'lost' | 'refused';
  readonly endpoints: readonly EndpointReport[];
  /** The endpoint that is watched; null until one was chosen. */
  readonly endpoint: string | null;
  readonly status: SessionStatus | null;
  readonly live: Snapshot | null;
  /** An opened snapshot file, shown instead of the live picture. */
  readonly file: { readonly name: string; readonly snapshot: Snapshot } | null;
  /** ISO 8601: when the picture was last known to be true. */
  readonly checkedAt: string | null;
  readonly cost: { readonly durationMs: number; readonly cpuMs: number } | null;
  readonly selection: Selection | null;
  readonly view: ViewOptions;
  /** Views to go back to, newest last. */
  readonly past: readonly ViewOptions[];
  readonly search: string;
  readonly table: boolean;
  readonly dialog: 'endpoints' | 'shortcuts' | 'export' | null;
  /** A message about something the user asked for that failed or was done. */
  readonly notice: string | null;
}

export const INITIAL: State = {
  connection: 'connecting',
  endpoints: [],
  endpoint: null,
  status: null,
  live: null,
  file: null,
  checkedAt: null,
  cost: null,
  selection: null,
  view: DEFAULT_VIEW,
  past: [],
  search: '',
  table: false,
  dialog: null,
  notice: null,
};

export type Action =
  | { readonly type: 'connection'; readonly connection: State['connection'] }
  | { readonly type: 'endpoints'; readonly endpoints: readonly EndpointReport[] }
  | { readonly type: 'choose'; readonly endpoint: string; readonly view: ViewOptions | null }
  | { readonly type: 'event'; readonly event: SessionEvent }
  | { readonly type: 'open-file'; readonly name: string; readonly snapshot: Snapshot }
  | { readonly type: 'close-file' }
  | { readonly type: 'select'; readonly selection: Selection | null }
  | { readonly type: 'view'; readonly view: Partial<ViewOptions> }
  | { readonly type: 'undo-view' }
  | { readonly type: 'search'; readonly search: string }
  | { readonly type: 'table' }
  | { readonly type: 'dialog'; readonly dialog: State['dialog'] }
  | { readonly type: 'notice'; readonly notice: string | null };

const UNDO_LIMIT = 50;

/** The next state. Pure; returns the same object where nothing changes. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'connection':
      return { ...state, connection: action.connection };
    case 'endpoints':
      return { ...state, endpoints: action.endpoints };
    case 'choose':
      return {
        ...state,
        endpoint: action.endpoint,
        status: null,
        live: null,
        file: null,
        checkedAt: null,
        cost: null,
        selection: null,
        view: action.view ?? DEFAULT_VIEW,
        past: [],
        dialog: null,
      };
    case 'event':
      return receive(state, action.event);
    case 'open-file':
      return { ...state, file: { name: action.name, snapshot: action.snapshot }, selection: null, notice: null };
    case 'close-file':
      return state.file === null ? state : { ...state, file: null, selection: null };
    case 'select':
      return { ...state, selection: action.selection };
    case 'view':
      return {
        ...state,
        view: { ...state.view, ...action.view },
        past: [...state.past, state.view].slice(-UNDO_LIMIT),
      };
    case 'undo-view': {
      const last = state.past.at(-1);
      return last === undefined ? state : { ...state, view: last, past: state.past.slice(0, -1) };
    }
    case 'search':
      return { ...state, search: action.search };
    case 'table':
      return { ...state, table: !state.table };
    case 'dialog':
      return { ...state, dialog: action.dialog };
    case 'notice':
      return { ...state, notice: action.notice };
  }
}

function receive(state: State, event: SessionEvent): State {
  switch (event.type) {
    case 'status':
      return { ...state, status: event.status };
    case 'snapshot':
      return { ...state, live: event.snapshot, checkedAt: event.snapshot.takenAt, cost: costOf(event.snapshot) };
    case 'change': {
      // A change without a snapshot before it belongs to nothing that is shown.
      if (state.live === null) return state;
      const live = applyPatch(state.live, event.patch);
      return { ...state, live, checkedAt: live.takenAt, cost: costOf(live) };
    }
    case 'alive':
      return { ...state, checkedAt: event.takenAt, cost: { durationMs: event.durationMs, cpuMs: event.cpuMs } };
  }
}

function costOf(snapshot: Snapshot): State['cost'] {
  return snapshot.probe === null ? null : { durationMs: snapshot.probe.durationMs, cpuMs: snapshot.probe.cpuMs };
}

/** The endpoint to start with: the last one if it can be used, else the current, else any engine, this machine, the demo. */
export function firstChoice(endpoints: readonly EndpointReport[], last: string | null): string | null {
  const usable = endpoints.filter((endpoint) => endpoint.usable);
  const pick =
    usable.find((endpoint) => endpoint.id === last && endpoint.type !== 'demo') ??
    usable.find((endpoint) => endpoint.type === 'engine' && endpoint.current) ??
    usable.find((endpoint) => endpoint.type === 'engine') ??
    usable.find((endpoint) => endpoint.type === 'local') ??
    usable.find((endpoint) => endpoint.type === 'demo');
  return pick?.id ?? null;
}
