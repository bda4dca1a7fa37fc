import type { GraphNode } from '../layout/scene.ts';
import type { NamespaceId, NamespaceKind } from '../snapshot/namespace.ts';
import { compareText } from '../snapshot/order.ts';

/** A number from 0 for every shared namespace, counted for each kind by itself. */
export type Numbers = ReadonlyMap<NamespaceId, number>;

/**
 * Numbers the namespaces that several rows share. A namespace keeps its number, and a new one gets the
 * lowest free number, so that a letter never jumps from one namespace to another.
 */
export function numberNamespaces(nodes: readonly GraphNode[], previous: Numbers): Numbers {
  const shared = new Map<NamespaceKind, Set<NamespaceId>>();
  for (const { strip } of nodes) {
    for (const { kind, standing, namespace } of strip) {
      if (standing !== 'shared' || namespace === null) continue;
      const ids = shared.get(kind);
      if (ids === undefined) shared.set(kind, new Set([namespace]));
      else ids.add(namespace);
    }
  }
  const out = new Map<NamespaceId, number>();
  for (const ids of shared.values()) {
    const taken = new Set<number>();
    const fresh: NamespaceId[] = [];
    for (const id of [...ids].sort(compareText)) {
      const number = previous.get(id);
      if (number === undefined) fresh.push(id);
      else {
        out.set(id, number);
        taken.add(number);
      }
    }
    let next = 0;
    for (const id of fresh) {
      while (taken.has(next)) next += 1;
      out.set(id, next);
      next += 1;
    }
  }
  return out;
}

/** 0 → A, 25 → Z, 26 → AA. */
export function letterOf(number: number): string {
  const last = String.fromCharCode(65 + (number % 26));
  return number < 26 ? last : letterOf(Math.floor(number / 26) - 1) + last;
}
