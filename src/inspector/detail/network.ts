import { type DetailOf, NET_LISTS } from '#core/detail/detail.ts';
import { filterOf } from '#core/detail/filter/rules.ts';
import { socketsOf, withHolders } from '#core/detail/listeners.ts';
import { natOf } from '#core/detail/nat.ts';
import { linkNames, linksOf } from '#core/detail/network.ts';
import { routesOf, rulesOf, waysOutOf } from '#core/detail/routes.ts';
import { parseNamespaceId } from '#core/snapshot/namespace.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { plain, type Service, word } from './service.ts';
import { findWay, wayTo } from './way.ts';

/** Says words in the language of now, for whoever reads them at once, or in English (`inEnglish`), for a file. */
export type Speak = <T>(say: () => T) => T;

/** Inodes of one question: a line has its limit. */
const MOST_INODES = 20_000;

/** The network namespaces without a process, as words of a question: links may lead there. */
export function pinnedNets(snapshot: Snapshot): (string | number)[] {
  return snapshot.namespaces.flatMap((namespace) => {
    if (namespace.kind !== 'net' || namespace.pids.length > 0 || namespace.pins.length === 0) return [];
    const way = findWay(snapshot, namespace.id);
    return way === null ? [] : [namespace.inode, word(way.path)];
  });
}

async function holdersOf(
  ask: Service['ask'],
  net: number,
  inodes: readonly number[],
): Promise<(readonly [number, number])[]> {
  const holders: (readonly [number, number])[] = [];
  for (let at = 0; at < inodes.length; at += MOST_INODES) {
    const reply = await ask(['holders', net, ...inodes.slice(at, at + MOST_INODES)]);
    holders.push(...(reply.holders ?? []));
  }
  return holders;
}

const LISTS: Readonly<Record<(typeof NET_LISTS)[number], string>> = {
  links: 'links',
  addresses: 'addresses',
  routes: 'routes',
  rules: 'rules of routing',
};

/** Links, routes, rules and sockets of a network namespace. What rules ask is in words. @param speak says those */
export async function networkDetail(
  ask: Service['ask'],
  snapshot: Snapshot,
  id: string,
  speak: Speak,
): Promise<DetailOf<'net'>> {
  const inode = parseNamespaceId(id)?.inode ?? 0;
  const { path } = wayTo(snapshot, id);
  const reply = await ask(['network', inode, word(path), ...pinnedNets(snapshot)]);
  const { network, nat } = reply;
  const unix = reply.unix ?? null;
  const sockets = socketsOf(plain(reply.texts), unix);
  const holders = await holdersOf(
    ask,
    inode,
    sockets.listening.map((socket) => socket.inode),
  );
  const inside = new Set(snapshot.namespaces.find((each) => each.id === id)?.pids);
  const notes: string[] = [];
  if (network === null || network === undefined) notes.push('The kernel did not tell its links and routes.');
  const incomplete = network ? NET_LISTS.filter((list) => network.incomplete.includes(list)) : [...NET_LISTS];
  if (network) notes.push(...incomplete.map((list) => `Not all ${LISTS[list]} could be read.`));
  if (unix === null && sockets.listening.some(({ protocol }) => protocol === 'unix')) {
    notes.push(
      'Unix sockets are read from a text here, where a name with a line end in it can pretend others: this kernel has not loaded unix_diag.',
    );
  }
  const names = network ? linkNames(network) : new Map<number, string>();
  const worded = speak(() => ({
    translation: nat === undefined ? null : natOf(nat, names),
    filter: nat === undefined ? null : filterOf(nat, names),
    rules: rulesOf(network?.rules ?? []),
    waysOut: waysOutOf(network?.waysOut ?? [], names),
  }));
  const { translation, filter, rules, waysOut } = worded;
  notes.push(...(translation?.unread ?? []), ...(translation?.notes ?? []));
  return {
    kind: 'net',
    links: network ? linksOf(network, id) : [],
    routes: routesOf(network?.routes ?? [], names),
    rules,
    waysOut,
    incomplete,
    nat: translation?.rules ?? null,
    natUnread: translation?.unread ?? [],
    filter,
    listening: withHolders(sockets.listening, holders, (pid) => inside.has(pid)),
    connected: sockets.connected,
    notes,
  };
}
