import type { DetailOf } from '../detail/detail.ts';
import { asksAddress } from '../detail/nat/ranges.ts';
import { networkOfBridge, type ReachFacts, within } from './reach-facts.ts';
import { hop, type ReachHop } from './reach-hop.ts';

/** Drivers whose rules for networks are Docker's own. */
const DOCKERS: readonly string[] = ['docker', 'docker-desktop', 'colima', 'orbstack', 'rancher-desktop', 'lima'];

function inspectCommand(name: string): string {
  return `\`docker network inspect ${name}\``;
}

/** Two ports of one bridge, or the machine and a port: whether the network lets its members reach each other. */
export function bridgeHop(facts: ReachFacts, bridge: string, fromMember: boolean): ReachHop {
  const network = networkOfBridge(facts, bridge);
  const what = `bridge ${bridge}${network === null ? '' : ` of network ${network.name}`}`;
  if (fromMember && network?.options['com.docker.network.bridge.enable_icc'] === 'false') {
    return hop(
      what,
      false,
      `The network has enable_icc=false: its members cannot reach each other. Cure: put both on another network.`,
      inspectCommand(network.name),
    );
  }
  return hop(what, true, 'Both ends are on this bridge; the kernel lists its ports.', `\`bridge link\``);
}

/** Whether the engine keeps rules for what goes over the namespace's bridges: it masks what leaves one of them. */
function keepsRules({ nat, links }: DetailOf<'net'>, bridges: readonly string[]): boolean {
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

/** What the machine sends on from one link to another; null where nothing of the engine's stands between them. */
export function forwardHop(
  facts: ReachFacts,
  machine: { readonly id: string; readonly net: DetailOf<'net'> },
  { by, to, address }: { readonly by: string; readonly to: string; readonly address: string },
): ReachHop | null {
  const [from, into] = [networkOfBridge(facts, by), networkOfBridge(facts, to)];
  const kind = (name: string) => machine.net.links.find((link) => link.name === name)?.kind;
  if (by === to || (kind(by) !== 'bridge' && kind(to) !== 'bridge')) return null;
  const shown = within(facts, machine.id, 'iptables -S');
  const dockers = DOCKERS.includes(facts.snapshot.engine?.kind ?? '');
  if (from === null && into === null) {
    return hop(`from ${by} on to ${to}`, null, 'The machine’s rules for what it sends on are not read.', shown);
  }
  const closed = [from, into].find((network) => network?.internal);
  if (dockers && closed != null && keepsAny(machine.net)) {
    return hop(
      `from ${by} on to ${to}`,
      false,
      `Network ${closed.name} is internal: the engine’s rules let nothing in or out. Cure: put both on one network.`,
      inspectCommand(closed.name),
    );
  }
  if (from !== null && into !== null) {
    const mode = into.options['com.docker.network.bridge.gateway_mode_ipv4'] ?? 'nat';
    if (dockers && mode === 'nat' && keepsRules(machine.net, [by, to])) {
      return hop(
        `from network ${from.name} to network ${into.name}`,
        false,
        `The engine isolates its networks from each other: its rules drop what goes from ${by} to ${to}. That it keeps rules for them is seen in the nat table; these themselves are not read. Cure: \`docker network connect\` one of the two to the other’s network.`,
        shown,
      );
    }
    return hop(
      `from network ${from.name} to network ${into.name}`,
      null,
      `Whether the machine sends on what goes from ${by} to ${to} is not read.`,
      shown,
    );
  }
  // In from outside, by a published port's rule: the engine lets that through together with the rule.
  if (from === null && into !== null && dockers) {
    return hop(
      `from ${by} on to ${to}`,
      true,
      `The engine lets published ports through to ${address} along with the rule.`,
      shown,
    );
  }
  return from !== null && dockers
    ? hop(`from network ${from.name} out by ${to}`, true, 'The engine lets its networks out.', shown)
    : hop(`from ${by} on to ${to}`, null, 'The machine’s rules for what it sends on are not read.', shown);
}

const keepsAny = ({ nat }: DetailOf<'net'>): boolean =>
  (nat ?? []).some(({ chain }) => chain.startsWith('DOCKER')) || (nat ?? []).some(({ to }) => to.kind === 'masquerade');
