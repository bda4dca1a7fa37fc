import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import { cardUses } from '#core/layout/card-use.ts';
import { sentences, t } from '#core/words/words.ts';
import { NO_FILTER } from '../commands/view.ts';
import type { GraphControls } from '../graph/graph-view.tsx';
import { GraphView } from '../graph/graph-view.tsx';
import { NO_USE } from '../graph/layers.ts';
import { Legend } from '../graph/legend.tsx';
import { useScene } from '../graph/use-scene.ts';
import { LevelsView } from '../levels/levels-view.tsx';
import { selectEmpty, selectFoundKeys, selectGraph } from '../page/derived.ts';
import { usePage, usePageState } from '../page/page.ts';
import { NamespaceList } from '../panels/namespace-list.tsx';
import { ProcessesView } from '../processes/processes-view.tsx';
import { ResourcesView } from '../resources/resources-view.tsx';
import { useUsage } from '../resources/use-usage.ts';
import { isStale, liveEndpoint, type Selection, shownSnapshot } from '../state/state.ts';
import { Table } from '../table/table.tsx';
import { WiringView } from '../wiring/wiring-view.tsx';
import { FirstContainer, NothingFits, Waiting } from './empty.tsx';

/** Lets the commands use what the picture can do. */
function usePicture() {
  const page = usePage();
  const graph = usePageState(selectGraph);
  const place = usePageState((state) => {
    const shown = state.file === null ? (state.endpoint ?? '') : `file:${state.file.name}`;
    // A comparison is a picture of its own: what is pinned in it is not pinned elsewhere.
    return state.comparison === null ? shown : `compared:${shown}`;
  });
  const controls = useRef<GraphControls | null>(null);
  const wanted = useRef<Selection | null>(null);
  const picture = useScene(graph, place);
  const { scene, tidy, untidy } = picture;
  useEffect(() => {
    page.picture.current = {
      fit: () => controls.current?.fit(),
      zoomIn: () => controls.current?.zoomIn(),
      zoomOut: () => controls.current?.zoomOut(),
      reveal(selection) {
        // The picture may not be shown yet; it looks at this once it is.
        if (controls.current === null) wanted.current = selection;
        else controls.current.reveal(selection);
      },
      tidy() {
        tidy();
        page.store.dispatch({ type: 'tidied' });
        page.store.dispatch({
          type: 'toast',
          toast: { text: () => t('Everything was laid out again.'), undo: () => page.picture.current?.untidy() },
        });
      },
      untidy() {
        untidy();
        page.store.dispatch({ type: 'untidied' });
        page.store.dispatch({ type: 'toast', toast: null });
      },
      scene: () => scene,
    };
    return () => {
      page.picture.current = null;
    };
  }, [page, scene, tidy, untidy]);
  useEffect(() => page.store.dispatch({ type: 'drawn', drawn: scene !== null }), [page, scene]);
  return { ...picture, controls, wanted };
}

/** The views: the picture and the others that are shown beside it or in its place. */
export function Stage() {
  const { select } = usePage();
  const snapshot = usePageState(shownSnapshot);
  const shown = usePageState((state) => state.shown);
  const empty = usePageState(selectEmpty);
  const picture = usePicture();
  if (snapshot === null) return <Waiting />;
  if (shown === 'wiring') return <WiringView onSelect={select} />;
  if (shown === 'resources') return <ResourcesView />;
  if (shown === 'levels') return <LevelsView />;
  if (shown === 'processes') return <ProcessesView />;
  return (
    <div className="views-both">
      {shown !== 'table' && <Picture picture={picture} />}
      {shown !== 'graph' && (empty ? <Namespaces /> : <Table />)}
    </div>
  );
}

function Namespaces() {
  const { select } = usePage();
  const snapshot = usePageState(shownSnapshot);
  const selection = usePageState((state) => state.selection);
  return snapshot === null ? null : <NamespaceList snapshot={snapshot} selection={selection} onSelect={select} />;
}

function Picture({ picture }: { readonly picture: ReturnType<typeof usePicture> }) {
  const { changeView } = usePage();
  const graph = usePageState(selectGraph);
  const empty = usePageState(selectEmpty);
  const beside = usePageState((state) => state.shown === 'both');
  if (graph === null) return null;
  const only = graph.nodes.every(({ type }) => type === 'host');
  return (
    <div className="picture">
      {picture.failure !== null ? (
        <div className="empty" role="alert">
          <h2>{t('No picture')}</h2>
          <p>{sentences(picture.failure, t('The table shows the same.'))}</p>
          <button type="button" onClick={picture.retry}>
            {t('Draw again')}
          </button>
        </div>
      ) : only && empty ? (
        <div className="machine">
          <FirstContainer />
          {!beside && <Namespaces />}
        </div>
      ) : only ? (
        <NothingFits total={graph.total} onClear={() => changeView(NO_FILTER)} />
      ) : (
        <Drawn picture={picture} controls={picture.controls} wanted={picture.wanted} />
      )}
    </div>
  );
}

function Drawn({
  picture,
  controls,
  wanted,
}: {
  readonly picture: Pick<ReturnType<typeof usePicture>, 'scene' | 'pins' | 'pin' | 'refit'>;
  readonly controls: RefObject<GraphControls | null>;
  readonly wanted: RefObject<Selection | null>;
}) {
  const page = usePage();
  const graph = usePageState(selectGraph);
  const selection = usePageState((state) => state.selection);
  const view = usePageState((state) => state.view);
  const found = usePageState(selectFoundKeys);
  const stale = usePageState(isStale);
  const live = usePageState((state) => liveEndpoint(state) !== null);
  const cardUse = usePageState((state) => state.cardUse) && live;
  const { usage } = useUsage(cardUse);
  const uses = useMemo(() => (usage === null || !cardUse ? NO_USE : cardUses(usage)), [usage, cardUse]);
  const { scene, pins, pin, refit } = picture;
  const showNetwork = useCallback(
    (network: string | null) => page.store.dispatch({ type: 'show-network', network }),
    [page],
  );
  const ready = scene !== null;
  useEffect(() => {
    if (!ready || wanted.current === null) return;
    controls.current?.reveal(wanted.current);
    wanted.current = null;
  }, [ready, controls, wanted]);
  if (scene === null || graph === null) return null;
  return (
    <>
      <GraphView
        ref={controls}
        scene={scene}
        selection={selection}
        found={found}
        stale={stale}
        uses={uses}
        onSelect={page.select}
        onRoom={refit}
        onNetwork={showNetwork}
        onPin={(key, at) => {
          const before = pins[key];
          pin(key, at);
          if (at === null && before !== undefined) {
            const undo = (): void => pin(key, before);
            page.store.dispatch({ type: 'toast', toast: { text: () => t('No longer pinned.'), undo } });
          }
        }}
      />
      <Legend
        view={view}
        graph={graph}
        cardUse={live ? cardUse : null}
        onView={page.changeView}
        onCardUse={(wanted) => page.store.dispatch({ type: 'card-use', cardUse: wanted })}
      />
    </>
  );
}
