import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { SceneGraph } from '#core/layout/scene.ts';
import type { Sharing } from '#core/sharing/sharing.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import { loadPanelWidth, savePanelWidth } from '../state/saved.ts';
import type { Selection } from '../state/state.ts';
import { Icon } from '../ui/icon.tsx';
import { BrokenDetails, Mended } from './broken-details.tsx';
import { ContainerDetails } from './container-details.tsx';
import { HostDetails } from './host-details.tsx';
import { NamespaceDetails } from './namespace-details.tsx';
import { createNav, type Nav } from './nav.tsx';
import { OutsideDetails } from './outside-details.tsx';
import { Overview } from './overview.tsx';
import { PairDetails } from './pair-details.tsx';
import { SetDetails } from './set-details.tsx';
import './panel.css';

const NARROWEST = 280;
const WIDEST = 720;
const STEP = 24;

interface Props {
  readonly snapshot: Snapshot;
  readonly sharing: Sharing;
  readonly graph: SceneGraph;
  readonly selection: Selection | null;
  readonly canGoBack: boolean;
  readonly canGoForward: boolean;
  readonly onSelect: (selection: Selection | null) => void;
  readonly onBack: () => void;
  readonly onForward: () => void;
  readonly onHide: () => void;
}

function Gone({ text }: { readonly text: PlainMessage }) {
  return (
    <>
      <h2>{t('Gone')}</h2>
      <p>{t(text)}</p>
    </>
  );
}

/** What is told of a selection. */
function detailsOf(nav: Nav, graph: SceneGraph, selection: Selection | null) {
  const { snapshot, sharing } = nav;
  if (selection === null) {
    // Without containers there is only the machine itself to tell of.
    return snapshot.containers.every(({ helper }) => helper) ? <HostDetails nav={nav} /> : <Overview nav={nav} />;
  }
  if (selection.type === 'host') return <HostDetails nav={nav} />;
  if (selection.type === 'container') {
    const container = nav.containers.get(selection.id);
    const node = nav.nodes.get(selection.id);
    if (node?.pids !== undefined) return <OutsideDetails key={node.key} nav={nav} node={node} />;
    return container === undefined ? (
      <Gone text="This container is not there any more." />
    ) : (
      <ContainerDetails key={container.id} nav={nav} container={container} />
    );
  }
  if (selection.type === 'pair') {
    const [first, second] = [nav.containers.get(selection.first), nav.containers.get(selection.second)];
    return first === undefined || second === undefined ? (
      <Gone text="One of the two containers is not there any more." />
    ) : (
      <PairDetails nav={nav} first={first} second={second} />
    );
  }
  if (selection.type === 'namespace') {
    const namespace = snapshot.namespaces.find(({ id }) => id === selection.id);
    return namespace === undefined ? (
      <Gone text="This namespace is not there any more." />
    ) : (
      <NamespaceDetails key={namespace.id} nav={nav} namespace={namespace} />
    );
  }
  if (selection.type === 'broken') {
    const share = sharing.broken.find((each) => each.container === selection.container && each.kind === selection.kind);
    return share === undefined ? (
      <Mended nav={nav} container={selection.container} kind={selection.kind} />
    ) : (
      <BrokenDetails nav={nav} share={share} />
    );
  }
  const hidden = sharing.sets.find(({ key }) => key === selection.key);
  const set =
    graph.sets.find(({ key }) => key === selection.key) ??
    (hidden === undefined ? undefined : { members: hidden.members, strands: hidden.shared });
  return set === undefined ? (
    <Gone text="This share is not there any more." />
  ) : (
    <SetDetails key={selection.key} nav={nav} set={set} />
  );
}

/** The side panel: what is known of the selection. */
export function Panel(props: Props) {
  const { snapshot, sharing, graph, selection, onSelect } = props;
  const body = useRef<HTMLDivElement>(null);
  const followed = useRef(false);
  const pid = (selection?.type === 'container' || selection?.type === 'host' ? selection.pid : null) ?? null;
  const nav = useMemo(() => {
    const follow = (next: Selection): void => {
      followed.current = true;
      onSelect(next);
    };
    return createNav(snapshot, sharing, graph, pid, follow);
  }, [snapshot, sharing, graph, pid, onSelect]);
  // Every scan redraws the page, but this text changes less often and may be long, so it is kept.
  const details = useMemo(() => detailsOf(nav, graph, selection), [nav, graph, selection]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another selection starts at its top
  useEffect(() => {
    // A process that was asked for is scrolled to by its list.
    if (pid === null) body.current?.scrollTo(0, 0);
    // The link that was followed is no longer there, so the focus would be lost.
    if (followed.current) body.current?.focus();
    followed.current = false;
  }, [selection]);
  const [width, setWidth] = useState(() => loadPanelWidth() ?? 380);
  const start = useRef<{ x: number; width: number } | null>(null);

  function resize(to: number): void {
    const next = Math.round(Math.min(WIDEST, Math.max(NARROWEST, to)));
    setWidth(next);
    savePanelWidth(next);
  }
  function drag(event: PointerEvent): void {
    if (start.current !== null) resize(start.current.width + start.current.x - event.clientX);
  }
  function key(event: KeyboardEvent): void {
    const step = event.key === 'ArrowLeft' ? STEP : event.key === 'ArrowRight' ? -STEP : 0;
    if (step === 0 || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    resize(width + step);
  }

  return (
    <aside className="side" data-region="details" aria-label={t('Details')} style={{ flexBasis: width }}>
      {/* biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved; this one is dragged and takes arrow keys */}
      <div
        className="splitter"
        role="separator"
        aria-orientation="vertical"
        aria-label={t('Width of the details')}
        aria-valuenow={width}
        aria-valuemin={NARROWEST}
        aria-valuemax={WIDEST}
        tabIndex={0}
        onKeyDown={key}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = { x: event.clientX, width };
        }}
        onPointerMove={drag}
        onPointerUp={() => {
          start.current = null;
        }}
      />
      <div className="side-bar">
        <button
          type="button"
          className="quiet"
          aria-label={t('Back')}
          title={t('Back (Alt+←)')}
          disabled={!props.canGoBack}
          onClick={props.onBack}
        >
          <Icon name="back" />
        </button>
        <button
          type="button"
          className="quiet"
          aria-label={t('Forward')}
          title={t('Forward (Alt+→)')}
          disabled={!props.canGoForward}
          onClick={props.onForward}
        >
          <Icon name="forward" />
        </button>
        <span className="grow" />
        {selection !== null && (
          <button type="button" className="quiet text" onClick={() => onSelect(null)}>
            {t('Overview')}
          </button>
        )}
        <button
          type="button"
          className="quiet"
          aria-label={t('Hide details')}
          title={t('Hide (i)')}
          onClick={props.onHide}
        >
          <Icon name="close" />
        </button>
      </div>
      <div className="side-body" ref={body} tabIndex={-1} data-enter>
        {details}
      </div>
    </aside>
  );
}
