import type { CommandId, PageCommandId } from '#api/commands.ts';
import { exportFormat } from '#core/export/formats.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import type { Page } from '../page/page.ts';
import { shownTimeline, stepFrom } from '../state/moment.ts';
import { liveEndpoint, type Selection, SHOWN, type Shown, type State, shownSnapshot } from '../state/state.ts';
import { copyDiagnostics } from './diagnostics.ts';
import { exportPicture, PAGE_EXPORTS, type PageExport } from './export.ts';
import { besideNamespace } from './namespaces.ts';
import { reachDraft } from './reach-draft.ts';
import { moveRegion } from './regions.ts';
import { saveRecording, saveSnapshot, saveWithDetails } from './save.ts';
import { NO_FILTER, toggleKind } from './view.ts';

/** The field of the search: a command puts the focus into it. */
export const SEARCH_ID = 'search';

interface Action {
  /** If absent, the command always applies. */
  readonly applies?: (state: State) => boolean;
  readonly run: (page: Page) => void;
}

const shown = (state: State): boolean => shownSnapshot(state) !== null;
const hasPicture = (state: State): boolean => shown(state) && (state.shown === 'graph' || state.shown === 'both');

function show(view: Shown): Action {
  return { run: ({ store }) => store.dispatch({ type: 'show', shown: view }) };
}

function stepView(step: 1 | -1): Action {
  return {
    run({ store }) {
      const at = SHOWN.indexOf(store.get().shown);
      store.dispatch({ type: 'show', shown: SHOWN[(at + step + SHOWN.length) % SHOWN.length] ?? 'graph' });
    },
  };
}

function exported(format: PageExport): Action {
  return {
    applies: (state) => state.drawn && state.exporting === null,
    run: (page) => void exportPicture(page, format),
  };
}

function stepNamespace(step: 1 | -1): Action {
  const next = (state: State): Selection | null => besideNamespace(state, step);
  return {
    applies: (state) => next(state) !== null,
    run({ store }) {
      const selection = next(store.get());
      // Stepping through namespaces adds one step to the history only, so that Back leads to the container.
      const replace = store.get().selection?.type === 'namespace';
      if (selection !== null) store.dispatch({ type: 'select', selection, replace });
    },
  };
}

function stepMoment(step: 1 | -1): Action {
  return {
    applies: (state) => shownTimeline(state) !== null,
    run({ store }) {
      const state = store.get();
      const timeline = shownTimeline(state);
      if (timeline === null) return;
      store.dispatch({ type: 'moment', at: stepFrom(timeline, state.moment?.at ?? null, step) });
    },
  };
}

const kinds = Object.fromEntries(
  NAMESPACE_KINDS.flatMap((kind): [string, Action][] => [
    [`kind-${kind}`, { run: (page) => page.changeView(toggleKind(page.store.get().view, kind, false)) }],
    [`only-${kind}`, { run: (page) => page.changeView(toggleKind(page.store.get().view, kind, true)) }],
  ]),
) as Record<Extract<PageCommandId, `kind-${string}` | `only-${string}`>, Action>;

/** What each command of the page does, and when it applies. */
const ACTIONS: Readonly<Record<PageCommandId, Action>> = {
  ...kinds,
  palette: { run: ({ store }) => store.dispatch({ type: 'dialog', dialog: 'palette' }) },
  find: { run: () => document.getElementById(SEARCH_ID)?.focus() },
  open: { run: (page) => page.pickFile('open') },
  compare: { applies: shown, run: (page) => page.pickFile('compare') },
  'compare-now': {
    applies: ({ live }) => live !== null,
    run: ({ store }) => store.dispatch({ type: 'compare-now' }),
  },
  'end-comparison': {
    applies: ({ comparison }) => comparison !== null,
    run: ({ store }) => store.dispatch({ type: 'end-comparison' }),
  },
  'choose-endpoint': {
    run({ store, actions }) {
      store.dispatch({ type: 'dialog', dialog: 'endpoints' });
      actions.refreshEndpoints();
    },
  },
  export: {
    applies: shown,
    run: ({ store }) => store.dispatch({ type: 'dialog', dialog: 'export' }),
  },
  'export-svg': exported('svg'),
  'export-png': exported('png'),
  'export-pdf': exported('pdf'),
  'export-json': exported('json'),
  'save-snapshot': {
    applies: (state) => shownSnapshot(state) !== null && state.exporting === null,
    run: (page) => void saveSnapshot(page),
  },
  'save-details': {
    applies: (state) => liveEndpoint(state) !== null && state.exporting === null,
    run: (page) => void saveWithDetails(page),
  },
  'save-recording': {
    applies: (state) => state.timeline !== null && state.exporting === null,
    run: (page) => void saveRecording(page),
  },
  'export-drawio': exported('drawio'),
  'export-dot': exported('dot'),
  'export-mermaid': exported('mermaid'),
  'view-graph': show('graph'),
  'view-both': show('both'),
  'view-table': show('table'),
  'view-processes': show('processes'),
  'view-levels': show('levels'),
  'view-wiring': show('wiring'),
  'view-resources': show('resources'),
  findings: { applies: shown, run: ({ store }) => store.dispatch({ type: 'dialog', dialog: 'findings' }) },
  isolation: { applies: shown, run: ({ store }) => store.dispatch({ type: 'dialog', dialog: 'isolation' }) },
  reach: {
    applies: shown,
    run: ({ store }) => store.dispatch({ type: 'ask-reach', draft: reachDraft(store.get()) }),
  },
  'next-view': stepView(1),
  'previous-view': stepView(-1),
  'toggle-table': {
    run: ({ store }) => store.dispatch({ type: 'show', shown: store.get().shown === 'graph' ? 'both' : 'graph' }),
  },
  'toggle-panel': { run: ({ store }) => store.dispatch({ type: 'panel', panel: !store.get().panel }) },
  'toggle-host-links': { run: (page) => page.changeView({ hostLinks: !page.store.get().view.hostLinks }) },
  'toggle-services': { run: (page) => page.changeView({ services: !page.store.get().view.services }) },
  'toggle-networks': {
    applies: hasPicture,
    run: (page) => page.changeView({ networks: !page.store.get().view.networks }),
  },
  'toggle-card-use': {
    applies: (state) => hasPicture(state) && liveEndpoint(state) !== null,
    run: ({ store }) => store.dispatch({ type: 'card-use', cardUse: !store.get().cardUse }),
  },
  'moment-before': stepMoment(-1),
  'moment-after': stepMoment(1),
  newest: {
    applies: ({ moment }) => moment !== null,
    run: ({ store }) => store.dispatch({ type: 'moment', at: null }),
  },
  'toggle-timeline': {
    applies: (state) => shownTimeline(state) !== null,
    run: ({ store }) => store.dispatch({ type: 'time-line', timeLine: !store.get().timeLine }),
  },
  fit: { applies: hasPicture, run: ({ picture }) => picture.current?.fit() },
  'zoom-in': { applies: hasPicture, run: ({ picture }) => picture.current?.zoomIn() },
  'zoom-out': { applies: hasPicture, run: ({ picture }) => picture.current?.zoomOut() },
  tidy: { applies: hasPicture, run: ({ picture }) => picture.current?.tidy() },
  back: { applies: ({ back }) => back.length > 0, run: ({ store }) => store.dispatch({ type: 'back' }) },
  forward: { applies: ({ forward }) => forward.length > 0, run: ({ store }) => store.dispatch({ type: 'forward' }) },
  'next-namespace': stepNamespace(1),
  'previous-namespace': stepNamespace(-1),
  'next-region': { run: () => moveRegion(1) },
  'previous-region': { run: () => moveRegion(-1) },
  undo: {
    applies: ({ past }) => past.length > 0,
    run({ store, picture }) {
      if (store.get().past.at(-1) === 'tidied') picture.current?.untidy();
      else store.dispatch({ type: 'undo-view' });
    },
  },
  'clear-filter': { applies: shown, run: (page) => page.changeView(NO_FILTER) },
  escape: {
    run({ store, select }) {
      const { failure, search, selection, comparison } = store.get();
      if (failure !== null) store.dispatch({ type: 'failure', failure: null });
      else if (search !== '') store.dispatch({ type: 'search', search: '' });
      else if (selection === null && comparison !== null) store.dispatch({ type: 'end-comparison' });
      else select(null);
    },
  },
  guide: { run: ({ store }) => store.dispatch({ type: 'dialog', dialog: 'guide' }) },
  settings: { run: ({ store }) => store.dispatch({ type: 'dialog', dialog: 'settings' }) },
  about: { run: ({ store }) => store.dispatch({ type: 'dialog', dialog: 'about' }) },
  'copy-diagnostics': { applies: ({ connection }) => connection === 'open', run: (page) => void copyDiagnostics(page) },
  shortcuts: { run: ({ store }) => store.dispatch({ type: 'dialog', dialog: 'shortcuts' }) },
};

/** The command that exports a format. */
function exportCommand(id: PageExport): PageCommandId {
  return `export-${id}`;
}

/** The formats with their commands, as menus list them. */
export const EXPORTS = PAGE_EXPORTS.map((id) => ({ ...exportFormat(id), command: exportCommand(id) }));

function isPageCommand(id: CommandId): id is PageCommandId {
  return id in ACTIONS;
}

/** True where a command does something now. */
export function applies(id: CommandId, state: State): boolean {
  return isPageCommand(id) && (ACTIONS[id].applies?.(state) ?? true);
}

/** Does what a command says, where it applies. */
export function runCommand(id: CommandId, page: Page): void {
  if (isPageCommand(id) && applies(id, page.store.get())) ACTIONS[id].run(page);
}
