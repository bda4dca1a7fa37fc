import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { applyPatch, diffSnapshots } from '../diff/diff.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import type { Sharing } from '../sharing/sharing.ts';
import { type ContainerSketch, idOf, snapshotOf } from '../snapshot/build.testing.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { setLanguage } from '../words/language.ts';
import { buildSceneGraph, DEFAULT_VIEW } from './graph.ts';
import type { SceneGraph, ViewOptions } from './scene.ts';

afterEach(() => setLanguage('en'));

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const name = fc.constantFrom(...NAMES);
const place = fc.constantFrom('own', 'own', 'host', ...NAMES);

/** What a container is and does at a moment. */
const containerAt = fc.record({
  runs: fc.boolean(),
  helper: fc.constantFrom(false, false, false, true),
  image: fc.constantFrom('x', 'y'),
  renamed: fc.constantFrom('', '', '-2'),
  labels: fc.constantFrom<Record<string, string>>(
    {},
    { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' },
    { 'io.kubernetes.pod.name': 'pod', 'io.kubernetes.container.name': 'POD' },
  ),
  /** Where it is, and where it says that it is. */
  net: place,
  pid: place,
  uts: place,
  declared: fc.constantFrom('', '', 'host', ...NAMES),
  networks: fc.subarray(['front', 'back', 'bridge']),
  ports: fc.boolean(),
  privileged: fc.boolean(),
  seccomp: fc.constantFrom(0, 2),
  /** Processes besides its init: where each is, and what speaks against it. */
  more: fc.array(fc.record({ net: place, disagrees: fc.boolean(), starting: fc.boolean() }), { maxLength: 2 }),
});

const moment = fc.record({
  containers: fc.dictionary(name, containerAt, { maxKeys: NAMES.length }),
  /** Processes of no container: somebody who entered a container, a proxy, the engine. */
  outside: fc.array(fc.record({ net: place, does: fc.constantFrom('sh', 'docker-proxy', 'dockerd') }), {
    maxLength: 3,
  }),
  rootless: fc.boolean(),
  language: fc.constantFrom('en' as const, 'en' as const, 'zh-CN' as const),
  view: fc.record({
    kinds: fc.subarray([...NAMESPACE_KINDS], { minLength: 5 }),
    hostLinks: fc.boolean(),
    services: fc.boolean(),
    networks: fc.boolean(),
    stopped: fc.boolean(),
    helpers: fc.boolean(),
    filter: fc.constantFrom('', '', 'kind:net', 'image:x', 'shared>=1', 'pid:1000', '-name:a'),
  }),
});

type Moment = typeof moment extends fc.Arbitrary<infer M> ? M : never;
type ContainerAt = typeof containerAt extends fc.Arbitrary<infer C> ? C : never;

const FIELDS: (keyof ContainerAt)[] = [
  ...(['runs', 'helper', 'image', 'renamed', 'labels', 'net', 'pid', 'uts', 'declared', 'networks', 'ports'] as const),
  ...(['privileged', 'seccomp', 'more', 'more'] as const),
];

/** From one moment to the next: one thing is as it is at another moment, the rest stays. */
const step = fc.record({
  what: fc.constantFrom('container', 'container', 'container', 'gone', 'outside', 'rootless', 'language', 'view'),
  name,
  field: fc.constantFrom(...FIELDS),
  option: fc.constantFrom(...(['kinds', 'hostLinks', 'services', 'networks', 'stopped', 'helpers', 'filter'] as const)),
  container: containerAt,
  other: moment,
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function after(before: Moment, { what, name: one, field, option, container, other }: Step): Moment {
  const { [one]: known, ...rest } = before.containers;
  if (what === 'gone') return { ...before, containers: rest };
  if (what === 'view') return { ...before, view: { ...before.view, [option]: other.view[option] } };
  if (what !== 'container') return { ...before, [what]: other[what as 'outside'] };
  const changed = known === undefined ? container : { ...known, [field]: container[field] };
  return { ...before, containers: { ...rest, [one]: changed } };
}

function snapshotAt({ containers, outside, rootless }: Moment): Snapshot {
  const named = Object.entries(containers);
  const sketches = named.map(([one, its]): ContainerSketch => {
    const to = (where: string): string => (where === 'own' || where === one ? one : where);
    const mode = its.declared === '' || its.declared === 'host' ? its.declared : `container:${idOf(its.declared)}`;
    const modes: Container['modes'] = { net: mode, ipc: 'private', pid: mode, uts: '', user: '', cgroup: 'private' };
    const networks = its.networks.map((network) => ({ name: network, id: null, ip: null, mac: null }));
    const ports = its.ports ? [{ containerPort: 80, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8080 }] : [];
    const about = { image: its.image, labels: its.labels, modes, networks, ports, privileged: its.privileged };
    return {
      name: one,
      running: its.runs,
      namespaces: { net: to(its.net), pid: to(its.pid), uts: to(its.uts) },
      container: { ...about, helper: its.helper, name: `${one}${its.renamed}` },
      process: { seccomp: its.seccomp, startTime: 1_000 + NAMES.indexOf(one as 'a') },
    };
  });
  const made = snapshotOf({ containers: sketches });
  const first = made.processes[0] as Process;
  const netOf = (where: string, own: string | null): string | null =>
    made.processes.find(({ container }) => container === idOf(where))?.namespaces.net ??
    (where === 'host' ? first.namespaces.net : own);
  const inside = named.flatMap(([one, its], at) => {
    const init = made.processes.find(({ container }) => container === idOf(one));
    if (init === undefined) return [];
    return its.more.map(({ net, disagrees, starting }, index): Process => {
      const pid = 5_000 + at * 10 + index;
      const belongs = { by: 'ancestry' as const, cgroupOf: null, disagrees, starting };
      const namespaces = { ...init.namespaces, net: netOf(net, init.namespaces.net) };
      return { ...init, pid, nsPids: [pid, 2 + index], belongs, cgroup: '/elsewhere', namespaces };
    });
  });
  const others = outside.map(({ net, does }, index): Process => {
    const pid = 9_000 + index;
    const argv = [`/usr/bin/${does}`, '-host-port', '8080'];
    const namespaces = { ...first.namespaces, net: netOf(net, first.namespaces.net) };
    return { ...first, pid, nsPids: [pid], ppid: 1, comm: does, argv, namespaces };
  });
  const engine: Snapshot['engine'] = {
    ...{ endpoint: 'unix:///run/docker.sock', kind: 'docker', id: null, name: 'vm', version: '29', apiVersion: '1.52' },
    ...{
      operatingSystem: '',
      kernel: '',
      arch: '',
      cgroupVersion: '2',
      cgroupDriver: null,
      rootless,
      securityOptions: [],
    },
  };
  return { ...made, engine, processes: [...made.processes, ...inside, ...others] };
}

/** Lists of a graph with what names their entries. */
const LISTS = {
  nodes: ({ key }: { key: string }) => key,
  groups: ({ key }: { key: string }) => key,
  sets: ({ key }: { key: string }) => key,
  broken: ({ container, kind }: { container: string; kind: string }) => `${container} ${kind}`,
  machine: ({ node }: { node: string }) => node,
  networks: ({ key }: { key: string }) => key,
} as const;

/** What is equal in both graphs and not the same object. */
function equalAndNotSame(before: SceneGraph, after: SceneGraph): unknown[] {
  return Object.entries(LISTS).flatMap(([list, keyOf]) => {
    const [old, now] = [before, after].map((graph) => graph[list as 'nodes'] as readonly never[]);
    const known = new Map(old?.map((entry) => [(keyOf as (of: never) => string)(entry), entry]));
    return (now ?? []).filter((entry) => {
      const was = known.get((keyOf as (of: never) => string)(entry));
      return was !== undefined && was !== entry && JSON.stringify(was) === JSON.stringify(entry);
    });
  });
}

test('what is made from an earlier moment equals what is made afresh, and what is equal is the same object', () => {
  fc.assert(
    fc.property(moment, fc.array(step, { minLength: 1, maxLength: 8 }), (first, steps) => {
      let now = first;
      let snapshot: Snapshot | undefined;
      let sharing: Sharing | undefined;
      let graph: SceneGraph | undefined;
      let spoken: string | undefined;
      for (const each of [null, ...steps]) {
        now = each === null ? first : after(now, each);
        setLanguage(now.language);
        const next = snapshotAt(now);
        const patch = snapshot === undefined ? null : diffSnapshots(snapshot, next);
        snapshot = snapshot === undefined ? next : patch === null ? snapshot : applyPatch(snapshot, patch);
        const view: ViewOptions = { ...DEFAULT_VIEW, ...now.view };
        sharing = analyseSharing(snapshot, sharing);
        expect(sharing).toEqual(analyseSharing(structuredClone(snapshot)));
        const made = buildSceneGraph(snapshot, sharing, view, graph);
        expect(made).toEqual(buildSceneGraph(structuredClone(snapshot), sharing, view));
        if (graph !== undefined && spoken === now.language) expect(equalAndNotSame(graph, made)).toEqual([]);
        [graph, spoken] = [made, now.language];
      }
    }),
    { numRuns: 300 },
  );
});

describe('of a change', () => {
  const many = (images: (index: number) => string): Snapshot =>
    snapshotOf({
      containers: Array.from({ length: 60 }, (_, index) => ({
        name: `c${index}`,
        container: { image: images(index), labels: { 'com.docker.compose.project': `p${index % 6}` } },
        ...(index % 5 === 4 ? { namespaces: { net: `c${index - 1}` } } : {}),
      })),
    });

  /** The snapshot, whose containers tell when somebody looks into their mounts or for their image. */
  function watched(snapshot: Snapshot): { snapshot: Snapshot; looks: { mounts: Set<string>; image: Set<string> } } {
    const looks = { mounts: new Set<string>(), image: new Set<string>() };
    const containers = snapshot.containers.map(
      (container): Container =>
        new Proxy(container, {
          get(target, field) {
            if (field === 'mounts' || field === 'image') looks[field].add(target.name);
            return Reflect.get(target, field);
          },
        }),
    );
    return { snapshot: { ...snapshot, containers }, looks };
  }

  test('only what changed is looked into again', () => {
    const { snapshot, looks } = watched(many(() => 'x'));
    const sharing = analyseSharing(snapshot);
    const graph = buildSceneGraph(snapshot, sharing, DEFAULT_VIEW);
    expect([looks.mounts.size, looks.image.size]).toEqual([60, 60]);
    const later = many((index) => (index === 7 ? 'y' : 'x')).containers.find(({ name }) => name === 'c7');
    const next = {
      ...snapshot,
      containers: snapshot.containers.map((each) => (each.id === later?.id ? later : each)),
    };
    looks.mounts.clear();
    looks.image.clear();
    const nextSharing = analyseSharing(next, sharing);
    const nextGraph = buildSceneGraph(next, nextSharing, DEFAULT_VIEW, graph);
    // The one that changed does not tell.
    expect([looks.mounts.size, looks.image.size]).toEqual([0, 0]);
    expect(nextGraph.nodes.filter((node) => !graph.nodes.includes(node)).map(({ label }) => label)).toEqual(['c7']);
    expect([nextGraph.groups, nextGraph.sets, nextGraph.machine]).toEqual([graph.groups, graph.sets, graph.machine]);
    expect(nextGraph.groups).toBe(graph.groups);
    expect(nextGraph.sets).toBe(graph.sets);
  });

  test('one that comes or goes leaves the cards of all others as they are', () => {
    const snapshot = many(() => 'x');
    const sharing = analyseSharing(snapshot);
    const graph = buildSceneGraph(snapshot, sharing, DEFAULT_VIEW);
    const [gone] = snapshot.containers;
    const next = {
      ...snapshot,
      containers: snapshot.containers.slice(1),
      processes: snapshot.processes.filter(({ container }) => container !== gone?.id),
    };
    const after = buildSceneGraph(next, analyseSharing(next, sharing), DEFAULT_VIEW, graph);
    expect(after.nodes).toHaveLength(60);
    expect(after.nodes.filter((node) => !graph.nodes.includes(node))).toEqual([]);
  });

  test('a moment in which nothing of it changed has the same graph', () => {
    const snapshot = many(() => 'x');
    const sharing = analyseSharing(snapshot);
    const graph = buildSceneGraph(snapshot, sharing, DEFAULT_VIEW);
    const next = { ...snapshot, takenAt: '2026-01-01T00:00:05.000Z', processes: [...snapshot.processes] };
    const after = analyseSharing(next, sharing);
    expect([after.findings, after.sets, after.broken]).toEqual([sharing.findings, sharing.sets, sharing.broken]);
    expect(after.findings).toBe(sharing.findings);
    expect(buildSceneGraph(next, after, DEFAULT_VIEW, graph)).toBe(graph);
  });
});
