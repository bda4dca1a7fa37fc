import { describe, expect, test } from 'vitest';
import { analyseSharing } from '../sharing/analyse.ts';
import { HOST } from '../sharing/sharing.ts';
import { type ContainerSketch, idOf, snapshotOf } from '../snapshot/build.testing.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '../snapshot/namespace.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { buildSceneGraph, DEFAULT_VIEW } from './graph.ts';
import type { SceneGraph, ViewOptions } from './scene.ts';

function graphOf(snapshot: Snapshot, view: Partial<ViewOptions> = {}): SceneGraph {
  return buildSceneGraph(snapshot, analyseSharing(snapshot), { ...DEFAULT_VIEW, ...view });
}

const sketch = (...containers: ContainerSketch[]) => snapshotOf({ containers });
const labels = (graph: SceneGraph) => new Map(graph.nodes.map((node) => [node.key, node.label]));
/** Sets as `a b: net uts`. */
function setsOf(graph: SceneGraph): string[] {
  const names = labels(graph);
  return graph.sets
    .map(({ members, strands }) => {
      const who = members.map((member) => names.get(member)).sort();
      return `${who.join(' ')}: ${strands.map(({ kind }) => kind).join(' ')}`;
    })
    .sort();
}
const groupsOf = (graph: SceneGraph) =>
  graph.groups.map(({ type, members }) => `${type}: ${members.map((member) => labels(graph).get(member)).join(' ')}`);

/** A process of no container: the host's but for the namespaces named, which may be a container's. */
function process(base: Snapshot, pid: number, own: Partial<Record<NamespaceKind, string>>, comm = 'sh'): Process {
  const first = base.processes[0] as Process;
  const ids = Object.fromEntries(
    Object.entries(own).map(([kind, from]) => {
      const found = base.processes.find(({ container }) => container === idOf(from));
      return [kind, found?.namespaces[kind as NamespaceKind] ?? `${kind}:[${from}]`];
    }),
  );
  return {
    ...first,
    pid,
    ppid: 1,
    comm,
    argv: [comm, '-x'],
    nsPids: [pid],
    namespaces: { ...first.namespaces, ...ids },
  };
}

describe('sets', () => {
  test('namespaces with the same members are one set, a strand each', () => {
    const graph = graphOf(
      sketch(
        { name: 'a' },
        { name: 'b', namespaces: { net: 'a', uts: 'a' } },
        { name: 'c', namespaces: { net: 'a', uts: 'a' } },
      ),
    );
    expect(setsOf(graph)).toEqual(['a b c: net uts']);
  });

  test('what is shared with the machine by choice has a line of its own, and all of it where that is asked for', () => {
    const snapshot = sketch({ name: 'a', namespaces: { net: 'host' } }, { name: 'b' });
    expect(graphOf(snapshot).sets).toEqual([]);
    expect(graphOf(snapshot).nodes[1]?.strip.find(({ kind }) => kind === 'net')?.standing).toBe('host');
    const graph = graphOf(snapshot, { hostLinks: true });
    expect(graph.nodes[0]?.key).toBe(HOST);
    expect(setsOf(graph)).toEqual([]);
    const links = (input: SceneGraph) =>
      input.machine.map(({ node, texts }) => `${labels(input).get(node)}: ${texts[0]}`);
    expect(links(graphOf(snapshot))).toEqual(['a: net · joined at run time']);
    expect(links(graph)).toEqual([
      'a: net, user, time · joined at run time engine default',
      'b: user, time · engine default',
    ]);
  });

  test('hidden kinds and hidden members draw nothing', () => {
    const snapshot = sketch({ name: 'a' }, { name: 'b', namespaces: { net: 'a', ipc: 'a' } });
    expect(setsOf(graphOf(snapshot, { kinds: ['ipc'] }))).toEqual(['a b: ipc']);
    expect(setsOf(graphOf(snapshot, { filter: 'name:a' }))).toEqual([]);
    expect(graphOf(snapshot, { filter: 'name:a' }).total).toBe(2);
  });

  test('members stay linear: no pairs, however many share', () => {
    const many = Array.from({ length: 2000 }, (_, index) => ({
      name: `c${index}`,
      ...(index === 0 ? {} : { namespaces: { net: 'c0' } }),
    }));
    const graph = graphOf(sketch(...many));
    expect(graph.sets.reduce((sum, set) => sum + set.members.length, 0)).toBe(2000);
  });
});

describe('groups', () => {
  test('pods and compose projects by their labels, others by the closest tie', () => {
    const compose = { labels: { 'com.docker.compose.project': 'shop' } };
    const graph = graphOf(
      sketch(
        { name: 'web', container: compose },
        { name: 'db', container: compose },
        { name: 'vpn' },
        { name: 'torrent', namespaces: { net: 'vpn' } },
        { name: 'app' },
        { name: 'debug', namespaces: { pid: 'app', cgroup: 'app' } },
        { name: 'alone' },
      ),
    );
    expect(groupsOf(graph).sort()).toEqual(['compose: db web', 'shared: app debug', 'shared: torrent vpn']);
  });
});

describe('processes of no container', () => {
  test('are drawn where they entered a container from outside, and the strip says the same', () => {
    const base = sketch({ name: 'a' }, { name: 'b' });
    const snapshot = {
      ...base,
      processes: [
        ...base.processes,
        process(base, 5000, { net: 'a', mnt: 'a' }, 'nsenter'),
        process(base, 5001, { mnt: '77' }),
      ],
    };
    const graph = graphOf(snapshot);
    expect(graph.nodes.map(({ label }) => label)).toEqual(['vm', 'a', 'b', 'nsenter']);
    expect(setsOf(graph)).toEqual(['a nsenter: mnt net']);
    const [, a, , guest] = graph.nodes;
    expect(a?.strip.find(({ kind }) => kind === 'net')).toMatchObject({ standing: 'shared', partners: 1 });
    expect(guest?.strip.find(({ kind }) => kind === 'uts')?.standing).toBe('host');
    expect(guest?.detail).toBe('pid 5000 · nsenter -x');
  });

  test('without an engine everything that left the host is a node, named by its leader, beside the host', () => {
    const base = snapshotOf({ containers: [] });
    const kernel = { ...process(base, 4000, { mnt: '5' }), kernelThread: true };
    const snapshot = {
      ...base,
      processes: [
        ...base.processes,
        process(base, 6002, { net: '90', mnt: '91' }, 'child'),
        process(base, 6001, { net: '90', mnt: '91' }, 'leader'),
        process(base, 6003, { net: '90' }, 'other'),
        process(base, 6004, {}, 'ordinary'),
        kernel,
      ],
    };
    const graph = graphOf(snapshot);
    expect(graph.nodes.map(({ label, type, processes }) => [type, label, processes])).toEqual([
      ['host', 'vm', 6],
      ['process', 'leader', 2],
      ['process', 'other', 1],
    ]);
    expect(setsOf(graph)).toEqual(['leader other: net']);
    expect(groupsOf(graph)).toEqual(['shared: leader other']);
    expect(graphOf(snapshot, { filter: 'pid:6002' }).nodes.map(({ label }) => label)).toEqual(['vm', 'leader']);
  });

  test('whose namespaces could not be read are no node', () => {
    const base = snapshotOf({ containers: [] });
    const first = base.processes[0] as Process;
    const nothing = Object.fromEntries(NAMESPACE_KINDS.map((kind) => [kind, null])) as Record<NamespaceKind, null>;
    const blind = { ...first, pid: 9, namespaces: { ...first.namespaces, ...nothing }, unreadable: true };
    expect(graphOf({ ...base, processes: [first, blind] }).nodes.map(({ type }) => type)).toEqual(['host']);
  });
});

describe('what runs beside the containers', () => {
  const inner = 'cd'.repeat(32);
  const base = snapshotOf({ containers: [{ name: 'dind' }, { name: 'web' }] });
  const dind = base.processes.find(({ container }) => container === idOf('dind')) as Process;
  const snapshot = {
    ...base,
    processes: [
      ...base.processes,
      { ...process(base, 200, { mnt: '70' }, 'dockerd'), cgroup: '/system.slice/docker.service' },
      {
        ...process(base, 210, { mnt: '70' }, 'containerd-shim'),
        argv: ['containerd-shim', '-id', idOf('web'), '-namespace', 'moby'],
      },
      {
        ...process(base, 211, { mnt: '70' }, 'containerd-shim'),
        argv: ['containerd-shim', '-id', idOf('dind'), '-namespace', 'moby'],
      },
      {
        ...process(base, 300, { net: '80', mnt: '81' }, 'redis'),
        cgroup: `/machine.slice/libpod-${'ef'.repeat(32)}.scope`,
      },
      { ...dind, pid: 400, comm: 'nginx', cgroup: `/docker/${idOf('dind')}/docker/${inner}` },
    ],
  };

  test('the machine is a node with its facts, its services closed, and nested containers are in what runs them', () => {
    const graph = graphOf(snapshot);
    expect(graph.nodes[0]).toMatchObject({
      key: HOST,
      facts: 'cgroup v2 · 8.0 GiB · 4 services, 1 foreign container',
    });
    expect(graph.nodes.map(({ type, label }) => `${type} ${label}`)).toEqual([
      'host vm',
      'container dind',
      'container web',
      'foreign nginx',
    ]);
    expect(groupsOf(graph)).toEqual(['nested: dind nginx']);
    expect(graph.nodes[3]).toMatchObject({ detail: `Docker · ${inner.slice(0, 12)}`, pids: [400] });
  });

  test('asked for, services are nodes with their own namespaces, shims one, other engines’ containers by engine', () => {
    const graph = graphOf(snapshot, { services: true });
    expect(groupsOf(graph)).toEqual(['engine: redis', 'nested: dind nginx', 'services: sleep dockerd shims']);
    expect(graph.nodes.find(({ label }) => label === 'shims')).toMatchObject({
      detail: 'shim of dind, shim of web',
      pids: [210, 211],
    });
    expect(setsOf(graph)).toContain('dockerd shims: mnt');
    expect(graph.arrangement).toBe(graphOf(snapshot).arrangement);
  });

  test('a process that entered a container stays a node of its own, and is in no service', () => {
    const guest = { ...process(base, 500, { net: 'web' }, 'nsenter'), cgroup: '/system.slice/docker.service' };
    const graph = graphOf({ ...snapshot, processes: [...snapshot.processes, guest] }, { services: true });
    expect(graph.nodes.filter(({ pids }) => pids?.includes(500)).map(({ type }) => type)).toEqual(['process']);
  });
});

test('the order of the input does not matter', () => {
  const snapshot = sketch(
    { name: 'a' },
    { name: 'b', namespaces: { net: 'a' } },
    { name: 'c', namespaces: { pid: 'a' } },
  );
  const turned = {
    ...snapshot,
    containers: snapshot.containers.toReversed(),
    processes: snapshot.processes.toReversed(),
    namespaces: snapshot.namespaces.toReversed(),
  };
  expect(graphOf(turned)).toEqual(graphOf(snapshot));
});

test('stopped containers and helpers are left out on request', () => {
  const snapshot = sketch(
    { name: 'off', running: false },
    { name: 'help', container: { helper: true } },
    { name: 'on' },
  );
  const names = (view: Partial<ViewOptions>) =>
    graphOf(snapshot, view)
      .nodes.slice(1)
      .map(({ label }) => label);
  expect(names({})).toEqual(['off', 'on']);
  expect(names({ stopped: false })).toEqual(['on']);
  expect(names({ helpers: true })).toEqual(['help', 'off', 'on']);
  expect(graphOf(snapshot).arrangement).not.toBe(graphOf(snapshot, { stopped: false }).arrangement);
  expect(graphOf(snapshot).arrangement).toBe(graphOf(snapshot, { kinds: ['net'], hostLinks: true }).arrangement);
});

test('tells the command of a service once', () => {
  const snapshot = snapshotOf({ containers: [{ name: 'web1' }] });
  const { nodes } = buildSceneGraph(snapshot, analyseSharing(snapshot), { ...DEFAULT_VIEW, services: true });
  const services = nodes.filter(({ type }) => type === 'service');
  expect(services.length).toBeGreaterThan(0);
  for (const { command, detail } of services) expect(command).not.toBe(detail);
});
