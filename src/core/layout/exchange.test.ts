import fc from 'fast-check';
import { expect, test } from 'vitest';
import { madeFleet } from '../../../test/support/made-fleet.ts';
import { withNetworks } from '../../../test/support/made-fleet-networks.ts';
import { nested } from '../../../test/support/made-nested.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { comparedGraph } from './compared-graph.ts';
import { type GraphChanges, LayoutPage, LayoutThread, type SceneChanges } from './exchange.ts';
import { buildSceneGraph, DEFAULT_VIEW } from './graph.ts';
import { type LayoutOptions, layoutScene } from './layout.ts';
import type { Placement, Scene, SceneGraph } from './scene.ts';

const VIEW = { ...DEFAULT_VIEW, services: true, networks: true };
const stage = { width: 1046, height: 738 };

function graphOf(snapshot: Snapshot, view = VIEW): SceneGraph {
  return buildSceneGraph(snapshot, analyseSharing(snapshot), view);
}

/** Page and thread with all that crosses between them copied, as it is there. */
function exchange() {
  const page = new LayoutPage();
  const thread = new LayoutThread();
  let id = 0;
  return (graph: SceneGraph, options: LayoutOptions, previous = id === 0 ? null : id) => {
    const there: GraphChanges = structuredClone(page.ask(graph));
    id += 1;
    const kept = previous === null ? [] : [previous];
    const back: SceneChanges = structuredClone(thread.place({ id, previous, kept, graph: there }, options));
    return { scene: page.receive(back, graph), there, back };
  };
}

/** The graph after some of its containers went or were made anew; all that this does not touch are the same objects. */
function altered(graph: SceneGraph, gone: ReadonlySet<string>, anew: ReadonlyMap<string, string>): SceneGraph {
  const has = (members: readonly string[]) => members.some((member) => gone.has(member) || anew.has(member));
  const left = (members: readonly string[]) =>
    members.filter((member) => !gone.has(member)).map((member) => anew.get(member) ?? member);
  const other = (member: string | null) => (member === null || gone.has(member) ? null : (anew.get(member) ?? member));
  const groups = graph.groups
    .map((group) => (has(group.members) ? { ...group, members: left(group.members) } : group))
    .filter(({ members }) => members.length > 0);
  return {
    ...graph,
    nodes: graph.nodes
      .filter(({ key }) => !gone.has(key))
      .map((node) => {
        const key = anew.get(node.key);
        return key === undefined ? node : { ...node, key, label: key.length % 2 === 0 ? node.label : key };
      }),
    groups,
    sets: graph.sets
      .map((set) => (has(set.members) ? { ...set, members: left(set.members), owner: other(set.owner) } : set))
      .filter(({ members }) => members.length > 1),
    broken: graph.broken
      .filter(({ container }) => !gone.has(container))
      .map((share) => {
        const { container, target } = share;
        return has([container, target ?? ''])
          ? { ...share, container: anew.get(container) ?? container, target: other(target) }
          : share;
      }),
    machine: graph.machine
      .filter(({ node }) => !gone.has(node))
      .map((link) => (anew.has(link.node) ? { ...link, node: anew.get(link.node) ?? link.node } : link)),
    networks: graph.networks
      .map((network) => (has(network.members) ? { ...network, members: left(network.members) } : network))
      .filter(({ members }) => members.length > 1),
  };
}

test('a scene of which only the changes cross is that of the whole graph placed at once, bit for bit', () => {
  const whole = graphOf(withNetworks(madeFleet(90)));
  const keys = whole.nodes.filter(({ type }) => type !== 'host').map(({ key }) => key);
  const change = fc.record({
    gone: fc.array(fc.constantFrom(...keys), { maxLength: 12 }),
    anew: fc.array(fc.constantFrom(...keys), { maxLength: 6 }),
    pin: fc.option(fc.constantFrom(...keys)),
    ticks: fc.constantFrom(1, 30, 90),
    tidied: fc.nat(9).map((each) => each === 0),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 2, maxLength: 10 }), (changes) => {
      const ask = exchange();
      let placement: Placement | null = null;
      let tick = 0;
      changes.forEach(({ gone, anew, pin, ticks, tidied }, round) => {
        tick += ticks;
        const graph = altered(whole, new Set(gone), new Map(anew.map((key) => [key, `${key}${round}`])));
        const options = { pins: new Map(pin === null ? [] : [[pin, { x: 40.5, y: 900.25 }]]), tick, stage };
        const expected = layoutScene(graph, tidied ? null : placement, options);
        const { scene } = tidied ? ask(graph, options, null) : ask(graph, options);
        expect(scene).toStrictEqual(expected.scene);
        placement = expected.placement;
      });
    }),
    { numRuns: 30 },
  );
}, 120_000);

test('graphs of which nothing is the same object, of one picture after another, come out as well', () => {
  const fleet = withNetworks(madeFleet(120));
  const moments = [fleet, { ...fleet, containers: fleet.containers.filter((_, index) => index % 17 !== 3) }, fleet];
  const graphs = [
    ...moments.map((moment) => graphOf(moment)),
    graphOf(nested()),
    comparedGraph(moments[1] ?? fleet, fleet, VIEW),
  ];
  const ask = exchange();
  let placement: Placement | null = null;
  graphs.forEach((graph, tick) => {
    const expected = layoutScene(graph, placement, { pins: new Map(), tick, stage });
    expect(ask(graph, { pins: new Map(), tick, stage }).scene).toStrictEqual(expected.scene);
    placement = expected.placement;
  });
});

/** How many entries cross. */
function crossing(changes: GraphChanges | SceneChanges): number {
  return Object.values(changes)
    .filter((value) => Array.isArray(value))
    .flat()
    .reduce((sum: number, piece) => sum + (piece?.fresh?.length ?? 0), 0);
}

const LISTS = ['nodes', 'groups', 'hubs', 'links', 'lanes'] as const;

/** Entries of a scene that are not objects of the one before. */
function fresh(before: Scene, after: Scene): number {
  return LISTS.reduce((sum, name) => {
    const known = new Set<unknown>(before[name]);
    return sum + after[name].filter((entry: unknown) => !known.has(entry)).length;
  }, 0);
}

test('of five hundred containers one that is made anew crosses alone, and all else in the scene stays the same object', () => {
  const graph = graphOf(madeFleet(500), DEFAULT_VIEW);
  const options = { pins: new Map(), tick: 0, stage };
  const alone = graph.nodes.find(({ type, group }) => type === 'container' && group === null)?.key ?? '';
  for (const key of [alone, graph.groups[3]?.members[0] ?? '']) {
    const ask = exchange();
    const first = ask(graph, options);
    expect(crossing(first.there)).toBeGreaterThan(500);
    const { there, back, scene } = ask(altered(graph, new Set(), new Map([[key, `${key}-anew`]])), options);
    // Itself, its group, its shares, its line to the machine.
    expect(crossing(there)).toBeLessThan(6);
    expect(crossing(back)).toBeLessThan(8);
    expect(fresh(first.scene, scene)).toBeLessThan(8);
    expect(JSON.stringify([there, back]).length).toBeLessThan(12_000);
  }
});

test('what a card only says does not cross, and is on the card', () => {
  const graph = graphOf(madeFleet(60));
  const ask = exchange();
  const options = { pins: new Map(), tick: 0, stage };
  const first = ask(graph, options);
  const busy = graph.nodes[7]?.key ?? '';
  const nodes = graph.nodes.map((node) => (node.key === busy ? { ...node, processes: 99 } : node));
  const { there, back, scene } = ask({ ...graph, nodes }, options);
  expect([crossing(there), crossing(back)]).toEqual([0, 0]);
  expect(scene.nodes.find(({ key }) => key === busy)?.processes).toBe(99);
  expect(fresh(first.scene, scene)).toBe(1);
});

test('the thread goes back to a placement for as long as the page says that it may', () => {
  const graph = graphOf(madeFleet(30));
  const wide = { width: 2170, height: 600 };
  const [page, thread] = [new LayoutPage(), new LayoutThread()];
  const place = (id: number, previous: number | null, kept: readonly number[], room = stage) => {
    const changes = thread.place(
      { id, previous, kept, graph: page.ask(graph) },
      { pins: new Map(), tick: 0, stage: room },
    );
    return page.receive(changes, graph).nodes;
  };
  const first = place(1, null, []);
  const tidied = place(2, null, [1], wide);
  expect(tidied).not.toEqual(first);
  // Only the machine's bar goes by the room that there is now.
  expect(place(3, 1, [1, 2], wide).slice(1)).toEqual(first.slice(1));
  expect(place(4, 2, [2])).not.toEqual(first);
  expect(place(5, 1, [], wide)).toEqual(tidied);
});
