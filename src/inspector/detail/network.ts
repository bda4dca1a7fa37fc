import type { DetailOf } from '#core/detail/detail.ts';
import { natRules } from '#core/detail/nat.ts';
import { linksOf, routesOf, socketsOf } from '#core/detail/network.ts';
import type { Texts } from '#core/detail/texts.ts';
import { parseNamespaceId } from '#core/snapshot/namespace.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { plain, type Service, word } from './service.ts';
import { wayTo } from './way.ts';

const NET_FILES = ['net/tcp', 'net/tcp6', 'net/udp', 'net/udp6', 'net/unix'];

/** Links, routes, rules and sockets of a network namespace. */
export async function networkDetail(ask: Service['ask'], snapshot: Snapshot, id: string): Promise<DetailOf<'net'>> {
  const inode = parseNamespaceId(id)?.inode ?? 0;
  const { process, path } = wayTo(snapshot, id);
  const files = async (names: readonly string[]): Promise<Texts> =>
    process === null ? {} : plain((await ask(['files', process.pid, process.startTime, ...names])).texts);
  const [reply, texts, holders] = await Promise.all([
    ask(['network', inode, word(path)]),
    files(NET_FILES),
    ask(['sockets', inode]),
  ]);
  const { network, nat } = reply;
  const notes: string[] = [];
  if (process === null) notes.push('No process is in it, so its sockets cannot be listed.');
  if (network === null || network === undefined) notes.push('The kernel did not tell its links and routes.');
  return {
    kind: 'net',
    links: network ? linksOf(network, id) : [],
    routes: network ? routesOf(network) : [],
    nat: nat === undefined ? null : natRules(nat),
    ...socketsOf(texts, holders.sockets ?? []),
    notes,
  };
}
