import { commas, t } from '../words/words.ts';
import { makerText } from './filter/texts.ts';
import { storedRule } from './nat/stored-rule.ts';
import type { NatRule } from './nat.ts';

/** A rule of address translation in words. */

function targetText({ kind, addresses, ports, note }: NatRule['to']): string {
  const at = addresses?.includes(':') && ports !== null ? `[${addresses}]` : (addresses ?? '');
  const place = ports === null ? at : addresses === null ? t('port {ports}', { ports }) : `${at}:${ports}`;
  const told = {
    dnat: t('to {addresses}', { addresses: place }),
    redirect: ports === null ? t('to this machine itself') : t('to {place} here', { place }),
    tproxy: t('to the socket at {place} here, its destination kept', { place }),
    netmap: t('each address to its counterpart in {addresses}', { addresses: addresses ?? '?' }),
    snat: t('as {address}', { address: place }),
    masquerade:
      ports === null
        ? t('as the address of the link it leaves by')
        : t('as the address of the link it leaves by, {place}', { place }),
  }[kind];
  if (note === null) return told;
  const more = storedRule(note);
  return addresses === null && ports === null ? more : commas([told, more]);
}

export function ruleText({ by, table, chain, to }: NatRule): string {
  return t('NAT rule in {chain} ({maker}): {target}', {
    chain: `${table} ${chain}`,
    maker: makerText(by),
    target: targetText(to),
  });
}
