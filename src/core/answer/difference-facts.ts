import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { bytesText } from '../text/bytes.ts';

/** What is compared of a machine and of a container: a value by what it is called. What is not known is not in it. */

export type Facts = ReadonlyMap<string, string>;

function known(facts: readonly (readonly [string, string | number | null])[]): Facts {
  return new Map(facts.flatMap(([key, value]) => (value === null ? [] : [[key, String(value)] as const])));
}

const list = (values: readonly string[]): string => (values.length === 0 ? 'none' : [...values].sort().join(', '));

/** Rounded for people, and exact, so that two that differ never read the same. */
const exactBytes = (bytes: number | null) => (bytes === null ? null : `${bytesText(bytes)} (${bytes} bytes)`);

export function machineFacts({ engine, host }: Snapshot): Facts {
  return known([
    ['kernel', host.kernel],
    ['engine', engine === null ? null : `${engine.kind} ${engine.version}`],
    ['hostname', host.hostname],
    ['processors', host.cpus],
    ['memory', exactBytes(host.memory)],
    ['cgroup version', host.cgroupVersion],
    ['security modules', host.lsms === null ? null : list(host.lsms)],
  ]);
}

/** Settings that stay what they are while a container lives, and its state. */
export function settingFacts(container: Container): Facts {
  const { devices, modes } = container;
  return known([
    ['name', container.name],
    ['state', container.state],
    ['exit code', container.state === 'running' ? null : container.exitCode],
    ['image', container.image],
    ['image id', container.imageId],
    ['command', container.command.join(' ')],
    ['hostname', container.hostname],
    ['privileged', String(container.privileged)],
    ['added capabilities', list(container.capAdd)],
    ['dropped capabilities', list(container.capDrop)],
    ['security options', list(container.securityOptions)],
    ['security profile', container.lsmProfile],
    ['devices', devices === null ? null : list(devices.map((each) => `${each.destination} (${each.access})`))],
    ['restart policy', container.restartPolicy],
    ...NAMESPACE_KINDS.flatMap((kind): [string, string][] =>
      kind in modes ? [[`--${kind}`, modes[kind as keyof typeof modes] || 'default']] : [],
    ),
  ]);
}

export const labelFacts = ({ labels }: Container): Facts =>
  new Map(Object.entries(labels).map(([name, value]) => [`label ${name}`, value]));

/** The limits that it has; null where they are not known. */
export function limitFacts({ limits }: Container): Facts | null {
  if (limits === null) return null;
  return known([
    ['memory', exactBytes(limits.memory)],
    ['processors', limits.cpus],
    ['tasks', limits.tasks],
  ]);
}

/** Several values of one key in one text, in an order that does not depend on theirs. */
function gathered(entries: readonly (readonly [string, string])[]): Facts {
  const values = new Map<string, string[]>();
  for (const [key, value] of entries) values.set(key, [...(values.get(key) ?? []), value]);
  return new Map([...values].map(([key, all]) => [key, all.sort().join(', ')]));
}

/** A port may be published at several addresses. */
export function portFacts({ ports }: Container): Facts {
  return gathered(
    ports.map(({ containerPort, protocol, hostIp, hostPort }) => {
      const address = hostIp?.includes(':') ? `[${hostIp}]` : (hostIp ?? '');
      return [`${containerPort}/${protocol}`, hostPort === null ? 'exposed only' : `${address}:${hostPort}`];
    }),
  );
}

export function mountFacts({ mounts }: Container): Facts {
  return gathered(
    mounts.map(({ type, destination, source, name, readOnly, propagation }) => {
      const more = [readOnly ? 'read-only' : '', propagation].filter((word) => word !== '' && word !== 'rprivate');
      return [destination, [`${type} ${name ?? source}`, ...more].join(', ')];
    }),
  );
}

export const networkFacts = ({ networks }: Container): Facts =>
  gathered(networks.map(({ name, ip }) => [name, ip === null || ip === '' ? 'no address' : ip]));
