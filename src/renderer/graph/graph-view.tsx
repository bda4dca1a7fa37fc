import { drag, select, type ZoomBehavior, zoom, zoomIdentity } from 'd3';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { groupMarks, hubMarks, linkMarks, type Mark, nodeMarks, visibleText } from '#core/layout/marks.ts';
import type { Point, Scene, SceneNode } from '#core/layout/scene.ts';
import { HOST } from '#core/sharing/sharing.ts';
import type { Selection } from '../state/state.ts';
import { type Direction, nearest } from './nearest.ts';
import { useTheme } from './theme.ts';
import './graph.css';

interface Props {
  readonly scene: Scene;
  readonly selection: Selection | null;
  /** Keys of the nodes that the search finds; null when nothing is searched. */
  readonly found: ReadonlySet<string> | null;
  readonly stale: boolean;
  /** Changes when the picture shall be fitted to the view. */
  readonly fit: number;
  readonly onSelect: (selection: Selection | null) => void;
  readonly onPin: (key: string, at: Point | null) => void;
}

/** A sentence that says of a node what the picture shows of it. */
function sentence(node: SceneNode): string {
  const shared = node.strip
    .filter((slot) => slot.standing === 'shared')
    .map((slot) => `${slot.kind} with ${slot.partners}`);
  const host = node.strip.filter((slot) => slot.standing === 'host').map((slot) => slot.kind);
  if (node.type === 'host') return `${visibleText(node.label)}, ${visibleText(node.detail)}.`;
  return `${visibleText(node.label)}, ${node.state}, ${node.processes} processes; shares ${shared.join(', ') || 'nothing'}; with the host: ${host.join(', ') || 'nothing'}.`;
}

function draw(parent: SVGGElement, marks: readonly Mark[]): void {
  parent.replaceChildren(
    ...marks.map((mark) => {
      const element = document.createElementNS('http://www.w3.org/2000/svg', mark.tag);
      for (const [name, value] of Object.entries(mark.attrs)) element.setAttribute(name, String(value));
      if (mark.text !== undefined) element.textContent = mark.text;
      return element;
    }),
  );
}

/** The keys that belong to one node or set: its neighbours through every drawn share. */
function neighbourhood(scene: Scene, key: string): Set<string> {
  const keys = new Set([key]);
  for (const link of scene.links) {
    const set = scene.hubs.find((hub) => hub.key === link.to);
    const ends = set === undefined ? [link.from, link.to] : [...set.members, set.key];
    if (ends.includes(key) || link.set === key) for (const end of ends) keys.add(end);
  }
  return keys;
}

export function GraphView({ scene, selection, found, stale, fit, onSelect, onPin }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const behaviour = useRef<ZoomBehavior<SVGSVGElement, unknown> | null>(null);
  const theme = useTheme();
  const [hover, setHover] = useState<string | null>(null);
  const selected =
    selection?.type === 'container'
      ? selection.id
      : selection?.type === 'host'
        ? HOST
        : selection?.type === 'set'
          ? selection.key
          : null;
  const active = scene.nodes.find((node) => node.key === selected);

  useEffect(() => {
    if (svg.current === null) return;
    const root = select(svg.current);
    const zooming = zoom<SVGSVGElement, unknown>()
      .scaleExtent([0.1, 3])
      .on('zoom', (event: { transform: { toString(): string } }) => {
        root.select('.world').attr('transform', event.transform.toString());
      });
    root.call(zooming).on('dblclick.zoom', null);
    behaviour.current = zooming;
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only the first picture and a request fit the view; changes never do
  useEffect(() => {
    if (svg.current === null || behaviour.current === null) return;
    const { width, height } = svg.current.getBoundingClientRect();
    const { bounds } = scene;
    const scale = Math.min(1.25, width / (bounds.width + 64), height / (bounds.height + 64));
    const x = width / 2 - scale * (bounds.x + bounds.width / 2);
    const y = height / 2 - scale * (bounds.y + bounds.height / 2);
    select(svg.current).call(behaviour.current.transform, zoomIdentity.translate(x, y).scale(scale));
  }, [fit]);

  useEffect(() => {
    if (svg.current === null) return;
    const world = select(svg.current).select<SVGGElement>('.world');
    world
      .select<SVGGElement>('.groups')
      .selectAll<SVGGElement, Scene['groups'][number]>('g')
      .data(scene.groups, (group) => group.key)
      .join('g')
      .each(function (group) {
        draw(this, groupMarks(group, theme));
      });
    world
      .select<SVGGElement>('.links')
      .selectAll<SVGGElement, Scene['links'][number]>('g')
      .data(scene.links, (link) => link.key)
      .join('g')
      .attr('class', (link) => (link.broken ? 'link broken' : 'link'))
      .attr('data-kinds', (link) => link.strands.map((strand) => strand.kind).join(' '))
      .each(function (link) {
        draw(this, linkMarks(link, theme));
        // A line is too thin to point at: a wide transparent one takes the pointer.
        for (const strand of link.strands) {
          const [a, b] = strand.points;
          select(this)
            .append('line')
            .attr('class', 'target')
            .attr('x1', a.x)
            .attr('y1', a.y)
            .attr('x2', b.x)
            .attr('y2', b.y);
        }
      })
      .on('click', (event: MouseEvent, link) => {
        event.stopPropagation();
        onSelect({ type: 'set', key: link.set });
      });
    world
      .select<SVGGElement>('.hubs')
      .selectAll<SVGGElement, Scene['hubs'][number]>('g')
      .data(scene.hubs, (hub) => hub.key)
      .join('g')
      .attr('class', 'hub')
      .each(function (hub) {
        draw(this, hubMarks(hub, theme));
      })
      .on('click', (event: MouseEvent, hub) => {
        event.stopPropagation();
        onSelect({ type: 'set', key: hub.key });
      })
      .on('pointerenter', (_event, hub) => setHover(hub.key))
      .on('pointerleave', () => setHover(null));
    let moved = false;
    world
      .select<SVGGElement>('.nodes')
      .selectAll<SVGGElement, SceneNode>('g')
      .data(scene.nodes, (node) => node.key)
      .join('g')
      .attr('class', 'node')
      .attr('data-name', (node) => node.label)
      .attr('transform', null)
      .each(function (node) {
        draw(this, nodeMarks(node, theme));
        select(this).append('title').text(sentence(node));
      })
      .on('click', (event: MouseEvent, node) => {
        event.stopPropagation();
        onSelect(node.key === HOST ? { type: 'host' } : { type: 'container', id: node.key });
      })
      .on('dblclick', (_event, node) => onPin(node.key, null))
      .on('pointerenter', (_event, node) => setHover(node.key))
      .on('pointerleave', () => setHover(null))
      .call(
        drag<SVGGElement, SceneNode>()
          .clickDistance(4)
          .on('start', () => {
            moved = false;
          })
          .on('drag', function (event: { x: number; y: number }, node) {
            moved = true;
            select(this).attr('transform', `translate(${event.x - node.x},${event.y - node.y})`);
          })
          .on('end', (event: { x: number; y: number }, node) => {
            if (moved) onPin(node.key, { x: event.x, y: event.y });
          }),
      );
  }, [scene, theme, onSelect, onPin]);

  useEffect(() => {
    if (svg.current === null) return;
    const focus = hover ?? selected;
    const near = focus === null ? null : neighbourhood(scene, focus);
    const dim = (key: string): boolean => (near !== null && !near.has(key)) || (found !== null && !found.has(key));
    const world = select(svg.current).select('.world');
    world
      .selectAll<SVGGElement, SceneNode>('.node')
      .classed('dim', (node) => dim(node.key))
      .classed('selected', (node) => node.key === selected);
    world
      .selectAll<SVGGElement, Scene['hubs'][number]>('.hub')
      .classed('dim', (hub) => near !== null && !near.has(hub.key))
      .classed('selected', (hub) => hub.key === selected);
    world
      .selectAll<SVGGElement, Scene['links'][number]>('.link')
      .classed('dim', (link) => near !== null && !(near.has(link.from) && near.has(link.to)));
  }, [scene, hover, selected, found]);

  function key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith('Arrow')) {
      event.preventDefault();
      const first = scene.nodes[0];
      const next = active === undefined ? first : nearest(active, event.key as Direction, scene.nodes);
      if (next) onSelect(next.key === HOST ? { type: 'host' } : { type: 'container', id: next.key });
    } else if (event.key === 'p' && active !== undefined)
      onPin(active.key, active.pinned ? null : { x: active.x, y: active.y });
    else if (svg.current !== null && behaviour.current !== null && (event.key === '+' || event.key === '-'))
      select(svg.current).call(behaviour.current.scaleBy, event.key === '+' ? 1.25 : 0.8);
  }

  return (
    <section
      className={stale ? 'graph stale' : 'graph'}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas is one tab stop whose arrows move the active node
      tabIndex={0}
      aria-label="Containers and the namespaces they share. Arrow keys move from container to container."
      onKeyDown={key}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape clears the selection */}
      <svg ref={svg} aria-hidden="true" onClick={() => onSelect(null)}>
        <g className="world">
          <g className="groups" />
          <g className="links" />
          <g className="hubs" />
          <g className="nodes" />
        </g>
      </svg>
      <p className="hidden" aria-live="polite">
        {active === undefined ? '' : sentence(active)}
      </p>
    </section>
  );
}
