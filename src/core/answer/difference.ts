import { analyseSharing } from '../sharing/analyse.ts';
import { createMemberNames, isDefault } from '../sharing/describe.ts';
import { HOST, type Sharing } from '../sharing/sharing.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';

/** One thing that is not the same in two snapshots. */
export interface Difference {
  readonly change: 'added' | 'removed' | 'changed';
  readonly what: 'machine' | 'container' | 'setting' | 'share' | 'namespace' | 'port' | 'mount' | 'network' | 'process';
  /** The container's name; null for what is the machine's. */
  readonly container: string | null;
  /** What it is, in words. */
  readonly text: string;
  /** Null where it was not there. */
  readonly before: string | null;
  /** Null where it is not there. */
  readonly after: string | null;
}

export interface Differences {
  /** Namespace and process ids mean the same in both: it is one boot of one machine. */
  readonly sameBoot: boolean;
  /** What the comparison rests on, where that is not obvious. */
  readonly notes: readonly string[];
  readonly list: readonly Difference[];
}

interface Side {
  readonly snapshot: Snapshot;
  readonly sharing: Sharing;
  readonly containers: ReadonlyMap<string, Container>;
  readonly nameOf: (id: string) => string;
}

function sideOf(snapshot: Snapshot): Side {
  const containers = snapshot.containers.filter(({ helper }) => !helper);
  return {
    snapshot,
    sharing: analyseSharing(snapshot),
    containers: new Map(containers.map((container) => [container.name, container])),
    nameOf: createMemberNames(snapshot),
  };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Entries of both by their key: what is only in one, and what differs in both. */
function compareMaps(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  tell: (key: string, before: string | null, after: string | null) => Omit<Difference, 'change' | 'before' | 'after'>,
): Difference[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  return keys.flatMap((key): Difference[] => {
    const [old, now] = [before.get(key) ?? null, after.get(key) ?? null];
    if (old === now) return [];
    const change = old === null ? 'added' : now === null ? 'removed' : 'changed';
    return [{ change, ...tell(key, old, now), before: old, after: now }];
  });
}

/** Settings that stay what they are while a container lives, and its state. */
function settingsOf(container: Container): Map<string, string> {
  const list = (values: readonly string[]) => (values.length === 0 ? 'none' : [...values].sort().join(', '));
  return new Map([
    ['state', container.state],
    ['image', container.image],
    ['image id', container.imageId ?? 'unknown'],
    ['command', container.command.join(' ')],
    ['hostname', container.hostname ?? 'unknown'],
    ['privileged', String(container.privileged)],
    ['added capabilities', list(container.capAdd)],
    ['dropped capabilities', list(container.capDrop)],
    ['security options', list(container.securityOptions)],
    ['restart policy', container.restartPolicy],
    ...NAMESPACE_KINDS.flatMap((kind): [string, string][] =>
      kind in container.modes ? [[`--${kind}`, container.modes[kind as keyof Container['modes']] || 'default']] : [],
    ),
  ]);
}

const portsOf = ({ ports }: Container) =>
  new Map(
    ports.map(({ containerPort, protocol, hostIp, hostPort }) => [
      `${containerPort}/${protocol} ${hostPort === null ? '' : (hostIp ?? '')}`.trim(),
      hostPort === null ? 'exposed' : `${hostIp ?? ''}:${hostPort}`,
    ]),
  );

const mountsOf = ({ mounts }: Container) =>
  new Map(
    mounts.map(({ destination, source, name, readOnly }) => [
      destination,
      `${name ?? source}${readOnly ? ', read-only' : ''}`,
    ]),
  );

const networksOf = ({ networks }: Container) => new Map(networks.map(({ name, ip }) => [name, ip ?? 'no address']));

function ofContainer(name: string, before: Container, after: Container, sameBoot: boolean): Difference[] {
  const tell = (what: Difference['what'], words: (key: string) => string) => (key: string) => {
    return { what, container: name, text: words(key) };
  };
  const anew: Difference[] =
    before.id === after.id || !sameBoot
      ? []
      : [
          {
            change: 'changed',
            what: 'container',
            container: name,
            text: 'it was created anew',
            before: before.id,
            after: after.id,
          },
        ];
  return [
    ...anew,
    ...compareMaps(
      settingsOf(before),
      settingsOf(after),
      tell('setting', (key) => key),
    ),
    ...compareMaps(
      portsOf(before),
      portsOf(after),
      tell('port', (key) => `port ${key}`),
    ),
    ...compareMaps(
      mountsOf(before),
      mountsOf(after),
      tell('mount', (key) => `mount at ${key}`),
    ),
    ...compareMaps(
      networksOf(before),
      networksOf(after),
      tell('network', (key) => `network ${key}`),
    ),
  ];
}

/** The namespaces of each container's init; ids mean nothing in another boot. */
function namespacesOf({ snapshot }: Side): Map<string, string> {
  const inits = new Map(snapshot.processes.map((process) => [process.pid, process]));
  const known = new Map<string, string>();
  for (const { name, pid, helper } of snapshot.containers) {
    const init = pid === null || helper ? undefined : inits.get(pid);
    if (init === undefined) continue;
    for (const kind of NAMESPACE_KINDS) known.set(`${name}\n${kind}`, init.namespaces[kind] ?? 'unknown');
  }
  return known;
}

/** Who shares what with whom by choice, by names; the value says why. Members in the order of names. */
function sharesOf({ sharing, nameOf }: Side): Map<string, string> {
  const shares = new Map<string, string>();
  for (const shared of sharing.byNamespace.values()) {
    if (isDefault(shared)) continue;
    const members = shared.members.filter((member) => {
      const cause = shared.causes.get(member)?.code;
      return member === HOST || cause !== 'engine-default';
    });
    if (members.length < 2) continue;
    const names = members.map(nameOf).sort(compareText);
    const reasons = members.flatMap((member) => {
      const cause = shared.causes.get(member);
      return cause === undefined || cause.code === 'owner' || cause.code === 'host-itself'
        ? []
        : [`${nameOf(member)}: ${cause.text}`];
    });
    shares.set(`${shared.kind} of ${names.join(', ')}`, reasons.sort(compareText).join('; ') || 'shared');
  }
  for (const { container, kind, target, declared } of sharing.broken) {
    const owner = target === null ? declared : nameOf(target);
    shares.set(`${kind} of ${nameOf(container)} with ${owner}, broken`, 'declared, not in force');
  }
  return shares;
}

/** How many processes there are of each container and command line; kernel threads and our own helpers left out. */
function processesOf({ snapshot, nameOf }: Side): Map<string, string> {
  const helpers = new Set(snapshot.containers.filter(({ helper }) => helper).map(({ id }) => id));
  const counted = new Map<string, Process[]>();
  for (const process of snapshot.processes) {
    if (process.kernelThread || (process.container !== null && helpers.has(process.container))) continue;
    const line = process.argv.length === 0 ? `[${process.comm}]` : process.argv.join(' ');
    const key = `${process.container === null ? '' : nameOf(process.container)}\n${line}`;
    const known = counted.get(key);
    if (known === undefined) counted.set(key, [process]);
    else known.push(process);
  }
  return new Map([...counted].map(([key, list]) => [key, String(list.length)]));
}

const machineOf = ({ snapshot: { engine, host } }: Side) =>
  new Map([
    ['kernel', host.kernel],
    ['engine', engine === null ? 'none' : `${engine.kind} ${engine.version}`],
    ['hostname', host.hostname],
    ['processors', String(host.cpus ?? 'unknown')],
    ['memory', host.memory === null ? 'unknown' : `${host.memory} bytes`],
  ]);

const split = (key: string): [string | null, string] => {
  const [container = '', rest = ''] = key.split('\n');
  return [container === '' ? null : container, rest];
};

/**
 * What is not the same in two snapshots, in an order that reads: the machine, containers by name with what changed of
 * each, who shares what, then processes. Containers are the same when their names are: ids differ when one is made anew,
 * and after a restart of the machine namespaces and pids mean nothing any more.
 */
export function difference(before: Snapshot, after: Snapshot): Differences {
  const [old, now] = [sideOf(before), sideOf(after)];
  const sameBoot = before.host.bootId !== null && before.host.bootId === after.host.bootId;
  const notes: string[] = [];
  if (!sameBoot) {
    notes.push(
      'These are two boots, or two machines: containers and processes are compared by name, namespace ids are not.',
    );
  }
  if ((before.probe === null) !== (after.probe === null)) {
    notes.push('One of them has no processes, since the probe did not run: only what the engine tells is compared.');
  }
  const names = [...new Set([...old.containers.keys(), ...now.containers.keys()])].sort(compareText);
  const containers = names.flatMap((name): Difference[] => {
    const [was, is] = [old.containers.get(name), now.containers.get(name)];
    if (was !== undefined && is !== undefined) return ofContainer(name, was, is, sameBoot);
    const one = was ?? is;
    return [
      {
        change: is === undefined ? 'removed' : 'added',
        what: 'container',
        container: name,
        text: `${one?.image}, ${one?.state}`,
        before: was?.id ?? null,
        after: is?.id ?? null,
      },
    ];
  });
  const probes = before.probe !== null && after.probe !== null;
  const ofBoth = (name: string | null) => name !== null && old.containers.has(name) && now.containers.has(name);
  const namespaces = sameBoot
    ? compareMaps(namespacesOf(old), namespacesOf(now), (key) => {
        const [container, kind] = split(key);
        return { what: 'namespace', container, text: `${kind} namespace` };
      }).filter(({ container, change }) => ofBoth(container) && change === 'changed')
    : [];
  return {
    sameBoot,
    notes,
    list: [
      ...compareMaps(machineOf(old), machineOf(now), (key) => ({ what: 'machine', container: null, text: key })),
      ...containers,
      ...(probes ? namespaces : []),
      ...(probes
        ? compareMaps(sharesOf(old), sharesOf(now), (key) => ({ what: 'share', container: null, text: key }))
        : []),
      ...(probes
        ? compareMaps(processesOf(old), processesOf(now), (key) => {
            const [container, line] = split(key);
            return { what: 'process', container, text: line };
          })
        : []),
    ],
  };
}
