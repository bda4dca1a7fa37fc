import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { HostCommand } from '#api/contract.ts';
import { renderSvg } from '#core/export/svg.ts';
import { buildSceneGraph } from '#core/layout/graph.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { decodeSnapshot, encodeSnapshot } from '#core/snapshot/decode.ts';
import { GraphView } from '../graph/graph-view.tsx';
import { Legend } from '../graph/legend.tsx';
import { useScene } from '../graph/use-scene.ts';
import { Panel } from '../panels/panel.tsx';
import { saveView } from '../state/saved.ts';
import { type Store, useStore } from '../state/store.ts';
import { Table } from '../table/table.tsx';
import type { Actions } from '../transport/start.ts';
import { Bar } from './bar.tsx';
import { download } from './download.ts';
import { StatusLine } from './status-line.tsx';

interface Props {
  readonly store: Store;
  readonly actions: Actions;
}

/** The page: bar, picture with its table and panel, status line. */
export function App({ store, actions }: Props) {
  const state = useStore(store);
  const [fit, setFit] = useState(0);
  const picker = useRef<HTMLInputElement>(null);
  const snapshot = state.file?.snapshot ?? state.live;
  const sharing = useMemo(() => (snapshot === null ? null : analyseSharing(snapshot)), [snapshot]);
  const graph = useMemo(
    () => (snapshot === null || sharing === null ? null : buildSceneGraph(snapshot, sharing, state.view)),
    [snapshot, sharing, state.view],
  );
  const place = state.file === null ? (state.endpoint ?? '') : `file:${state.file.name}`;
  const { scene, pin, tidy } = useScene(graph, place);
  const stale = state.file === null && (state.status?.phase === 'stale' || state.connection !== 'open');

  useEffect(() => {
    if (state.endpoint !== null) saveView(state.endpoint, state.view);
  }, [state.endpoint, state.view]);

  const openFile = useCallback(
    async (file: File): Promise<void> => {
      const decoded = decodeSnapshot(await file.text());
      if (decoded.ok) store.dispatch({ type: 'open-file', name: file.name, snapshot: decoded.snapshot });
      else store.dispatch({ type: 'notice', notice: `${file.name}: ${decoded.message}` });
    },
    [store],
  );

  const run = useCallback(
    async (command: HostCommand['command']): Promise<void> => {
      const picture = (): string => {
        if (scene === null || snapshot === null) throw new Error('There is no picture to export yet.');
        const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
        return renderSvg(scene, { theme, title: 'Bulkhead', subtitle: '', takenAt: snapshot.takenAt, legend: true });
      };
      try {
        if (command === 'open') picker.current?.click();
        else if (command === 'fit') setFit((before) => before + 1);
        else if (command === 'tidy') tidy();
        else if (command === 'toggle-table') store.dispatch({ type: 'table' });
        else if (command === 'choose-endpoint') store.dispatch({ type: 'dialog', dialog: 'endpoints' });
        else if (command === 'shortcuts') store.dispatch({ type: 'dialog', dialog: 'shortcuts' });
        else if (command === 'find') document.querySelector<HTMLInputElement>('#search')?.focus();
        else if (command === 'export-svg') download('bulkhead.svg', 'image/svg+xml', picture());
        else if (command === 'export-png') download('bulkhead.png', 'image/png', await actions.png(picture()));
        else if (command === 'export-json' && snapshot !== null) {
          download('bulkhead.json', 'application/json', encodeSnapshot(snapshot));
        }
      } catch (thrown) {
        store.dispatch({ type: 'notice', notice: thrown instanceof Error ? thrown.message : String(thrown) });
      }
    },
    [actions, scene, snapshot, store, tidy],
  );
  useEffect(() => actions.onCommand((command) => void run(command)), [actions, run]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is a second way; the menu has the first
    <div
      className="app"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const file = event.dataTransfer.files[0];
        if (file !== undefined) void openFile(file);
      }}
    >
      <Bar state={state} store={store} actions={actions} onCommand={(command) => void run(command)} />
      {state.notice !== null && (
        <p className="banner" role="alert">
          {state.notice}
          <button type="button" onClick={() => store.dispatch({ type: 'notice', notice: null })}>
            Close
          </button>
        </p>
      )}
      {state.file !== null && (
        <p className="banner">
          Snapshot file {state.file.name}, taken {state.file.snapshot.takenAt}
          <button type="button" onClick={() => store.dispatch({ type: 'close-file' })}>
            Back to live
          </button>
        </p>
      )}
      {snapshot?.demo === true && <p className="banner">A recording, not this machine.</p>}
      <main className="stage">
        <div className="picture">
          {scene === null ? (
            <p className="empty">{state.status?.message ?? 'Looking for engines…'}</p>
          ) : scene.nodes.length === 0 ? (
            <div className="empty">
              <h2>{snapshot?.containers.length === 0 ? 'No containers' : 'No container fits the filter'}</h2>
              <p>
                {snapshot?.processes.length ?? 0} processes and {snapshot?.namespaces.length ?? 0} namespaces are below.
                Start one: <code>docker run -d --name web1 nginx</code>
              </p>
              <button type="button" onClick={() => store.dispatch({ type: 'select', selection: { type: 'host' } })}>
                Show the host
              </button>
            </div>
          ) : (
            <GraphView
              scene={scene}
              selection={state.selection}
              found={null}
              stale={stale}
              fit={fit}
              onSelect={(selection) => store.dispatch({ type: 'select', selection })}
              onPin={pin}
            />
          )}
          {sharing !== null && (
            <Legend view={state.view} sharing={sharing} onView={(view) => store.dispatch({ type: 'view', view })} />
          )}
        </div>
        {state.table && graph !== null && (
          <Table
            graph={graph}
            selection={state.selection}
            onSelect={(selection) => store.dispatch({ type: 'select', selection })}
          />
        )}
        {state.selection !== null && snapshot !== null && sharing !== null && (
          <Panel
            snapshot={snapshot}
            sharing={sharing}
            selection={state.selection}
            onSelect={(selection) => store.dispatch({ type: 'select', selection })}
          />
        )}
      </main>
      <StatusLine state={state} snapshot={snapshot} shown={scene?.nodes.length ?? 0} />
      <input
        ref={picker}
        type="file"
        accept=".json,application/json"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) void openFile(file);
          event.target.value = '';
        }}
      />
    </div>
  );
}
