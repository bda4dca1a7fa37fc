import { type KeyboardEvent, type Ref, useEffect, useId, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { sentenceOfLane } from '#core/layout/networks.ts';
import type { Point, Scene, SceneLane, SceneNode } from '#core/layout/scene.ts';
import { HOST } from '#core/sharing/sharing.ts';
import { t } from '#core/words/words.ts';
import { commandOf } from '../commands/keys.ts';
import { selectionOf, selectionOfSet, selectionWith } from '../state/node-selection.ts';
import type { Selection } from '../state/state.ts';
import { type Direction, nearest } from '../ui/nearest.ts';
import { useTheme } from '../ui/theme.ts';
import { Canvas } from './canvas.ts';
import { type Uses, withUse } from './layers.ts';
import { neighboursOf } from './neighbourhood.ts';
import { labelsOf, sentenceOf, sentenceOfLink } from './words.ts';

interface Props {
  readonly scene: Scene;
  readonly selection: Selection | null;
  /** Keys of the nodes that the search finds; null when nothing is searched. */
  readonly found: ReadonlySet<string> | null;
  readonly stale: boolean;
  /** What nodes use now. */
  readonly uses: Uses;
  readonly ref?: Ref<GraphControls>;
  readonly onSelect: (selection: Selection | null) => void;
  /** A network's lane was asked for: its name, or null for one that stands for several. */
  readonly onNetwork: (name: string | null) => void;
  readonly onPin: (key: string, at: Point | null) => void;
  /** The room for the picture has changed while all of it is shown. */
  readonly onRoom: () => void;
}

/** What the page's commands do to the picture. */
export interface GraphControls {
  fit(): void;
  zoomIn(): void;
  zoomOut(): void;
  /** Brings into view what a selection stands for, and looks at it from near. */
  reveal(selection: Selection): void;
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

/** The network that a lane stands for; null where it stands for several. */
function networkOf({ networks }: SceneLane): string | null {
  return networks.length === 1 ? (networks[0]?.name ?? null) : null;
}

/** The graph: one stop of the Tab key, in which the arrow keys go from node to node. */
export function GraphView(props: Props) {
  const { ref, scene, selection, found, stale, uses, onSelect, onNetwork, onPin, onRoom } = props;
  const svg = useRef<SVGSVGElement>(null);
  const painting = useRef<HTMLCanvasElement>(null);
  const canvas = useRef<Canvas | null>(null);
  const id = useId();
  const theme = useTheme();
  const [hover, setHover] = useState<string | null>(null);
  const [focus, setFocus] = useState<string | null>(null);
  /** The node from which the keyboard went to one of its lines. */
  const [base, setBase] = useState<string | null>(null);
  const [focused, setFocused] = useState(false);
  const neighbours = useMemo(() => neighboursOf(scene), [scene]);

  const selected = useMemo<ReadonlySet<string>>(() => {
    if (selection === null) return new Set();
    if (selection.type === 'container') return new Set([selection.id]);
    if (selection.type === 'pair') return new Set([selection.first, selection.second]);
    if (selection.type === 'host') return new Set([HOST]);
    // With its line: the kinds of the card would lie upon what that says.
    if (selection.type === 'broken')
      return new Set([selection.container, `broken:${selection.kind}:${selection.container}`]);
    return selection.type === 'set' ? new Set([selection.key]) : neighbours.ofNamespace(selection.id);
  }, [selection, neighbours]);
  // The keyboard is where it was; if that went away, where the selection is; else at the start.
  const walked = neighbours.isSet(focus ?? '') ? focus : null;
  const active =
    scene.nodes.find((node) => node.key === (walked === null ? focus : base)) ??
    scene.nodes.find((node) => selected.has(node.key)) ??
    scene.nodes.find((node) => node.type !== 'host') ??
    scene.nodes[0];

  const onlyProcesses =
    scene.nodes.some((node) => node.type === 'process') && !scene.nodes.some((node) => node.type === 'container');

  useEffect(() => {
    if (svg.current === null || painting.current === null) return;
    const own = new Canvas(svg.current, painting.current, {
      onNode: () => {},
      onSet: () => {},
      onLane: () => {},
      onGround: () => {},
      onHover: () => {},
      onPin: () => {},
      onRoom: () => {},
    });
    canvas.current = own;
    return () => {
      own.end();
      canvas.current = null;
    };
  }, []);

  useEffect(() => {
    canvas.current?.listen({
      onNode: (node, besides) => {
        setFocus(node.key);
        onSelect(besides ? selectionWith(selection, node) : selectionOf(node));
      },
      onSet: (link) => onSelect(selectionOfSet(link)),
      onLane: (lane) => onNetwork(networkOf(lane)),
      onGround: () => onSelect(null),
      onHover: setHover,
      onPin,
      onRoom,
    });
  }, [selection, onSelect, onNetwork, onPin, onRoom]);

  useEffect(() => canvas.current?.show(scene, theme), [scene, theme]);

  useEffect(() => canvas.current?.tellUse(uses), [uses]);

  useImperativeHandle(
    ref,
    () => ({
      fit: () => canvas.current?.fit(true),
      zoomIn: () => canvas.current?.zoomBy(ZOOM_STEP),
      zoomOut: () => canvas.current?.zoomBy(1 / ZOOM_STEP),
      reveal(wanted) {
        const key =
          wanted.type === 'container'
            ? wanted.id
            : wanted.type === 'broken'
              ? wanted.container
              : wanted.type === 'host'
                ? HOST
                : wanted.type === 'namespace'
                  ? [...neighbours.ofNamespace(wanted.id)][0]
                  : undefined;
        const node = scene.nodes.find((each) => each.key === key);
        if (node !== undefined) canvas.current?.approach(node);
      },
    }),
    [scene, neighbours],
  );

  const beside = useMemo(() => (found === null ? null : neighbours.around(found)), [found, neighbours]);

  useEffect(() => {
    // A hovered node may have gone away under the pointer.
    const under = hover ?? walked;
    const hovered = under === null ? null : neighbours.of(under);
    const near = hovered !== null && hovered.size > 1 ? hovered : selection === null ? null : selectedNear();
    const here = focused ? (walked ?? active?.key ?? null) : null;
    canvas.current?.emphasise({ selected, near, found, beside, active: here });

    function selectedNear(): ReadonlySet<string> | null {
      const out = new Set<string>();
      for (const key of selected) for (const other of neighbours.of(key)) out.add(other);
      return selection?.type === 'namespace' ? selected : out.size > 0 ? out : null;
    }
  }, [neighbours, selection, selected, hover, found, beside, active, focused, walked]);

  /** To the next line or hub of the node that the keyboard is on, or was on before it went to one. */
  function walk(step: 1 | -1): void {
    if (active === undefined) return;
    const sets = neighbours.setsOf(active.key);
    if (sets.length === 0) return;
    const at = walked === null ? -1 : sets.indexOf(walked);
    const next = sets[(at < 0 && step < 0 ? sets.length - 1 : at + step + sets.length) % sets.length];
    setBase(active.key);
    setFocus(next ?? null);
  }

  function go(node: SceneNode | null | undefined): void {
    if (!node) return;
    setFocus(node.key);
    canvas.current?.reveal(node);
  }

  const lane = walked === null ? undefined : scene.lanes.find((each) => each.key === walked);

  function key(event: KeyboardEvent): void {
    setFocused(true);
    const command = commandOf(event.nativeEvent, 'picture');
    if (command === 'picture-pan') {
      const sign = event.key === 'ArrowLeft' || event.key === 'ArrowUp' ? 1 : -1;
      const level = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
      canvas.current?.panBy(level ? sign * PAN_STEP : 0, level ? 0 : sign * PAN_STEP);
    } else if (command === 'picture-step') {
      if (active !== undefined) go(nearest(active, event.key as Direction, scene.nodes));
    } else if (command === 'picture-select') {
      const link = walked === null ? undefined : scene.links.find(({ set }) => set === walked);
      if (lane !== undefined) onNetwork(networkOf(lane));
      else if (link !== undefined) onSelect(selectionOfSet(link));
      else if (active !== undefined) onSelect(selectionOf(active));
    } else if (command === 'picture-select-both') {
      if (active !== undefined) onSelect(selectionWith(selection, active));
    } else if (command === 'picture-next-line' || command === 'picture-previous-line')
      walk(command === 'picture-next-line' ? 1 : -1);
    else if (command === 'picture-back' && walked !== null) setFocus(base);
    else if (command === 'picture-first') go(scene.nodes[0]);
    else if (command === 'picture-last') go(scene.nodes.at(-1));
    else if (command === 'picture-next-group') go(groupStep(scene, active, 1));
    else if (command === 'picture-previous-group') go(groupStep(scene, active, -1));
    else if (command === 'picture-pin' && active !== undefined) {
      onPin(active.key, active.pinned ? null : { x: active.x, y: active.y });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const line = walked === null ? undefined : scene.links.find(({ set }) => set === walked);
  const hub = scene.hubs.find(({ key: each }) => each === walked);
  const told =
    lane !== undefined
      ? sentenceOfLane(lane, labelsOf(scene))
      : line === undefined
        ? active === undefined
          ? ''
          : sentenceOf(withUse(active, uses))
        : sentenceOfLink(line, hub?.members, labelsOf(scene));

  return (
    <div
      className={stale ? 'graph stale' : 'graph'}
      role="application"
      data-enter
      aria-roledescription={t('graph')}
      aria-label={t(
        '{n, number} nodes and the namespaces they share. Arrow keys go from node to node, l and Shift+L along the lines of one, Enter selects, m shows the table.',
        { n: scene.nodes.length },
      )}
      aria-activedescendant={active === undefined ? undefined : id}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys itself
      tabIndex={0}
      onKeyDown={key}
      // Who points does not need what the keyboard is on: it would lie over what is beside it.
      onFocus={(event) => setFocused(event.currentTarget.matches(':focus-visible'))}
      onBlur={() => setFocused(false)}
    >
      <canvas ref={painting} className="crowd" width={0} height={0} />
      <svg ref={svg} aria-hidden="true" />
      {onlyProcesses && (
        <p className="graph-hint">
          {t(
            'No containers here: each box is a group of processes that share all their namespaces, named by its leader.',
          )}
        </p>
      )}
      {active !== undefined && (
        <div id={id} role="img" className="hidden" aria-label={told} data-active={walked ?? active.key} />
      )}
    </div>
  );
}
