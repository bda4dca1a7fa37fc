import type { MemberId } from '../sharing/sharing.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';

/** Which containers of two snapshots are the same. Our own helpers are left out. */
export interface Pairs {
  /** Both of each, in the order of the later one's names. */
  readonly both: readonly { readonly before: Container; readonly after: Container }[];
  readonly removed: readonly Container[];
  readonly added: readonly Container[];
  /** What a member of the earlier snapshot is called in the later one: its id there, or its own where it is gone. */
  readonly later: (member: MemberId) => MemberId;
}

/** The same id is the same container, whatever it is called now; of the others the same name is, made anew. */
export function pairContainers(before: Snapshot, after: Snapshot): Pairs {
  const [old, now] = [before, after].map(({ containers }) => containers.filter(({ helper }) => !helper));
  const partners = new Map<Container, Container>();
  const taken = new Set<Container>();
  for (const key of ['id', 'name'] as const) {
    const free = new Map(now?.filter((each) => !taken.has(each)).map((each) => [each[key], each]));
    for (const container of old ?? []) {
      const partner = partners.has(container) ? undefined : free.get(container[key]);
      if (partner === undefined || taken.has(partner)) continue;
      partners.set(container, partner);
      taken.add(partner);
    }
  }
  const ids = new Map([...partners].map(([{ id }, partner]) => [id, partner.id]));
  return {
    both: [...partners].map(([was, is]) => ({ before: was, after: is })),
    removed: old?.filter((each) => !partners.has(each)) ?? [],
    added: now?.filter((each) => !taken.has(each)) ?? [],
    later: (member) => ids.get(member) ?? member,
  };
}
