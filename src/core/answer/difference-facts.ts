import { NAMESPACE_KINDS, type NamespaceKind } from '../snapshot/namespace.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { bytesText } from '../text/bytes.ts';
import { clauses, commas, type PlainMessage, t } from '../words/words.ts';

/** What is compared of a machine and of a container: a value by what it is called. What is not known is not in it. */

export type Facts<K extends string = string> = ReadonlyMap<K, string>;

function known<K extends string>(facts: readonly (readonly [K, string | number | null])[]): Facts<K> {
  return new Map(facts.flatMap(([key, value]) => (value === null ? [] : [[key, String(value)] as const])));
}

const list = (values: readonly string[]): string => (values.length === 0 ? t('none') : commas([...values].sort()));

/** Rounded for people, and exact, so that two that differ never read the same. */
const exactBytes = (bytes: number | null) =>
  bytes === null ? null : t('{size} ({bytes} bytes)', { size: bytesText(bytes), bytes });

export function machineFacts({ engine, host }: Snapshot): Facts<PlainMessage> {
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
export function settingFacts(container: Container): Facts<PlainMessage | `--${NamespaceKind}`> {
  const { devices, modes } = container;
  return known([
    ['name', container.name],
    ['state', t(container.state)],
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
    ...NAMESPACE_KINDS.flatMap((kind): [`--${NamespaceKind}`, string][] =>
      kind in modes ? [[`--${kind}`, modes[kind as keyof typeof modes] || t('default')]] : [],
    ),
  ]);
}

export const labelFacts = ({ labels }: Container): Facts => new Map(Object.entries(labels));

/** The limits that it has; null where they are not known. */
export function limitFacts({ limits }: Container): Facts<PlainMessage> | null {
  if (limits === null) return null;
  return known([
    ['memory limit', exactBytes(limits.memory)],
    ['processors limit', limits.cpus],
    ['tasks limit', limits.tasks],
  ]);
}

/** Several values of one key in one text, in an order that does not depend on theirs. */
function gathered(entries: readonly (readonly [string, string])[]): Facts {
  const values = new Map<string, string[]>();
  for (const [key, value] of entries) values.set(key, [...(values.get(key) ?? []), value]);
  return new Map([...values].map(([key, all]) => [key, commas(all.sort())]));
}

/** A port may be published at several addresses. */
export function portFacts({ ports }: Container): Facts {
  return gathered(
    ports.map(({ containerPort, protocol, hostIp, hostPort }) => {
      const address = hostIp?.includes(':') ? `[${hostIp}]` : (hostIp ?? '');
      return [`${containerPort}/${protocol}`, hostPort === null ? t('exposed only') : `${address}:${hostPort}`];
    }),
  );
}

export function mountFacts({ mounts }: Container): Facts {
  return gathered(
    mounts.map(({ type, destination, source, name, readOnly, propagation }) => {
      const spread = propagation === '' || propagation === 'rprivate' ? null : propagation;
      return [destination, clauses(`${type} ${name ?? source}`, readOnly ? t('read-only') : null, spread)];
    }),
  );
}

export const networkFacts = ({ networks }: Container): Facts =>
  gathered(networks.map(({ name, ip }) => [name, ip === null || ip === '' ? t('no address') : ip]));
