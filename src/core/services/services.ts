import { containerIdsIn, type IdInPath, idsInPath } from '../parse/cgroup.ts';
import { processesByPid } from '../snapshot/by-key.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '../snapshot/namespace.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { t } from '../words/words.ts';
import { optionOf, programOf } from './arguments.ts';
import { trustedProcesses } from './trust.ts';

/** What a group of processes outside this engine's containers is. */
export type ServiceKind =
  | 'engine'
  | 'shim'
  | 'proxy'
  | 'kubernetes'
  | 'unit'
  | 'container'
  | 'build'
  | 'kernel'
  | 'other';

/** Processes that belong together: a unit, a service container, a shim, somebody else's container. */
export interface Service {
  /** Stable while the group lives. */
  readonly key: string;
  readonly kind: ServiceKind;
  /** As people call it: `docker.service`, `containerd-shim of web1`. */
  readonly name: string;
  /** What it is for, or who runs it; may be empty. */
  readonly note: string;
  /** Ascending by pid. */
  readonly processes: readonly Process[];
  /** The kinds in which its first process is not where the host is. */
  readonly own: readonly NamespaceKind[];
  /** The container of this engine that it runs inside of: a nested engine's. */
  readonly inside: string | null;
  /** The pod that it belongs to, where its cgroup says so: a uid. */
  readonly pod: string | null;
}

const ENGINES = new Set(['dockerd', 'containerd', 'podman', 'crio', 'buildkitd', 'lifecycle-server', 'docker-init']);
const KUBERNETES = new Set([
  ...['kubelet', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'etcd', 'coredns'],
  ...['cri-dockerd', 'kindnetd', 'flanneld', 'k3s', 'k3s-server', 'k3s-agent'],
]);
const PROXIES = /^(docker-proxy|vpnkit.*|com\.docker\.port.*|rootlesskit|slirp4netns|gvproxy|pasta.*)$/;

/** What runs a container of a containerd namespace. Source: the names that moby, CRI, BuildKit and LinuxKit choose. */
function namespaceEngine(namespace: string): string {
  if (namespace === 'moby') return 'Docker';
  if (namespace === 'k8s.io') return 'Kubernetes (containerd)';
  if (namespace === 'buildkit') return 'BuildKit';
  return t('containerd, namespace {name}', { name: namespace });
}

/** What runs a container that this engine does not know, by the shape of its cgroup. Source: the engines' own names. */
function foreignEngine(cgroup: string, id: string): string {
  const found = idsInPath(cgroup).find((each) => each.id === id);
  const prefix = found?.prefix?.split(':').at(-1) ?? null;
  const isStatic = /pod[0-9a-f]{32}(?![0-9a-f-])/.test(cgroup);
  if (prefix === 'cri-containerd' || prefix === 'crio') {
    return isStatic ? t('Kubernetes ({runtime}, static pod)', { runtime: prefix }) : `Kubernetes (${prefix})`;
  }
  if (prefix === 'libpod-payload') {
    // Podman's --cgroups=split, which Quadlet uses, puts the container below the unit that started it.
    const unit = found?.path.split('/').findLast((segment) => segment.endsWith('.service'));
    return unit === undefined ? 'Podman' : t('Podman, unit {unit}', { unit });
  }
  if (prefix === 'libpod') return 'Podman';
  if (prefix === 'nerdctl') return 'nerdctl';
  if (prefix === 'docker' || /\/docker\//.test(cgroup)) return 'Docker';
  if (/kubepods/.test(cgroup)) return isStatic ? t('Kubernetes (static pod)') : 'Kubernetes';
  if (/buildkit/.test(cgroup)) return 'BuildKit';
  const namespace = /^\/([\w.-]+)\/[0-9a-f]{64}/.exec(cgroup)?.[1];
  return namespace === undefined ? t('another engine') : namespaceEngine(namespace);
}

/**
 * The uid of a pod in a cgroup path, with dashes also where systemd's driver writes underscores. That of a static pod is
 * a hash of its file, without dashes.
 */
function podOf(cgroup: string | null): string | null {
  const uid = /pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32}(?![0-9a-f-]))/.exec(
    cgroup ?? '',
  )?.[1];
  return uid === undefined ? null : uid.replaceAll('_', '-');
}

/** The unit or service of a cgroup path: its last segment that says so. */
function unitOf(cgroup: string): string | null {
  const linuxkit = /\/(?:containers\/services|podruntime|services)\/([\w.-]+)/.exec(cgroup)?.[1];
  if (linuxkit !== undefined) return linuxkit;
  const segments = cgroup.split('/').filter((segment) => segment !== '');
  return segments.findLast((segment) => /\.(service|scope|slice)$/.test(segment)) ?? segments.at(-1) ?? null;
}

/** Containers whose cgroup bears a name and no id. Sources: lxc.container.conf(5), systemd-nspawn(1), systemd.unit(5). */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [/^\/lxc\.payload[./]([^/]+)/, 'LXC'],
  [/^\/lxc\/([^/]+)/, 'LXC'],
  [/\/systemd-nspawn@([^/]+)\.service\/payload(?:\/|$)/, 'systemd-nspawn'],
  [/\/machine-([^/]+)\.scope\/payload(?:\/|$)/, 'systemd-nspawn'],
  [/\/machine-lxc\\x2d\d+\\x2d([^/]+)\.scope(?:\/|$)/, 'LXC (libvirt)'],
];

/** A container of another kind by its cgroup's path; systemd writes what may not be in a unit's name as `\x2d`. */
function namedContainer(path: string): Named | null {
  for (const [pattern, note] of NAMED) {
    const name = pattern
      .exec(path)?.[1]
      ?.replace(/\\x([0-9a-f]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
    if (name !== undefined) return { key: `container:${note}/${name}`, kind: 'container', name, note };
  }
  return null;
}

interface Named {
  readonly key: string;
  readonly kind: ServiceKind;
  readonly name: string;
  readonly note: string;
}

/** A process that runs a container and has its id in its arguments. The id is any name that the caller chose. */
interface Runner {
  readonly id: string;
  /** Of containerd; null for a step of a build, which BuildKit has runc hold without a shim. */
  readonly namespace: string | null;
}

function runnerOf(process: Process): Runner | null {
  const program = programOf(process);
  if (/^containerd-shim/.test(program)) {
    const id = optionOf(process, 'id');
    const namespace = optionOf(process, 'namespace');
    return id === null || namespace === null ? null : { id, namespace };
  }
  if (!/^(buildkit-)?runc$/.test(program)) return null;
  const step = /\/executor\/([a-z0-9]{20,})$/.exec(optionOf(process, 'bundle') ?? '')?.[1];
  return step === undefined ? null : { id: step, namespace: null };
}

/**
 * The nearest runner above each process: all that runs below one is its container, also where the cgroup bears no id, as
 * with `ctr run`. Linear: every process is walked through once.
 */
function runnersAbove(
  processes: readonly Process[],
  trusted: (process: Process) => boolean,
): (process: Process) => Runner | null {
  const byPid = processesByPid(processes);
  /** The nearest runner, of a process itself or above it. */
  const known = new Map<number, Runner | null>();
  return (process) => {
    const direct = known.get(process.ppid);
    if (direct !== undefined) return direct;
    const path: number[] = [];
    let found: Runner | null = null;
    let parent = byPid.get(process.ppid);
    while (parent !== undefined && path.length < byPid.size) {
      const before = known.get(parent.pid);
      found = before !== undefined ? before : trusted(parent) ? runnerOf(parent) : null;
      path.push(parent.pid);
      if (before !== undefined || found !== null) break;
      parent = byPid.get(parent.ppid);
    }
    for (const pid of path) known.set(pid, found);
    return found;
  };
}

/**
 * A container that this engine does not know, or a LinuxKit service, which is one too. Only what stands in the path behind
 * this engine's own ids counts: what stands before them is what all of this engine runs in.
 * @param around ids of what everything that is seen runs in
 */
function foreignOf(
  cgroup: string | null,
  ids: readonly IdInPath[],
  runner: Runner | null,
  known: ReadonlyMap<string, string>,
  around: ReadonlySet<string>,
): Named | null {
  const own = ids.findLast(({ id }) => known.has(id) || around.has(id));
  const inside = ids.slice(own === undefined ? 0 : ids.indexOf(own) + 1).at(-1);
  if (inside !== undefined && cgroup !== null) {
    const name = t('container {name}', { name: inside.id.slice(0, 12) });
    return { key: `container:${inside.id}`, kind: 'container', name, note: foreignEngine(cgroup, inside.id) };
  }
  const named = cgroup === null ? null : namedContainer(cgroup.slice(own?.path.length ?? 0));
  if (named !== null) return named;
  if (runner === null || known.has(runner.id)) return null;
  const { id, namespace } = runner;
  if (namespace === null) return { key: `build:${id}`, kind: 'build', name: t('build step'), note: 'BuildKit' };
  if (namespace === 'services.linuxkit')
    return { key: `unit:${id}`, kind: 'unit', name: id, note: t('LinuxKit service') };
  const name = /^[0-9a-f]{64}$/.test(id) ? t('container {name}', { name: id.slice(0, 12) }) : id;
  return { key: `container:${namespace}/${id}`, kind: 'container', name, note: namespaceEngine(namespace) };
}

/** What a process calls itself in its arguments; null if that is nothing known. */
function nameByArguments(process: Process, containers: ReadonlyMap<string, string>): Named | null {
  const program = programOf(process);
  if (/^containerd-shim/.test(program)) {
    const id = optionOf(process, 'id') ?? '';
    const namespace = optionOf(process, 'namespace');
    const container = containers.get(id) ?? (id.slice(0, 12) || '?');
    return {
      key: `shim:${process.pid}`,
      kind: 'shim',
      name: t('shim of {name}', { name: container }),
      note: namespace === null ? '' : t('containerd namespace {name}', { name: namespace }),
    };
  }
  if (PROXIES.test(program)) {
    const port = optionOf(process, 'host-port');
    const to = `${optionOf(process, 'container-ip') ?? '?'}:${optionOf(process, 'container-port') ?? '?'}`;
    const from = `${optionOf(process, 'host-ip') ?? ''}:${port}`;
    const note = port === null ? '' : t('forwards {from} to {to}', { from, to });
    return { key: `proxy:${process.pid}`, kind: 'proxy', name: program, note };
  }
  if (KUBERNETES.has(program)) return { key: `k8s:${program}`, kind: 'kubernetes', name: program, note: 'Kubernetes' };
  if (ENGINES.has(program))
    return { key: `engine:${process.pid}`, kind: 'engine', name: program, note: t('container engine') };
  return null;
}

function nameOf(process: Process, containers: ReadonlyMap<string, string>, trusted: boolean): Named {
  if (process.kernelThread)
    return { key: 'kernel', kind: 'kernel', name: t('kernel threads'), note: t('the kernel itself') };
  const named = trusted ? nameByArguments(process, containers) : null;
  if (named !== null) return named;
  const program = programOf(process);
  const { cgroup } = process;
  const unit = cgroup === null || cgroup === '/' ? null : unitOf(cgroup);
  if (unit !== null) return { key: `unit:${cgroup}`, kind: 'unit', name: unit, note: '' };
  return { key: `program:${program}`, kind: 'other', name: program, note: '' };
}

const HELPER = 'bulkhead-probe';

/** The helpers of this app do not count as services of the machine. */
function isHelper(process: Process): boolean {
  // Asked of every process: most are no helper at first sight.
  const { comm, argv } = process;
  return (comm === HELPER || argv[0]?.endsWith(HELPER) === true) && programOf(process) === HELPER;
}

/** What was found in the paths of the newest snapshot: its processes are in few, and they are the next one's too. */
let knownPaths: ReadonlyMap<string, readonly IdInPath[]> = new Map();

/**
 * All processes that are no plain process of a container of this engine, in groups: by what they are, by unit, and the
 * containers of other engines, nested ones inside what runs them. Near linear in processes.
 */
export function findServices(snapshot: Snapshot): Service[] {
  const known = new Map(snapshot.containers.map(({ id, name }) => [id, name]));
  const groups = new Map<string, { named: Named; inside: string | null; processes: Process[] }>();
  const add = (named: Named, inside: string | null, process: Process): void => {
    const group = groups.get(named.key);
    if (group === undefined) groups.set(named.key, { named, inside, processes: [process] });
    else group.processes.push(process);
  };
  const trusted = trustedProcesses(snapshot);
  const helpers = new Set(snapshot.containers.filter(({ helper }) => helper).map(({ id }) => id));
  const runnerAbove = runnersAbove(snapshot.processes, trusted);
  const paths = new Map<string, readonly IdInPath[]>();
  const idsOf = (cgroup: string | null): readonly IdInPath[] => {
    if (cgroup === null) return [];
    const known = paths.get(cgroup);
    if (known !== undefined) return known;
    const ids = knownPaths.get(cgroup) ?? idsInPath(cgroup);
    paths.set(cgroup, ids);
    return ids;
  };
  const first = snapshot.processes.find(({ pid }) => pid === 1);
  const around = new Set(containerIdsIn(first?.cgroup ?? ''));
  for (const process of snapshot.processes) {
    if (isHelper(process) && (trusted(process) || helpers.has(process.container ?? ''))) continue;
    const runs = trusted(process) && runnerOf(process) !== null;
    const foreign = !runs
      ? foreignOf(process.cgroup, idsOf(process.cgroup), runnerAbove(process), known, around)
      : null;
    if (foreign !== null) add(foreign, process.container, process);
    else if (process.container === null) add(nameOf(process, known, trusted(process)), null, process);
  }
  knownPaths = paths;
  const { namespaces: host } = snapshot.host;
  const order: ServiceKind[] = [
    ...(['engine', 'shim', 'proxy', 'kubernetes', 'container', 'build', 'unit', 'other', 'kernel'] as const),
  ];
  return [...groups.values()]
    .map(({ named, inside, processes }): Service => {
      const [first] = processes;
      const own = NAMESPACE_KINDS.filter((kind) => {
        const id = first?.namespaces[kind] ?? null;
        return id !== null && host[kind] !== null && id !== host[kind];
      });
      return { ...named, processes, own, inside, pod: podOf(first?.cgroup ?? null) };
    })
    .sort(
      (a, b) =>
        order.indexOf(a.kind) - order.indexOf(b.kind) ||
        (a.name < b.name ? -1 : a.name > b.name ? 1 : (a.processes[0]?.pid ?? 0) - (b.processes[0]?.pid ?? 0)),
    );
}
