import type { DetailOf } from '../detail/detail.ts';
import { asksAddress } from '../detail/nat/ranges.ts';
import type { NetworkFacts } from '../wiring/network-facts.ts';
import { sentences, t } from '../words/words.ts';
import { familyOf, networkOfBridge, type ReachFacts, within } from './reach-facts.ts';
import { hop, type ReachHop } from './reach-hop.ts';

/** What networks of the engine let through: by the rules that were read, else by what the engine says of them. */

type Net = DetailOf<'net'>;

/** Drivers whose rules for networks are Docker's own. */
const DOCKERS: readonly string[] = ['docker', 'docker-desktop', 'colima', 'orbstack', 'rancher-desktop', 'lima'];

function inspectCommand(name: string): string {
  return `\`docker network inspect ${name}\``;
}

interface OnBridge {
  readonly id: string;
  readonly net: Net;
  readonly bridge: string;
  /** It comes from another port of the bridge, and not from the machine. */
  readonly fromMember: boolean;
  /** What the rules make of it; null where they let it through or are not asked. */
  readonly gate: ReachHop | null;
}

const apartText = (): string =>
  t('The network has enable_icc=false: its members cannot reach each other. Cure: put both on another network.');

/** The hop at which the rules of what is on the way stop it, or may do so. */
const behind = (what: string, why: string | null, gate: ReachHop): ReachHop => ({
  ...gate,
  what: t('{what}: {told}', { what, told: gate.what }),
  evidence: sentences(why, gate.evidence),
});

/** Two ports of one bridge, or the machine and a port: whether the network lets its members reach each other. */
export function bridgeHop(facts: ReachFacts, { id, net, bridge, fromMember, gate }: OnBridge): ReachHop {
  const network = networkOfBridge(facts, bridge);
  const what =
    network === null
      ? t('bridge {bridge}', { bridge })
      : t('bridge {bridge} of network {network}', { bridge, network: network.name });
  const apart = fromMember && network?.options['com.docker.network.bridge.enable_icc'] === 'false';
  if (gate !== null) {
    return behind(what, apart && gate.ok === false ? apartText() : null, gate);
  }
  if (apart && net.filter == null) return hop(what, false, apartText(), inspectCommand(network.name));
  const asked = fromMember && net.filter?.bridged[4] === true;
  return hop(
    what,
    true,
    sentences(
      t('Both ends are on this bridge; the kernel lists its ports.'),
      asked ? t('No rule stops what it forwards between them.') : null,
    ),
    within(facts, id, 'bridge link'),
  );
}

/** Whether the engine keeps rules for what goes over the namespace's bridges: it masks what leaves one of them. */
function keepsRules({ nat, links }: Net, bridges: readonly string[]): boolean {
  const addresses = links.filter(({ name }) => bridges.includes(name)).flatMap((link) => link.addresses);
  return (nat ?? []).some(
    ({ hook, to, sources }) =>
      hook === 'postrouting' &&
      to.kind === 'masquerade' &&
      sources !== null &&
      !sources.not &&
      addresses.some(({ address }) => asksAddress(sources, address)),
  );
}

interface Onward {
  readonly by: string;
  readonly to: string;
  readonly address: string;
}

function betweenText(from: NetworkFacts | null, into: NetworkFacts | null, { by, to }: Onward): string {
  if (from === null) return t('from {by} on to {to}', { by, to });
  return into === null
    ? t('from network {network} out by {to}', { network: from.name, to })
    : t('from network {from} to network {into}', { from: from.name, into: into.name });
}

/**
 * What a machine sends on from one link to another.
 * @param gate what its rules make of it; null where they surely let it through
 */
export function forwardHop(
  facts: ReachFacts,
  machine: { readonly id: string; readonly net: Net },
  onward: Onward,
  gate: ReachHop | null,
): ReachHop | null {
  const { by, to, address } = onward;
  const { id, net } = machine;
  const [from, into] = [networkOfBridge(facts, by), networkOfBridge(facts, to)];
  const what = betweenText(from, into, onward);
  if (net.filter == null) return by === to ? null : guessedHop(facts, machine, onward);
  const family = familyOf(address);
  if (net.filter.forwards[family] === false) {
    const name = family === 4 ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding';
    return hop(
      what,
      false,
      t('{name} is 0: nothing is forwarded from one link to another.', { name }),
      within(facts, id, `sysctl ${name}`),
    );
  }
  if (gate === null) return hop(what, true, t('No rule stops it.'), within(facts, id, 'nft list ruleset'));
  if (gate.ok !== false) return behind(what, null, gate);
  const closed = [from, into].find((network) => network?.internal);
  const why =
    closed != null
      ? internalText(closed)
      : from !== null && into !== null && from !== into
        ? sentences(
            t('The engine isolates its networks from each other.'),
            t('Cure: `docker network connect` one of the two to the other’s network.'),
          )
        : null;
  return behind(what, why, gate);
}

const internalText = ({ name }: NetworkFacts): string =>
  t('Network {name} is internal: the engine’s rules let nothing in or out. Cure: put both on one network.', { name });

/** Where the rules were not read: what the engine's word and its other rules let expect. */
function guessedHop(
  facts: ReachFacts,
  machine: { readonly id: string; readonly net: Net },
  onward: Onward,
): ReachHop | null {
  const { by, to } = onward;
  const [from, into] = [networkOfBridge(facts, by), networkOfBridge(facts, to)];
  const kind = (name: string) => machine.net.links.find((link) => link.name === name)?.kind;
  if (kind(by) !== 'bridge' && kind(to) !== 'bridge') return null;
  const what = betweenText(from, into, onward);
  const shown = within(facts, machine.id, 'iptables -S');
  const dockers = DOCKERS.includes(facts.snapshot.engine?.kind ?? '');
  const closed = [from, into].find((network) => network?.internal);
  if (dockers && closed != null && keepsAny(machine.net)) {
    return hop(what, false, internalText(closed), inspectCommand(closed.name));
  }
  const mode = into?.options['com.docker.network.bridge.gateway_mode_ipv4'] ?? 'nat';
  if (dockers && from !== null && into !== null && mode === 'nat' && keepsRules(machine.net, [by, to])) {
    const why = sentences(
      t('The engine isolates its networks from each other: its rules drop what goes from {by} to {to}.', { by, to }),
      t('That it keeps rules for them is seen in the nat table; these themselves were not read.'),
      t('Cure: `docker network connect` one of the two to the other’s network.'),
    );
    return hop(what, false, why, shown);
  }
  return hop(what, null, t('The machine’s rules for what it forwards were not read.'), shown);
}

const keepsAny = ({ nat }: Net): boolean =>
  (nat ?? []).some(({ chain }) => chain.startsWith('DOCKER')) || (nat ?? []).some(({ to }) => to.kind === 'masquerade');
