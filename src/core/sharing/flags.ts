import type { NamespaceKind } from '../snapshot/namespace.ts';
import { t } from '../words/words.ts';

/** The `docker run` option that sets each kind's mode; null where Docker has none. Source: docker run reference. */
export const OPTION: Readonly<Record<NamespaceKind, string | null>> = {
  mnt: null,
  pid: '--pid',
  net: '--network',
  ipc: '--ipc',
  uts: '--uts',
  user: '--userns',
  cgroup: '--cgroupns',
  time: null,
};

/** The flag that makes a new container share a kind with a running one; null where Docker offers no such flag. */
export function flagToJoin(kind: NamespaceKind, container: string): string | null {
  return kind === 'net' || kind === 'pid' || kind === 'ipc' ? `${OPTION[kind]}=container:${container}` : null;
}

/** The flag that makes a new container use the host's namespace of a kind; null where Docker offers none. */
export function flagForHost(kind: NamespaceKind): string | null {
  const option = OPTION[kind];
  return option === null ? null : `${option}=host`;
}

/** What closes a finding: to run the container anew without these options. */
export const runWithout = (options: string): string => t('Run it without {options}.', { options });
