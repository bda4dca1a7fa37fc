import type { Scene } from '#core/layout/scene.ts';
import { HOST } from '#core/sharing/sharing.ts';

/** Who belongs to whom: nodes, the sets (lines, hubs, broken shares) that they are in, and their networks' lanes. */
export interface Neighbours {
  /** Keys of nodes and sets that belong to a node or set, it included; linear in what it returns. */
  of(key: string): ReadonlySet<string>;
  /** The same of several, linear in what it returns. */
  around(keys: Iterable<string>): ReadonlySet<string>;
  /** Keys of the sets that a node is in, then of its networks' lanes. */
  setsOf(node: string): readonly string[];
  /** Whether it is a set's or a lane's key. */
  isSet(key: string): boolean;
  /** Keys of nodes and sets that belong to a namespace. */
  ofNamespace(id: string): ReadonlySet<string>;
}

/** Keys of nodes and sets by namespace. */
function namespacesOf(scene: Scene): ReadonlyMap<string, ReadonlySet<string>> {
  const out = new Map<string, Set<string>>();
  const mark = (namespace: string, key: string) => {
    const own = out.get(namespace);
    if (own === undefined) out.set(namespace, new Set([key]));
    else own.add(key);
  };
  for (const { set, strands } of scene.links) {
    for (const { namespace } of strands) if (namespace !== '') mark(namespace, set);
  }
  for (const node of scene.nodes) {
    for (const { namespace } of node.strip) if (namespace !== null) mark(namespace, node.key);
  }
  return out;
}

/** Built once a scene, in time linear in its lines. */
export function neighboursOf(scene: Scene): Neighbours {
  const members = new Map<string, Set<string>>();
  const sets = new Map<string, string[]>();
  const join = (set: string, node: string) => {
    const own = members.get(set) ?? new Set<string>();
    members.set(set, own);
    if (own.has(node)) return;
    own.add(node);
    const list = sets.get(node);
    if (list === undefined) sets.set(node, [set]);
    else list.push(set);
  };
  for (const link of scene.links) {
    join(link.set, link.from);
    // The machine is everybody's neighbour, and tells nothing.
    if (link.to !== link.set && link.to !== HOST) join(link.set, link.to);
  }
  const lanes = new Map<string, Set<string>>();
  const lanesOf = new Map<string, string[]>();
  for (const { key, networks } of scene.lanes) {
    const own = new Set(networks.flatMap((network) => network.members));
    lanes.set(key, own);
    for (const node of own) {
      const list = lanesOf.get(node);
      if (list === undefined) lanesOf.set(node, [key]);
      else list.push(key);
    }
  }
  /** Eight of each node: made when the first is asked for. */
  let namespaces: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  const around = (keys: Iterable<string>): ReadonlySet<string> => {
    const out = new Set(keys);
    const told = new Set<string>();
    for (const key of [...out]) {
      for (const node of lanes.get(key) ?? []) out.add(node);
      // Of a node its lanes, but not everybody who is in the same network.
      for (const lane of lanesOf.get(key) ?? []) out.add(lane);
      for (const set of members.has(key) ? [key] : (sets.get(key) ?? [])) {
        if (told.has(set)) continue;
        told.add(set);
        out.add(set);
        for (const node of members.get(set) ?? []) out.add(node);
      }
    }
    return out;
  };
  return {
    of: (key) => around([key]),
    around,
    setsOf: (node) => [...(sets.get(node) ?? []), ...(lanesOf.get(node) ?? [])],
    isSet: (key) => members.has(key) || lanes.has(key),
    ofNamespace(id) {
      namespaces ??= namespacesOf(scene);
      return namespaces.get(id) ?? new Set();
    },
  };
}
