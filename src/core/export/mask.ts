import type { Usage } from '../answer/usage.ts';
import { containerGroup } from '../snapshot/container-group.ts';
import { type Snapshot, snapshotSchema } from '../snapshot/snapshot.ts';

/**
 * Fields whose texts are the format's own words, numbers in letters, versions or moments, and the random ids that tie
 * records together. Every text that is not in this list gets a pseudonym: a field that is new is masked until somebody
 * decides otherwise.
 */
const KEPT = new Set([
  ...['format', 'takenAt', 'engine.kind', 'engine.version', 'engine.apiVersion', 'engine.operatingSystem'],
  ...['engine.kernel', 'engine.arch', 'engine.cgroupVersion', 'engine.cgroupDriver'],
  ...['host.kernel', 'host.arch', 'host.role', 'host.what', 'host.cgroupVersion', 'host.lsms', 'probe.version'],
  ...['probe.via', 'probe.problems.code', 'processes.state', 'processes.container', 'processes.belongs.by'],
  ...['processes.belongs.cgroupOf', 'namespaces.id', 'namespaces.kind', 'namespaces.owner', 'namespaces.parent'],
  ...['namespaces.uniqueId', 'namespaces.pins.type', 'namespaces.pins.mnt', 'containers.id', 'containers.state'],
  ...['containers.created', 'containers.startedAt', 'containers.finishedAt'],
  ...['containers.ports.protocol', 'containers.asked.protocol'],
  ...['containers.mounts.type', 'containers.capAdd', 'containers.capDrop', 'containers.restartPolicy'],
  ...['details.takenAt', 'details.problems.code', 'details.records.subject.type', 'details.records.subject.id'],
  ...[
    ...['kind', 'links.kind', 'links.state', 'links.peer.namespace', 'links.addresses.scope', 'routes.type'],
    ...['nat.by', 'nat.hook', 'nat.protocols.of', 'nat.ports.of', 'nat.to.kind', 'nat.to.ports', 'listening.protocol'],
    ...['mounts.device', 'mounts.type', 'mounts.propagation', 'setgroups', 'threads.state', 'cpu.cpus', 'io.device'],
    ...['shm.mode', 'sem.mode', 'msg.mode'],
  ].map((field) => `details.records.detail.${field}`),
  ...['containers.mounts.propagation', 'containers.devices.access', 'details.networks.id', 'details.networks.driver'],
]);
const KEPT_BELOW = [
  'host.initial.',
  'host.namespaces.',
  'processes.namespaces.',
  'processes.capabilities.',
  'processes.threadNamespaces.namespaces.',
  'details.records.detail.peers.',
];

/** What a pseudonym begins with, by the name of the field. */
const WORDS: Readonly<Record<string, string>> = {
  name: 'name',
  hostname: 'name',
  image: 'image',
  imageId: 'image',
  argv: 'argument',
  command: 'argument',
  comm: 'program',
  labels: 'label',
  ip: 'address',
  mac: 'address',
  hostIp: 'address',
  path: 'path',
  source: 'path',
  destination: 'path',
  device: 'path',
  root: 'path',
  cgroup: 'path',
  otherCgroups: 'path',
  setBy: 'path',
  inner: 'path',
  point: 'path',
  exe: 'path',
  cwd: 'path',
  address: 'address',
  addresses: 'address',
  gateway: 'address',
  subnets: 'address',
};

/** Paths and addresses that identify nobody. */
const PLAIN = new Set(['', '/', 'default', '0.0.0.0', '::', '127.0.0.1', '::1']);
/** Modes of `docker run` that are keywords, not names. */
const MODES = new Set(['', 'host', 'private', 'shareable', 'none', 'default', 'bridge', 'slirp4netns', 'pasta', 'nat']);
/** Security options that are keywords of the engine, not the name or file of a profile. */
const OPTIONS =
  /^(name=)?(seccomp|apparmor|no-new-privileges|selinux|cgroupns|rootless|userns|label)([=:](unconfined|docker-default|disable|true|false))?(,profile=(builtin|default|unconfined))?$/;
/** Profiles that the engine has a keyword for. */
const PROFILES = /^(unconfined|docker-default)$/;
/** Labels that say to which project or pod a container belongs: the picture needs their names, not their values. */
const KNOWN_LABELS = /^(com\.docker\.(compose|stack|swarm)\.|io\.kubernetes\.|io\.podman\.compose\.|dev\.bulkhead\.)/;

/**
 * The same snapshot with pseudonyms for all that people named: names, images, paths, addresses, labels, arguments. The
 * same text has the same pseudonym everywhere, and the same snapshot always gets the same ones.
 */
export function maskSnapshot(snapshot: Snapshot): Snapshot {
  return createMask([snapshot])(snapshot);
}

/** Like `maskSnapshot`, for snapshots that are compared: a text has the same pseudonym in all of them. */
export function createMask(snapshots: readonly Snapshot[]): (snapshot: Snapshot) => Snapshot {
  const pseudonyms = new Map<string, string>();
  const counts = new Map<string, number>();
  const ids = new Set(snapshots.flatMap(({ containers }) => containers.map(({ id }) => id)));

  function pseudonym(text: string, field: string): string {
    if (PLAIN.has(text)) return text;
    const word = WORDS[field] ?? 'text';
    const known = pseudonyms.get(text);
    if (known !== undefined) return known;
    const number = (counts.get(word) ?? 0) + 1;
    counts.set(word, number);
    const made = `${word === 'path' ? '/' : ''}${word}-${number}`;
    pseudonyms.set(text, made);
    return made;
  }

  function mode(text: string): string {
    if (MODES.has(text) || ids.has(text)) return text;
    const [kind = '', ...rest] = text.split(':');
    if (rest.length === 0) return pseudonym(text, 'name');
    const target = rest.join(':');
    return `${/^(container|ns)$/.test(kind) ? kind : pseudonym(kind, 'name')}:${ids.has(target) ? target : pseudonym(target, 'name')}`;
  }

  /** @param path the fields down to the value, without the places in lists */
  function mask(value: unknown, path: string): unknown {
    const field = path.slice(path.lastIndexOf('.') + 1);
    if (typeof value === 'string') {
      if (KEPT.has(path) || KEPT_BELOW.some((start) => path.startsWith(start))) return value;
      if (field === 'securityOptions' && OPTIONS.test(value)) return value;
      if (field === 'lsmProfile' && PROFILES.test(value)) return value;
      return path.startsWith('containers.modes.') ? mode(value) : pseudonym(value, field);
    }
    if (Array.isArray(value)) return value.map((each) => mask(each, path));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    if (field === 'labels') {
      return Object.fromEntries(
        entries.map(([key, text]) => [
          KNOWN_LABELS.test(key) ? key : pseudonym(key, 'labels'),
          pseudonym(String(text), 'labels'),
        ]),
      );
    }
    return Object.fromEntries(entries.map(([key, each]) => [key, mask(each, path === '' ? key : `${path}.${key}`)]));
  }

  return (snapshot) => snapshotSchema.parse(mask(snapshot, ''));
}

/** The use of a snapshot with the names of the masked one. Services are in no list of the snapshot and get numbers. */
export function maskUsage(usage: Usage, masked: Snapshot): Usage {
  const names = new Map(masked.containers.map(({ id, name }) => [id, name]));
  let services = 0;
  for (const { group } of usage.groups) {
    if (!names.has(group.key)) {
      services += 1;
      names.set(group.key, `service-${services}`);
    }
  }
  const named = <T extends { readonly name: string; readonly group: string | null }>(part: T): T =>
    part.group === null ? part : { ...part, name: names.get(part.group) ?? '?' };
  // A project has the name that its containers' masked labels say; a pod without a container gets a number.
  const labelled = new Map(masked.containers.map((container) => [container.id, containerGroup(container)?.label]));
  const sets = new Map(
    usage.sets.map(({ sum, members }, index) => [
      sum.group.key,
      members.map(({ group }) => labelled.get(group.key)).find((label) => label !== undefined) ?? `pod-${index + 1}`,
    ]),
  );
  const maskedGroup = <T extends Usage['sets'][number]['sum']>(each: T): T => ({
    ...each,
    group: {
      ...each.group,
      name: names.get(each.group.key) ?? sets.get(each.group.key) ?? '?',
      set: each.group.set && { ...each.group.set, name: sets.get(each.group.set.key) ?? '?' },
    },
  });
  return {
    ...usage,
    memory: { ...usage.memory, parts: usage.memory.parts.map(named) },
    cpu: { ...usage.cpu, parts: usage.cpu.parts.map(named) },
    groups: usage.groups.map(maskedGroup),
    sets: usage.sets.map(({ sum, members }) => ({ sum: maskedGroup(sum), members: members.map(maskedGroup) })),
  };
}
