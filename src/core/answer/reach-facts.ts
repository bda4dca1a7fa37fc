import type { DetailOf } from '../detail/detail.ts';
import { netOf } from '../detail/way-in-owner.ts';
import { machineNet } from '../detail/way-in-rootless.ts';
import { collectedOfKind } from '../snapshot/details.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import type { NetworkFacts } from '../wiring/network-facts.ts';
import { and, t } from '../words/words.ts';
import type { Shown } from './reach-hop.ts';

type Net = DetailOf<'net'>;

/** What the answer rests on: a snapshot with details, live or from a file. */
export interface ReachFacts {
  readonly snapshot: Snapshot;
  /** Network namespaces that could be looked into, by id. */
  readonly nets: ReadonlyMap<string, Net>;
  /** The namespace that `--network=host` means. */
  readonly host: string | null;
  /** The one that others know the machine by: another than that with a rootless engine that has a network of its own. */
  readonly machine: string | null;
}

export function reachFacts(snapshot: Snapshot): ReachFacts {
  const { namespaces, initial } = snapshot.host;
  return {
    snapshot,
    nets: collectedOfKind(snapshot, 'net'),
    host: namespaces.net ?? initial.net,
    machine: machineNet(snapshot),
  };
}

/** Containers whose first process is in a network namespace; helpers of ours do not count. */
export function containersIn({ snapshot }: ReachFacts, net: string): Container[] {
  return snapshot.containers.filter((each) => !each.helper && each.pid !== null && netOf(snapshot, each) === net);
}

/** A network namespace as people know it. */
export function netName(facts: ReachFacts, net: string): string {
  if (net === facts.machine) return t('the machine');
  if (net === facts.host) return t('the rootless engine');
  const names = containersIn(facts, net).map(({ name }) => name);
  return names.length === 0 ? net : and(names);
}

/** The command that shows something in a network namespace, run on the machine. */
export function within({ snapshot, machine }: ReachFacts, net: string, command: string): Shown {
  if (net === machine) return { command, remark: '', net };
  const pid = snapshot.namespaces.find(({ id }) => id === net)?.pids[0];
  return pid === undefined
    ? { command, remark: t('in {net}', { net }), net }
    : { command: `nsenter -t ${pid} -n ${command}`, remark: '', net };
}

export const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** Whether a packet to the address is for the namespace itself. */
export function isOwn({ links }: Net, address: string): boolean {
  return isLoopback(address) || links.some((link) => link.addresses.some((each) => each.address === address));
}

/** Addresses by which others may know a namespace: neither the loopback's nor those of a single link. */
export function addressesOf(net: Net | undefined): string[] {
  const own = (net?.links ?? []).filter(({ loopback }) => !loopback);
  const all = own.flatMap(({ addresses }) => addresses.filter(({ scope }) => scope === 'global'));
  return all.map(({ address }) => address).sort((a, b) => familyOf(a) - familyOf(b));
}

/** The engine's network behind a bridge's name. */
export function networkOfBridge({ snapshot }: ReachFacts, bridge: string): NetworkFacts | null {
  return (
    snapshot.details?.networks?.find(
      ({ id, options, driver }) =>
        driver === 'bridge' && (options['com.docker.network.bridge.name'] ?? `br-${id.slice(0, 12)}`) === bridge,
    ) ?? null
  );
}
