import { t } from '../words/words.ts';

/** What is sent to the loopback's address, and by a rule to another link: whether the kernel lets it leave, or come in. */

interface Bound {
  readonly text: string;
  readonly ok: boolean | null;
  readonly evidence: string;
}

/**
 * @param address of the loopback
 * @param link the other link; null where it is not known
 * @param localnet the links with route_localnet; undefined where that was not read
 */
export function leavesLoopback(address: string, link: string | null, localnet: readonly string[] | undefined): Bound {
  const text =
    link === null
      ? t('{address} beyond the loopback', { address })
      : t('{address} beyond the loopback, by {link}', { address, link });
  const bound = (ok: Bound['ok'], evidence: string): Bound => ({ text, ok, evidence });
  if (address.includes(':')) {
    return bound(false, t('The kernel sends nothing from ::1 by another link: a proxy alone can take it on.'));
  }
  if (localnet?.some((each) => each === 'all' || each === link)) return bound(true, t('route_localnet is on.'));
  if (localnet === undefined || link === null) {
    return bound(null, t('The kernel lets that through only where route_localnet is on, and that was not read.'));
  }
  const setting = `net.ipv4.conf.${link}.route_localnet`;
  return bound(false, t('The kernel lets that through only where {setting} is 1, and it is 0.', { setting }));
}
