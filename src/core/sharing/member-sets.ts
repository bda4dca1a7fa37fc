import { keptList } from '../snapshot/kept.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import { compareText } from '../snapshot/order.ts';
import type { Container } from '../snapshot/snapshot.ts';
import { HOST, type MemberId, type MemberSet, type SharedNamespace } from './sharing.ts';

/** 64 bits in two halves, since numbers are exact up to 53 bits. */
type Hash = readonly [high: number, low: number];

/** FNV-1a; its prime is 2⁴⁰ + 0x1b3. */
function hashOf(text: string): Hash {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let at = 0; at < text.length; at += 1) {
    low = (low ^ text.charCodeAt(at)) >>> 0;
    const product = low * 0x1b3;
    high = (high * 0x1b3 + low * 0x100 + Math.floor(product / 2 ** 32)) % 2 ** 32;
    low = product >>> 0;
  }
  return [high, low];
}

const HOST_HASH = hashOf(HOST);
const hashes = new WeakMap<Container, Hash>();

function hashOfMember(id: MemberId, container: Container | undefined): Hash {
  if (container === undefined) return HOST_HASH;
  const known = hashes.get(container);
  if (known !== undefined) return known;
  const made = hashOf(id);
  hashes.set(container, made);
  return made;
}

/** Stable, short and the same on every machine. Of three or more it is the sum of what their ids hash to, in any order. */
function keyOf(members: readonly MemberId[], byId: ReadonlyMap<MemberId, Container>): string {
  if (members.length === 2) return `set:${[...members].sort(compareText).join('+')}`;
  let high = 0;
  let low = 0;
  for (const member of members) {
    const hash = hashOfMember(member, byId.get(member));
    low += hash[1];
    high = (high + hash[0] + Math.floor(low / 2 ** 32)) % 2 ** 32;
    low %= 2 ** 32;
  }
  return `set:${members.length}:${high.toString(16)}${low.toString(16).padStart(8, '0')}`;
}

/** Namespaces with the same members together, ascending by key. */
export function memberSets(
  namespaces: Iterable<SharedNamespace>,
  byId: ReadonlyMap<MemberId, Container>,
  before: readonly MemberSet[] | undefined,
): readonly MemberSet[] {
  const sets = new Map<string, SharedNamespace[]>();
  for (const shared of namespaces) {
    const key = keyOf(shared.members, byId);
    const set = sets.get(key);
    if (set === undefined) sets.set(key, [shared]);
    else set.push(shared);
  }
  const rank = new Map(NAMESPACE_KINDS.map((kind, index) => [kind, index]));
  const known = new Map(before?.map((set) => [set.key, set]));
  const made = [...sets].map(([key, list]): MemberSet => {
    const was = known.get(key);
    const members = keptList(was?.members, list[0]?.members ?? []);
    const shared = keptList(
      was?.shared,
      list.sort((a, b) => (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0)),
    );
    return was !== undefined && was.members === members && was.shared === shared ? was : { key, members, shared };
  });
  return keptList(
    before,
    made.sort((a, b) => compareText(a.key, b.key)),
  );
}
