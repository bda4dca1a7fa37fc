import * as z from 'zod';
import type { Link } from './detail.ts';
import { routeReply, ruleReply, wayOutReply } from './routes.ts';

/** The probe's answer to `network`, as native/probe/README.md has it. */
export const networkReply = z.object({
  links: z.array(
    z.object({
      index: z.int(),
      name: z.string().nullable(),
      kind: z.string().nullable(),
      loopback: z.boolean(),
      up: z.boolean(),
      state: z.string(),
      mtu: z.int().nullable(),
      mac: z.string().nullable(),
      master: z.int().nullable(),
      peer: z.int().nullable(),
      nsid: z.int().nullable(),
    }),
  ),
  addresses: z.array(z.object({ index: z.int(), address: z.string().nullable(), prefix: z.int(), scope: z.string() })),
  routes: z.array(routeReply).default([]),
  rules: z.array(ruleReply).default([]),
  waysOut: z.array(wayOutReply).default([]),
  /** What this namespace calls others. */
  namespaces: z.record(z.string(), z.string()),
  /** The names of other ends in other namespaces, by the index of the end here. */
  peerNames: z.record(z.string(), z.string()).default({}),
  /** The lists that are not whole: the kernel refused, or they kept changing while they were told. */
  incomplete: z.array(z.string()).default([]),
});

export type NetworkReply = z.infer<typeof networkReply>;

/** The names of the links, by index. */
export function linkNames({ links }: NetworkReply): Map<number, string> {
  return new Map(links.map(({ index, name }) => [index, name ?? `#${index}`]));
}

/** Whether what is sent by a link goes anywhere: its other end may be gone, or off. */
export function hasCarrier({ state }: Link): boolean {
  return !['down', 'lowerlayerdown', 'notpresent'].includes(state);
}

/** @param self the namespace's own id: a peer without a namespace number is in the same one */
export function linksOf(reply: NetworkReply, self: string): Link[] {
  const names = linkNames(reply);
  const addresses = new Map<number, Link['addresses']>();
  for (const { index, address, prefix, scope } of reply.addresses) {
    if (address === null) continue;
    const list = addresses.get(index) ?? [];
    list.push({ address, prefix, scope });
    addresses.set(index, list);
  }
  return reply.links.map(({ name, master, peer, nsid, ...link }) => ({
    ...link,
    name: name ?? `#${link.index}`,
    master: master === null ? null : { index: master, name: names.get(master) ?? `#${master}` },
    peer:
      peer === null
        ? null
        : {
            index: peer,
            name: (nsid === null ? names.get(peer) : reply.peerNames[String(link.index)]) ?? null,
            namespace: nsid === null ? self : (reply.namespaces[String(nsid)] ?? null),
          },
    addresses: addresses.get(link.index) ?? [],
  }));
}
