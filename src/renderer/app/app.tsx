import { type DragEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { buildSceneGraph, DEFAULT_VIEW } from '#core/layout/graph.ts';
import type { Point, ViewOptions } from '#core/layout/scene.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import { visibleText } from '#core/text/visible.ts';
import { exportAs } from '../graph/export-picture.ts';
import { GraphView } from '../graph/graph-view.tsx';
import { Legend, toggleKind } from '../graph/legend.tsx';
import { currentTheme } from '../graph/theme.ts';
import { useScene } from '../graph/use-scene.ts';
import { NamespaceList } from '../panels/namespace-list.tsx';
import { Panel } from '../panels/panel.tsx';
import { saveStage, saveView } from '../state/saved.ts';
import { find } from '../state/search.ts';
import { isStale, type Selection, shownSnapshot } from '../state/state.ts';
import { type Store, useStore } from '../state/store.ts';
import { Table } from '../table/table.tsx';
import { useWorkbench } from '../terminal/use-workbench.tsx';
import { WorkbenchContext } from '../terminal/workbench.ts';
import type { Actions } from '../transport/start.ts';
import { count } from '../ui/words.ts';
import { WiringView } from '../wiring/wiring-view.tsx';
import { Banners } from './banners.tsx';
import { Bar, endpointName } from './bar.tsx';
import { type Command, commandOf, exportedFormat, isTextField } from './commands.ts';
import { download } from './download.ts';
import { FirstContainer, NothingFits, Waiting } from './empty.tsx';
import { EndpointsDialog } from './endpoints-dialog.tsx';
import { openFile } from './open-file.ts';
import { SEARCH_ID } from './search-box.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { StatusLine } from './status-line.tsx';
import { ToastBox, useToast } from './toasts.tsx';

interface Props {
  readonly store: Store;
  readonly actions: Actions;
}

const GRAPH = '[data-graph], .graph';

/** The page: bar, what must be known, picture with its table and panel, status line. */
export function App({ store, actions }: Props) {
  const state = useStore(store);
  const { view, selection, shown } = state;
  const [fit, setFit] = useState(0);
  const [exporting, setExporting] = useState<string | null>(null);
  const [dragging, setDragging] = useState(false);
  const { toast, show: showToast, dismiss } = useToast();
  const picker = useRef<HTMLInputElement>(null);

  const snapshot = shownSnapshot(state);
  const sharing = useMemo(() => (snapshot === null ? null : analyseSharing(snapshot)), [snapshot]);
  const graph = useMemo(
    () => (snapshot === null || sharing === null ? null : buildSceneGraph(snapshot, sharing, view)),
    [snapshot, sharing, view],
  );
  const place = state.file === null ? (state.endpoint ?? '') : `file:${state.file.name}`;
  const { scene, failure: layoutFailure, retry: retryLayout, pins, pin, tidy } = useScene(graph, place);
  const stale = isStale(state);
  const found = useMemo(
    () => (snapshot === null || sharing === null ? null : find(state.search, snapshot, sharing)),
    [state.search, snapshot, sharing],
  );
  const { bench, dock } = useWorkbench(
    state.file === null && state.endpoint !== 'demo' && state.status?.phase === 'live' ? state.endpoint : null,
    snapshot,
    actions.backend,
  );
  const containers = graph === null ? 0 : graph.nodes.filter(({ type }) => type === 'container').length;

  useEffect(() => {
    if (state.endpoint !== null && state.file === null) saveView(state.endpoint, view);
  }, [state.endpoint, state.file, view]);
  useEffect(() => saveStage({ shown, panel: state.panel }), [shown, state.panel]);
  useEffect(() => {
    document.title = `${state.file === null ? endpointName(state) : visibleText(state.file.name)} – Bulkhead`;
  }, [state]);

  const select = useCallback(
    (next: Selection | null): void => store.dispatch({ type: 'select', selection: next }),
    [store],
  );
  const setView = useCallback(
    (change: Partial<ViewOptions>): void => {
      const before = store.get().view.kinds;
      store.dispatch({ type: 'view', view: change });
      if (change.kinds === undefined) return;
      const hidden = NAMESPACE_KINDS.filter((kind) => !change.kinds?.includes(kind));
      showToast({
        text: hidden.length === 0 ? 'All kinds are shown.' : `Hidden: ${hidden.join(', ')}.`,
        // Not the newest change, which may be another by then.
        undo: () => store.dispatch({ type: 'view', view: { kinds: before } }),
      });
    },
    [store, showToast],
  );
  const setPin = useCallback(
    (key: string, at: Point | null): void => {
      const before = pins[key];
      pin(key, at);
      if (at === null && before !== undefined) {
        showToast({ text: 'No longer pinned.', undo: () => pin(key, before) });
      }
    },
    [pins, pin, showToast],
  );

  const exportFile = useCallback(
    async (id: NonNullable<ReturnType<typeof exportedFormat>>): Promise<void> => {
      setExporting(id);
      try {
        if (scene === null || snapshot === null) throw new Error('There is no picture to export yet.');
        let missing = 0;
        const file = await exportAs(id, { snapshot, scene, theme: currentTheme().name }, async (svg) => {
          const drawn = await actions.png(svg);
          missing = drawn.missing;
          return drawn.bytes;
        });
        download(file.filename, file.mimeType, file.content);
        const lack = missing === 0 ? '' : ` Its font has no shape for ${count(missing, 'character')} of names.`;
        showToast({ text: `Exported ${file.filename}.${lack}` });
      } catch (thrown) {
        store.dispatch({ type: 'failure', failure: thrown instanceof Error ? thrown.message : String(thrown) });
      }
      setExporting(null);
    },
    [actions, scene, snapshot, store, showToast],
  );

  const run = useCallback(
    (command: Command): void => {
      const current = store.get();
      const format = exportedFormat(command);
      if (format !== null) {
        void exportFile(format);
        return;
      }
      switch (command) {
        case 'open':
          picker.current?.click();
          break;
        case 'find':
          document.getElementById(SEARCH_ID)?.focus();
          break;
        case 'fit':
          setFit((before) => before + 1);
          break;
        case 'tidy':
          tidy();
          break;
        case 'zoom-in':
        case 'zoom-out':
          // The picture owns its zoom and knows it as keys.
          document
            .querySelector(GRAPH)
            ?.dispatchEvent(new KeyboardEvent('keydown', { key: command === 'zoom-in' ? '+' : '-', bubbles: true }));
          break;
        case 'toggle-table':
          store.dispatch({ type: 'show', shown: current.shown === 'graph' ? 'both' : 'graph' });
          break;
        case 'toggle-panel':
          store.dispatch({ type: 'panel', panel: !current.panel });
          break;
        case 'choose-endpoint':
          store.dispatch({ type: 'dialog', dialog: 'endpoints' });
          actions.refreshEndpoints();
          break;
        case 'shortcuts':
          store.dispatch({ type: 'dialog', dialog: 'shortcuts' });
          break;
      }
    },
    [actions, exportFile, store, tidy],
  );
  useEffect(() => actions.onCommand(run), [actions, run]);

  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      const current = store.get();
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      const handled = pressed(event);
      if (handled) event.preventDefault();

      function pressed(event: KeyboardEvent): boolean {
        const mod = event.ctrlKey || event.metaKey;
        if (event.altKey && !mod && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
          store.dispatch({ type: event.key === 'ArrowLeft' ? 'back' : 'forward' });
          return true;
        }
        if (isTextField(event.target)) {
          if (!mod) return false;
        } else if (mod && !event.shiftKey && event.key.toLowerCase() === 'z') {
          store.dispatch({ type: 'undo-view' });
          return true;
        } else if (!mod && !event.altKey) {
          const digit = /^Digit([1-8])$/.exec(event.code)?.[1];
          const kind = digit === undefined ? undefined : NAMESPACE_KINDS[Number(digit) - 1];
          if (kind !== undefined) {
            setView(toggleKind(current.view, kind, event.shiftKey));
            return true;
          }
          if (event.key === 'h') {
            store.dispatch({ type: 'view', view: { hostLinks: !current.view.hostLinks } });
            return true;
          }
          if (event.key === 's') {
            store.dispatch({ type: 'view', view: { services: !current.view.services } });
            return true;
          }
          if (event.key === 'Escape') {
            if (current.failure !== null) store.dispatch({ type: 'failure', failure: null });
            else if (current.search !== '') store.dispatch({ type: 'search', search: '' });
            else select(null);
            return true;
          }
        }
        const command = commandOf(event, current.app?.nativeMenu === true);
        // The picture zooms by itself while it has the focus.
        const own = event.target instanceof Element && event.target.closest(GRAPH) !== null;
        if (command === null || (own && (command === 'zoom-in' || command === 'zoom-out'))) return false;
        run(command);
        return true;
      }
    };
    document.addEventListener('keydown', key);
    return () => document.removeEventListener('keydown', key);
  }, [store, run, select, setView]);

  const dropped = (event: DragEvent): void => {
    event.preventDefault();
    setDragging(false);
    const file = event.dataTransfer.files[0];
    if (file !== undefined) void openFile(file, store);
  };

  const empty = snapshot?.containers.every(({ helper }) => helper) === true;
  const showGraph = (shown !== 'table' && shown !== 'wiring') || snapshot === null;
  const showTable = shown === 'both' || shown === 'table';
  const clearFilter = (): void =>
    store.dispatch({ type: 'view', view: { filter: '', stopped: true, kinds: DEFAULT_VIEW.kinds } });

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is a second way; the button has the first
    <div
      className="app"
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(event) => {
        if (event.relatedTarget === null) setDragging(false);
      }}
      onDrop={dropped}
    >
      <h1 className="hidden">Bulkhead</h1>
      <Bar
        state={state}
        snapshot={snapshot}
        sharing={sharing}
        found={found}
        exporting={exporting}
        canExport={scene !== null}
        onCommand={run}
        onSearch={(search) => store.dispatch({ type: 'search', search })}
        onSelect={select}
        onView={setView}
        onShow={(next) => store.dispatch({ type: 'show', shown: next })}
      />
      <Banners
        state={state}
        onRetry={actions.retry}
        onCloseFile={() => store.dispatch({ type: 'close-file' })}
        onChooseEndpoint={() => run('choose-endpoint')}
        onCloseFailure={() => store.dispatch({ type: 'failure', failure: null })}
      />
      <main className={stale ? 'stage stale' : 'stage'}>
        <div className="views">
          <div>
            {showGraph && (
              <div className="picture">
                {snapshot === null || sharing === null || graph === null ? (
                  <Waiting
                    state={state}
                    onRetry={actions.retry}
                    onChooseEndpoint={() => run('choose-endpoint')}
                    onOpen={() => run('open')}
                  />
                ) : layoutFailure !== null ? (
                  <div className="empty" role="alert">
                    <h2>No picture</h2>
                    <p>{layoutFailure} The table shows the same.</p>
                    <button type="button" onClick={retryLayout}>
                      Draw again
                    </button>
                  </div>
                ) : graph.nodes.every(({ type }) => type === 'host') ? (
                  empty ? (
                    <div className="machine">
                      <FirstContainer />
                      <NamespaceList snapshot={snapshot} selection={selection} onSelect={select} />
                    </div>
                  ) : (
                    <NothingFits total={graph.total} onClear={clearFilter} />
                  )
                ) : (
                  scene !== null && (
                    <>
                      <GraphView
                        scene={scene}
                        selection={selection}
                        found={found?.ok === true ? found.keys : null}
                        stale={stale}
                        fit={fit}
                        view={view}
                        onSelect={select}
                        onPin={setPin}
                        onView={setView}
                        onTable={() => run('toggle-table')}
                      />
                      <Legend view={view} graph={graph} onView={setView} />
                    </>
                  )
                )}
              </div>
            )}
            {snapshot !== null && shown === 'wiring' && (
              <WorkbenchContext value={bench}>
                <WiringView onSelect={select} png={actions.png} />
              </WorkbenchContext>
            )}
            {showTable &&
              snapshot !== null &&
              graph !== null &&
              (empty ? (
                graph.nodes.some(({ type }) => type !== 'host') || !showGraph ? (
                  <NamespaceList snapshot={snapshot} selection={selection} onSelect={select} />
                ) : null
              ) : (
                <Table graph={graph} selection={selection} onSelect={select} />
              ))}
          </div>
        </div>
        {state.panel && snapshot !== null && sharing !== null && graph !== null && (
          <WorkbenchContext value={bench}>
            <Panel
              snapshot={snapshot}
              sharing={sharing}
              graph={graph}
              selection={selection}
              canGoBack={state.back.length > 0}
              canGoForward={state.forward.length > 0}
              onSelect={select}
              onBack={() => store.dispatch({ type: 'back' })}
              onForward={() => store.dispatch({ type: 'forward' })}
              onHide={() => store.dispatch({ type: 'panel', panel: false })}
            />
          </WorkbenchContext>
        )}
      </main>
      {dock}
      <StatusLine
        state={state}
        snapshot={snapshot}
        shown={containers}
        total={graph?.total ?? 0}
        onChooseEndpoint={() => run('choose-endpoint')}
      />
      <ToastBox toast={toast} onDismiss={dismiss} />
      {dragging && <div className="drop">Drop a snapshot file to open it</div>}
      {state.dialog === 'endpoints' && (
        <EndpointsDialog
          state={state}
          actions={actions}
          onClose={() => store.dispatch({ type: 'dialog', dialog: null })}
        />
      )}
      {state.dialog === 'shortcuts' && (
        <ShortcutsDialog onClose={() => store.dispatch({ type: 'dialog', dialog: null })} />
      )}
      <input
        ref={picker}
        type="file"
        accept=".json,application/json"
        aria-label="Snapshot file"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file !== undefined) void openFile(file, store);
        }}
      />
    </div>
  );
}
