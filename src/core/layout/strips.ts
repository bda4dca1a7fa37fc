import type { ContainerStanding, StandingRow } from '../sharing/sharing.ts';
import { NAMESPACE_KINDS, type NamespaceId } from '../snapshot/namespace.ts';
import { byChoice, reasonOf } from './reasons.ts';
import type { GraphNode } from './scene.ts';

const UNKNOWN: ContainerStanding = { namespace: null, standing: 'unknown', cause: null, partners: 0, elsewhere: [] };

/** How many processes entered each of a container's namespaces from outside, as one text to compare. */
export function guestsOf(row: StandingRow | undefined, guests: ReadonlyMap<NamespaceId, number>): string {
  if (row === undefined || guests.size === 0) return '';
  return NAMESPACE_KINDS.map((kind) => guests.get(row[kind].namespace ?? '') ?? 0).join();
}

/**
 * The eight slots of a container.
 * @param guests processes that entered from outside are nodes too, so that the line to them and the strip say the same
 */
export function stripOf(row: StandingRow | undefined, guests: ReadonlyMap<NamespaceId, number>): GraphNode['strip'] {
  const runs = row !== undefined && NAMESPACE_KINDS.some((kind) => row[kind].namespace !== null);
  return NAMESPACE_KINDS.map((kind): GraphNode['strip'][number] => {
    const { standing, partners, namespace, cause } = row?.[kind] ?? UNKNOWN;
    const entered = namespace === null ? 0 : (guests.get(namespace) ?? 0);
    const told = standing === 'shared' || (standing === 'host' && byChoice(cause)) || (standing === 'unknown' && runs);
    const about = { reason: reasonOf(cause), joined: cause?.code === 'joined-at-run-time' };
    // How many others are in the machine's namespace is shown nowhere, so a card does not change when others come.
    if (standing === 'host') return { kind, standing, partners: 1, namespace, told, ...about };
    if (entered === 0) return { kind, standing, partners, namespace, told, ...about };
    return { kind, standing: 'shared', partners: partners + entered, namespace, told: true, ...about };
  });
}
