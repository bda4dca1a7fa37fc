import { idsInPath } from '../parse/cgroup.ts';
import { findServices } from '../services/services.ts';
import { containerGroup } from '../snapshot/container-group.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { language } from '../words/language.ts';

/** What several groups belong to, whose use is summed: a compose project or a pod. */
export interface UsageSet {
  readonly key: string;
  readonly kind: 'compose' | 'pod';
  readonly name: string;
}

/** Processes whose use is counted together: a container, or a service of the machine. */
export interface UsageGroup {
  readonly key: string;
  readonly kind: 'container' | 'service';
  readonly name: string;
  /** The cgroup that counts for all of them, below the root of the hierarchy; null where they have none of their own. */
  readonly cgroup: string | null;
  readonly processes: readonly Process[];
  /** The project or pod that it belongs to; null for none. */
  readonly set: UsageSet | null;
}

/** A pod of Podman: containers of one bear its id in their cgroup, and the engine's Docker API does not name it. */
const PODMAN_POD = /\/(?:libpod_parent\/|[^/]*libpod_pod_)([0-9a-f]{64})(?:\.slice)?(?=\/)/;

/** The project or pod of a container of this engine. */
function setOfContainer(container: Container, cgroup: string | null): UsageSet | null {
  const labelled = containerGroup(container);
  if (labelled !== null) return { key: labelled.key, kind: labelled.type, name: labelled.label };
  const pod = PODMAN_POD.exec(cgroup ?? '')?.[1];
  return pod === undefined ? null : { key: `pod:${pod}`, kind: 'pod', name: pod.slice(0, 12) };
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
 * second while little changes, so the result for a snapshot is kept.
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
    .map((container): UsageGroup => {
      const { id, name } = container;
      const processes = byContainer.get(id) ?? [];
      const cgroup = cgroupOfContainer(id, processes);
      return { key: id, kind: 'container', name, cgroup, processes, set: setOfContainer(container, cgroup) };
    });
  const services = findServices(snapshot)
    .filter(({ kind, inside }) => kind !== 'kernel' && inside === null)
    .map(({ key, kind, name, processes, pod }): UsageGroup => {
      const cgroup = kind === 'container' ? cgroupOfForeign(processes) : cgroupOfUnit(processes);
      const set: UsageSet | null = pod === null ? null : { key: `pod:${pod}`, kind: 'pod', name: pod };
      return { key, kind: 'service', name, cgroup, processes, set };
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
