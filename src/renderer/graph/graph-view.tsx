import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Point, Scene, SceneNode, ViewOptions } from '#core/layout/scene.ts';
import { HOST } from '#core/sharing/sharing.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import type { Selection } from '../state/state.ts';
import { Canvas } from './canvas.ts';
import { toggleKind } from './legend.tsx';
import { type Direction, nearest } from './nearest.ts';
import { neighboursOf } from './neighbourhood.ts';
import { selectionOf } from './selection.ts';
import { useTheme } from './theme.ts';
import { sentenceOf } from './words.ts';

interface Props {
  readonly scene: Scene;
  readonly selection: Selection | null;
  /** Keys of the nodes that the search finds; null when nothing is searched. */
  readonly found: ReadonlySet<string> | null;
  readonly stale: boolean;
  /** Changes when the picture shall be fitted to the view. */
  readonly fit: number;
  readonly view: ViewOptions;
  readonly onSelect: (selection: Selection | null) => void;
  readonly onPin: (key: string, at: Point | null) => void;
  readonly onView: (view: Partial<ViewOptions>) => void;
  /** Shows the table, the graph's twin. */
  readonly onTable: () => void;
}

const PAN_STEP = 80;
const ZOOM_STEP = 1.3;

/** The next node in the order of groups, then names: for `g`, the first of the next or previous group. */
function groupStep(scene: Scene, active: SceneNode | undefined, step: 1 | -1): SceneNode | undefined {
  const keys = scene.groups.map((group) => group.key);
  const at = scene.groups.findIndex((group) => group.members.includes(active?.key ?? ''));
  const next = scene.groups[(at < 0 && step < 0 ? keys.length - 1 : at + step + keys.length) % keys.length];
  return scene.nodes.find((node) => node.key === next?.members[0]);
}

/** The graph: one stop of the Tab key, in which the arrow keys go from node to node. */
export function GraphView(props: Props) {
  const { scene, selection, found, stale, fit, view, onSelect, onPin, onView, onTable } = props;
  const svg = useRef<SVGSVGElement>(null);
  const canvas = useRef<Canvas | null>(null);
  const id = useId();
  const theme = useTheme();
  const [hover, setHover] = useState<string | null>(null);
  const [focus, setFocus] = useState<string | null>(null);
  const [focused, setFocused] = useState(false);
  const neighbours = useMemo(() => neighboursOf(scene), [scene]);

  const selected = useMemo<ReadonlySet<string>>(() => {
    if (selection === null) return new Set();
    if (selection.type === 'container') return new Set([selection.id]);
    if (selection.type === 'host') return new Set([HOST]);
    return selection.type === 'set' ? new Set([selection.key]) : neighbours.ofNamespace(selection.id);
  }, [selection, neighbours]);
  // The keyboard is where it was; if that went away, where the selection is; else at the start.
  const active =
    scene.nodes.find((node) => node.key === focus) ??
    scene.nodes.find((node) => selected.has(node.key)) ??
    scene.nodes[0];

  const onlyProcesses =
    scene.nodes.some((node) => node.type === 'process') && !scene.nodes.some((node) => node.type === 'container');

  useEffect(() => {
    if (svg.current === null) return;
    const own = new Canvas(svg.current, {
      onNode: () => {},
      onSet: () => {},
      onGround: () => {},
      onHover: () => {},
      onPin: () => {},
    });
    canvas.current = own;
    return () => {
      own.end();
      canvas.current = null;
    };
  }, []);

  useEffect(() => {
    canvas.current?.listen({
      onNode: (node) => {
        setFocus(node.key);
        onSelect(selectionOf(node));
      },
      onSet: ({ set, strands }) => {
        // A set with processes in it is none of the sharing's: its namespace can still be told about.
        const namespace = strands[0]?.namespace;
        if (set.startsWith('processes:') && namespace) onSelect({ type: 'namespace', id: namespace });
        else onSelect({ type: 'set', key: set });
      },
      onGround: () => onSelect(null),
      onHover: setHover,
      onPin,
    });
  }, [onSelect, onPin]);

  useEffect(() => canvas.current?.show(scene, theme), [scene, theme]);

  const shownFit = useRef(fit);
  useEffect(() => {
    if (shownFit.current !== fit) canvas.current?.fit(true);
    shownFit.current = fit;
  }, [fit]);

  useEffect(() => {
    // A hovered node may have gone away under the pointer.
    const hovered = hover === null ? null : neighbours.of(hover);
    const near = hovered !== null && hovered.size > 1 ? hovered : selection === null ? null : selectedNear();
    canvas.current?.emphasise({ selected, near, found, active: focused ? (active?.key ?? null) : null });

    function selectedNear(): ReadonlySet<string> | null {
      const out = new Set<string>();
      for (const key of selected) for (const other of neighbours.of(key)) out.add(other);
      return selection?.type === 'namespace' ? selected : out.size > 0 ? out : null;
    }
  }, [neighbours, selection, selected, hover, found, active, focused]);

  function go(node: SceneNode | null | undefined): void {
    if (!node) return;
    setFocus(node.key);
    canvas.current?.reveal(node);
  }

  function key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const kind = /^Digit[1-8]$/.test(event.code) ? NAMESPACE_KINDS[Number(event.code.slice(5)) - 1] : undefined;
    if (event.key.startsWith('Arrow')) {
      const sign = event.key === 'ArrowLeft' || event.key === 'ArrowUp' ? 1 : -1;
      const level = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
      if (event.shiftKey) canvas.current?.panBy(level ? sign * PAN_STEP : 0, level ? 0 : sign * PAN_STEP);
      else if (active !== undefined) go(nearest(active, event.key as Direction, scene.nodes));
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (active !== undefined) onSelect(selectionOf(active));
    } else if (event.key === 'Escape') onSelect(null);
    else if (event.key === 'Home') go(scene.nodes[0]);
    else if (event.key === 'End') go(scene.nodes.at(-1));
    else if (event.key === 'g' || event.key === 'G') go(groupStep(scene, active, event.shiftKey ? -1 : 1));
    else if (event.key === 'p' && active !== undefined) {
      onPin(active.key, active.pinned ? null : { x: active.x, y: active.y });
    } else if (event.key === 'm') onTable();
    else if (event.key === 'h') onView({ hostLinks: !view.hostLinks });
    else if (event.key === 's') onView({ services: !view.services });
    else if (event.key === '+' || event.key === '=') canvas.current?.zoomBy(ZOOM_STEP);
    else if (event.key === '-') canvas.current?.zoomBy(1 / ZOOM_STEP);
    else if (event.key === '0') canvas.current?.fit(true);
    else if (kind !== undefined) onView(toggleKind(view, kind, event.shiftKey));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      className={stale ? 'graph stale' : 'graph'}
      role="application"
      aria-roledescription="graph"
      aria-label={`${scene.nodes.length} nodes and the namespaces they share. Arrow keys go from node to node, Enter selects, m shows the table.`}
      aria-activedescendant={active === undefined ? undefined : id}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys itself
      tabIndex={0}
      onKeyDown={key}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <svg ref={svg} aria-hidden="true" />
      {onlyProcesses && (
        <p className="graph-hint">
          No containers here: each box is a group of processes that share all their namespaces, named by its leader.
        </p>
      )}
      {active !== undefined && (
        <div id={id} role="img" className="hidden" aria-label={sentenceOf(active)} data-active={active.key} />
      )}
    </div>
  );
}
