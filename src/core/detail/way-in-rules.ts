import type { NatRule } from './nat.ts';

/** A rule of address translation in words. */

const BACKENDS: Readonly<Record<NatRule['by'], string>> = {
  nft: 'nftables',
  'iptables-nft': 'iptables on nftables',
  iptables: 'iptables',
};

function targetText({ kind, addresses, ports, note }: NatRule['to']): string {
  const at = addresses?.includes(':') && ports !== null ? `[${addresses}]` : (addresses ?? '');
  const place = `${at}${ports === null ? '' : addresses === null ? `port ${ports}` : `:${ports}`}`;
  const told = {
    dnat: `to ${place}`,
    redirect: ports === null ? 'to this machine itself' : `to ${place} here`,
    tproxy: `to the socket at ${place} here, its destination kept`,
    netmap: `each address to its counterpart in ${addresses}`,
    snat: `as ${place}`,
    masquerade: `as the address of the link it leaves by${ports === null ? '' : `, ${place}`}`,
  }[kind];
  if (note === null) return told;
  return addresses === null && ports === null ? note : `${told}, ${note}`;
}

export function ruleText({ by, table, chain, to }: NatRule): string {
  return `NAT rule in ${table} ${chain} (${BACKENDS[by]}): ${targetText(to)}`;
}
