import { engineProcesses } from '../services/trust.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import type { Finding } from './sharing.ts';

type Mount = Container['mounts'][number];

/** What a path of the machine gives to whoever has it mounted. */
export interface HostReach {
  /** Stable; one finding of a container for each. */
  readonly code:
    | 'engine-socket'
    | 'runtime-socket'
    | 'host-root'
    | 'host-etc'
    | 'engine-data'
    | 'host-proc'
    | 'host-sys'
    | 'host-dev'
    | 'host-programs';
  readonly severity: Finding['severity'];
  readonly mount: Mount;
  /** The path of the machine that matters: the socket in a mounted directory, or the directory itself. */
  readonly path: string;
  /** The mount whose flag brings it, where that is another one: whoever binds `/` gets `/proc` along. */
  readonly by?: Mount;
}

/** `/var/run` is a link to `/run` on every Linux of today; neither `//` nor a `/` at the end makes another path. */
function canonical(path: string): string {
  const clean = `/${path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`;
  if (clean === '/var/run' || clean.startsWith('/var/run/')) return clean.slice('/var'.length);
  return clean;
}

/** True where `path` is `folder`, or lies below it. */
function within(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

/** Sockets of engines, by the names that they and Docker Desktop give them. */
const SOCKET_NAME = /^(docker|podman)([.-][\w.-]*)?\.sock$/;

/** Sockets whose owner runs containers as root for whoever speaks to them. Sources: the programs' own defaults. */
const RUNTIME_SOCKETS = [
  ...['/run/containerd/containerd.sock', '/run/docker/containerd/containerd.sock'],
  ...['/run/k3s/containerd/containerd.sock', '/run/crio/crio.sock', '/run/cri-dockerd.sock', '/run/dockershim.sock'],
  '/run/buildkit/buildkitd.sock',
];
const RUNTIME_NAME = /^(containerd|crio|cri-dockerd|dockershim|buildkitd)\.sock$/;

/** Where engines keep images, volumes and the file systems of containers. */
const DATA = ['/var/lib/docker', '/var/lib/containerd', '/var/lib/containers', '/var/lib/kubelet', '/var/lib/rancher'];

/** What is run or read by root when the machine starts, or by every program. */
const PROGRAMS =
  /^\/(?:usr|usr\/local|boot|opt|root|root\/\.ssh|(?:usr\/(?:local\/)?)?(?:s?bin|lib|lib32|lib64|libx32|libexec)|(?:usr\/)?lib\/(?:modules|systemd|systemd\/system|udev))$/;

/** Parts of /etc that make root, or hold secrets; most of the rest is mounted everywhere without harm. */
const ETC =
  /^\/etc(\/(shadow|gshadow|passwd|group|sudoers|sudoers\.d|cron[^/]*|crontab|systemd|init\.d|profile\.d|pam\.d|ssh|ssl\/private|kubernetes|docker|ld\.so\.preload))?$/;

/** The sockets and the data directory that this engine itself uses, as far as its address and arguments tell. */
export interface EnginePaths {
  readonly sockets: readonly string[];
  readonly runtimeSockets: readonly string[];
  readonly data: readonly string[];
}

function unixPath(address: string | undefined): string[] {
  const path = /^(?:unix:\/\/)?(\/.*)$/.exec(address ?? '')?.[1];
  return path === undefined ? [] : [canonical(path)];
}

/** The values of an option that may be written in two ways: `--host X`, `--host=X`. */
function valuesOf(argv: readonly string[], ...names: readonly string[]): string[] {
  return argv.flatMap((word, index) => {
    const name = names.find((each) => word === each || word.startsWith(`${each}=`));
    if (name === undefined) return [];
    const value = word === name ? argv[index + 1] : word.slice(name.length + 1);
    return value === undefined ? [] : [value];
  });
}

export function enginePaths(snapshot: Snapshot): EnginePaths {
  const engine = snapshot.engine?.kind === 'podman' ? '/run/podman/podman.sock' : '/run/docker.sock';
  const sockets = new Set([engine, ...unixPath(snapshot.engine?.endpoint)]);
  const runtimeSockets = new Set(RUNTIME_SOCKETS);
  const data = new Set(DATA);
  for (const { argv } of engineProcesses(snapshot)) {
    const program = argv[0]?.split('/').at(-1);
    if (program === 'dockerd') {
      for (const path of valuesOf(argv, '-H', '--host').flatMap(unixPath)) sockets.add(path);
      for (const path of valuesOf(argv, '--containerd').flatMap(unixPath)) runtimeSockets.add(path);
      for (const path of valuesOf(argv, '-g', '--data-root').flatMap(unixPath)) data.add(path);
    } else if (program === 'containerd')
      for (const path of valuesOf(argv, '-a', '--address').flatMap(unixPath)) runtimeSockets.add(path);
  }
  return { sockets: [...sockets], runtimeSockets: [...runtimeSockets], data: [...data] };
}

/**
 * What a container reaches of the machine through one of its mounts: a directory above counts as what is in it, a link
 * that every machine has as what it leads to, a volume that is a bind of a directory as that directory. Connecting to a
 * socket is no writing: read-only does not prevent it.
 */
export function reachOf(mount: Mount, paths: EnginePaths): HostReach[] {
  const bound = mount.type === 'bind' ? mount.source : mount.type === 'volume' ? mount.device : null;
  if (bound === null || !bound.startsWith('/')) return [];
  const source = canonical(bound);
  const name = source.slice(source.lastIndexOf('/') + 1);
  const found: HostReach[] = [];
  const add = (code: HostReach['code'], severity: HostReach['severity'], path: string): void => {
    found.push({ code, severity, mount, path });
  };
  const writable = !mount.readOnly;
  const socket = SOCKET_NAME.test(name) ? source : paths.sockets.find((path) => within(path, source));
  if (socket !== undefined) add('engine-socket', 'danger', socket);
  const runtime = RUNTIME_NAME.test(name) ? source : paths.runtimeSockets.find((path) => within(path, source));
  // Who has the engine's own socket gains nothing by another one in the same place.
  if (runtime !== undefined && socket === undefined) add('runtime-socket', 'danger', runtime);
  if (source === '/') {
    add('host-root', writable ? 'danger' : 'warning', '/');
    return found;
  }
  if (ETC.test(source)) add('host-etc', writable ? 'danger' : 'warning', source);
  const data = paths.data.find((path) => within(path, source));
  if (data !== undefined) add('engine-data', writable ? 'danger' : 'warning', data);
  if (within(source, '/proc')) add('host-proc', writable ? 'danger' : 'warning', source);
  if (within(source, '/sys') && (writable || source === '/sys'))
    add('host-sys', writable ? 'warning' : 'notice', source);
  if (source === '/dev') add('host-dev', writable ? 'warning' : 'notice', source);
  if (writable && PROGRAMS.test(source)) add('host-programs', 'danger', source);
  return found;
}
