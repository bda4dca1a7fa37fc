import type { Scene } from '#core/layout/scene.ts';
import { HOST } from '#core/sharing/sharing.ts';

/** Who belongs to whom: nodes and the sets (lines, hubs, broken shares) that they are in. */
export interface Neighbours {
  /** Keys of nodes and sets that belong to a node or set, it included; linear in what it returns. */
  of(key: string): ReadonlySet<string>;
  /** The same of several, linear in what it returns. */
  around(keys: Iterable<string>): ReadonlySet<string>;
  /** Keys of the sets that a node is in. */
  setsOf(node: string): readonly string[];
  isSet(key: string): boolean;
  /** Keys of nodes and sets that belong to a namespace. */
  ofNamespace(id: string): ReadonlySet<string>;
}

/** Built once a scene, in time linear in its lines. */
export function neighboursOf(scene: Scene): Neighbours {
  const members = new Map<string, Set<string>>();
  const sets = new Map<string, string[]>();
  const namespaces = new Map<string, Set<string>>();
  const join = (set: string, node: string) => {
    const own = members.get(set) ?? new Set<string>();
    members.set(set, own);
    if (own.has(node)) return;
    own.add(node);
    const list = sets.get(node);
    if (list === undefined) sets.set(node, [set]);
    else list.push(set);
  };
  const mark = (namespace: string, key: string) => {
    const own = namespaces.get(namespace);
    if (own === undefined) namespaces.set(namespace, new Set([key]));
    else own.add(key);
  };
  for (const link of scene.links) {
    join(link.set, link.from);
    // The machine is everybody's neighbour, and tells nothing.
    if (link.to !== link.set && link.to !== HOST) join(link.set, link.to);
    for (const { namespace } of link.strands) if (namespace !== '') mark(namespace, link.set);
  }
  for (const node of scene.nodes) {
    for (const { namespace } of node.strip) if (namespace !== null) mark(namespace, node.key);
  }
  const around = (keys: Iterable<string>): ReadonlySet<string> => {
    const out = new Set(keys);
    const told = new Set<string>();
    for (const key of [...out]) {
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
    setsOf: (node) => sets.get(node) ?? [],
    isSet: (key) => members.has(key),
    ofNamespace: (id) => namespaces.get(id) ?? new Set(),
  };
}
