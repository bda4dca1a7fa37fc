import { idsInPath } from '../parse/cgroup.ts';
import { findServices } from '../services/services.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { language } from '../words/language.ts';

/** Processes whose use is counted together: a container, or a service of the machine. */
export interface UsageGroup {
  readonly key: string;
  readonly kind: 'container' | 'service';
  readonly name: string;
  /** The cgroup that counts for all of them, below the root of the hierarchy; null where they have none of their own. */
  readonly cgroup: string | null;
  readonly processes: readonly Process[];
}

/** A container's own cgroup, whatever it made below it; null where no process of it is in one that bears its id. */
function cgroupOfContainer(id: string, processes: readonly Process[]): string | null {
  for (const { cgroup } of processes) {
    const own = idsInPath(cgroup ?? '').find((each) => each.id === id);
    if (own !== undefined) return own.path;
  }
  return null;
}

/** The path up to the unit that systemd made; null for the root and for what is no unit. */
function cgroupOfUnit(processes: readonly Process[]): string | null {
  const path = processes[0]?.cgroup ?? '/';
  return /^(?:\/[^/]+)*?\/[^/]+\.(?:service|scope|mount|socket)(?=\/|$)/.exec(path)?.[0] ?? null;
}

/** The cgroup of a container that another engine runs. */
function cgroupOfForeign(processes: readonly Process[]): string | null {
  return idsInPath(processes[0]?.cgroup ?? '').at(-1)?.path ?? null;
}

const known = new WeakMap<Snapshot, { readonly language: string; readonly groups: readonly UsageGroup[] }>();

/**
 * Everything that uses the machine, each process in at most one group. Kernel threads are the kernel's. Asked for every
 * second while little changes: what was made for a snapshot is kept.
 */
export function usageGroups(snapshot: Snapshot): readonly UsageGroup[] {
  const before = known.get(snapshot);
  if (before?.language === language()) return before.groups;
  const groups = makeGroups(snapshot);
  known.set(snapshot, { language: language(), groups });
  return groups;
}

function makeGroups(snapshot: Snapshot): UsageGroup[] {
  const byContainer = new Map<string, Process[]>();
  for (const process of snapshot.processes) {
    if (process.container === null) continue;
    const others = byContainer.get(process.container);
    if (others === undefined) byContainer.set(process.container, [process]);
    else others.push(process);
  }
  const containers = snapshot.containers
    .filter(({ helper, state }) => !helper && (state === 'running' || state === 'paused'))
    .map(({ id, name }): UsageGroup => {
      const processes = byContainer.get(id) ?? [];
      return { key: id, kind: 'container', name, cgroup: cgroupOfContainer(id, processes), processes };
    });
  const services = findServices(snapshot)
    .filter(({ kind, inside }) => kind !== 'kernel' && inside === null)
    .map(({ key, kind, name, processes }): UsageGroup => {
      const cgroup = kind === 'container' ? cgroupOfForeign(processes) : cgroupOfUnit(processes);
      return { key, kind: 'service', name, cgroup, processes };
    });
  // Several groups may stand in one unit (dockerd's proxies in docker.service): its cgroup counts once, for the first.
  const taken = new Set(containers.flatMap(({ cgroup }) => cgroup ?? []));
  return [
    ...containers,
    ...services.map((group) => {
      if (group.cgroup === null || taken.has(group.cgroup)) return { ...group, cgroup: null };
      taken.add(group.cgroup);
      return group;
    }),
  ];
}
