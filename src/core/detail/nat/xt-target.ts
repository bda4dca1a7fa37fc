import { t } from '../../words/words.ts';
import { bigOf, number } from './bytes.ts';
import type { Family } from './condition.ts';
import { addressText } from './ranges.ts';
import type { Action, MarkSet, Target } from './rules.ts';
import { at32 } from './xt.ts';

/** The targets of iptables, as the kernel holds them. Sources: linux/netfilter/xt_*.h, nf_nat.h. */

/** What the kernel's `struct nf_nat_range` says, or the older one of IPv4 with the head of a list. */
function natTarget(kind: Target['kind'], revision: number, info: Uint8Array, family: Family): Target {
  const old = revision === 0 && family === 4;
  const length = family === 4 ? 4 : 16;
  const flags = at32(info, old ? 4 : 0);
  const [low, high] = old ? [8, 12] : [4, 20];
  const [first, last] = old ? [16, 18] : [36, 38];
  const bits = length * 8;
  const address = (at: number): string => addressText(bigOf(info.subarray(at, at + length)), bits);
  const range = (from: string, to: string): string => (from === to ? from : `${from}-${to}`);
  const port = (at: number): string => String(number(info, at, 2, false) ?? 0);
  const notes =
    (flags & 32) === 0 ? null : t('the port is counted from {port}', { port: number(info, 40, 2, false) ?? 0 });
  return {
    kind,
    addresses: (flags & 1) === 0 && kind !== 'netmap' ? null : range(address(low), address(high)),
    ports: (flags & 2) === 0 ? null : range(port(first), port(last)),
    note: notes,
  };
}

/** What a target does; those that only note or mark let the packet go on. */
export function xtTarget(name: string, revision: number, info: Uint8Array, family: Family): Action {
  switch (name) {
    case 'DNAT':
    case 'SNAT':
    case 'REDIRECT':
    case 'MASQUERADE':
    case 'NETMAP':
      return { type: 'nat', to: natTarget(name.toLowerCase() as Target['kind'], revision, info, family) };
    case 'TPROXY': {
      const length = family === 4 ? 4 : 16;
      const value = bigOf(info.subarray(8, 8 + length));
      const port = number(info, revision === 0 ? 12 : 24, 2, false) ?? 0;
      return {
        type: 'nat',
        to: {
          kind: 'tproxy',
          addresses: value === 0n ? null : addressText(value, length * 8),
          ports: port === 0 ? null : String(port),
          note: null,
        },
      };
    }
    case 'ACCEPT':
      return { type: 'accept' };
    case 'DROP':
      return { type: 'drop' };
    case 'REJECT':
      return { type: 'reject' };
    case 'RETURN':
      return { type: 'return' };
    default:
      return PASSING.has(name) ? { type: 'continue' } : { type: 'unclear', what: t('the target {name}', { name }) };
  }
}

/** Targets after which the next rule is asked. Source: iptables-extensions(8). */
const PASSING = new Set([
  ...['LOG', 'NFLOG', 'ULOG', 'AUDIT', 'TRACE', 'LED', 'IDLETIMER', 'RATEEST', 'TEE', 'SET'],
  ...['MARK', 'CONNMARK', 'SECMARK', 'CONNSECMARK', 'CT', 'NOTRACK', 'CLASSIFY', 'HMARK'],
  ...['DSCP', 'TOS', 'TTL', 'HL', 'ECN', 'TCPMSS', 'TCPOPTSTRIP', 'CHECKSUM', 'DNPT', 'SNPT'],
]);

/** What a target makes of the packet's mark; undefined where it leaves it alone. */
export function markTarget(name: string, revision: number, info: Uint8Array): MarkSet | undefined {
  if (name === 'CONNMARK') return null;
  if (name !== 'MARK') return undefined;
  if (revision < 2) return null;
  const [value, mask] = [at32(info, 0), at32(info, 4)];
  return { keep: ~mask >>> 0, flip: value };
}
