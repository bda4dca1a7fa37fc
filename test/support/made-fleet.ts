import { type ContainerSketch, idOf, snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import { compareNamespaces, compareProcesses } from '../../src/core/snapshot/order.ts';
import type { Container, Namespace, Process, Snapshot } from '../../src/core/snapshot/snapshot.ts';

const PROJECTS = ['shop', 'blog', 'metrics', 'billing', 'auth', 'search', 'media', 'chat', 'crm', 'ledger'];
const SERVICES = ['api', 'db', 'cache', 'web', 'worker', 'proxy', 'queue', 'mailer', 'scheduler', 'reports'];
const IMAGES = ['node:22-alpine', 'postgres:17', 'redis:7', 'nginx:1.27', 'registry.example.com/team/app:2.14.1'];
const COMMANDS = [
  'node server.js --port 8080',
  'postgres',
  'redis-server *:6379',
  'nginx: master process',
  'sleep 1000',
];
const SINGLES = ['registry', 'backup', 'grafana-agent', 'mailer', 'portainer', 'dns', 'ntp', 'ci-runner'];

const MODES: Container['modes'] = { net: 'default', ipc: 'private', pid: '', uts: '', user: '', cgroup: 'private' };

function sketch(
  index: number,
  name: string,
  more: {
    readonly join?: Readonly<Record<string, string>>;
    readonly host?: readonly ('net' | 'pid' | 'uts' | 'ipc')[];
    readonly labels?: Readonly<Record<string, string>>;
    readonly broken?: string;
    readonly running?: boolean;
  } = {},
): ContainerSketch {
  const { join = {}, host = [], labels = {}, broken, running } = more;
  const argv = (COMMANDS[index % COMMANDS.length] ?? 'sleep').split(' ');
  const modes: Record<string, string> = { ...MODES };
  for (const [kind, target] of Object.entries(join)) modes[kind] = `container:${idOf(target)}`;
  for (const kind of host) modes[kind] = 'host';
  if (broken !== undefined) modes.net = `container:${idOf(broken)}`;
  return {
    name,
    ...(running === undefined ? {} : { running }),
    namespaces: { ...join, ...Object.fromEntries(host.map((kind) => [kind, 'host'])) },
    process: { argv, comm: argv[0]?.replace(':', '') ?? 'sleep' },
    container: {
      image: IMAGES[index % IMAGES.length] ?? 'busybox:1',
      labels,
      modes: modes as Container['modes'],
      networks: [{ name: 'bridge', id: null, ip: null, mac: null }],
    },
  };
}

/**
 * What the kernel tells of every namespace: whose it is and, of pid namespaces, what it lies in. Backups run their program
 * in a sandbox of their own: a user and a pid namespace within the container's.
 */
function nested(snapshot: Snapshot): Snapshot {
  const machine = snapshot.host.initial;
  const sandboxes = snapshot.containers.flatMap(({ id, name, pid }): [Process, Namespace[]][] => {
    const init = snapshot.processes.find((process) => process.pid === pid);
    if (init === undefined || !name.startsWith('backup')) return [];
    const inside = 100_000 + init.pid;
    const space = (kind: 'user' | 'pid', inode: number, extra: Partial<Namespace>): Namespace => ({
      ...{ id: `${kind}:[${inode}]`, kind, inode, device: 4, initial: false, ownerUid: 0, uniqueId: null, pins: [] },
      ...{ owner: machine.user, parent: machine.user, pids: [inside] },
      ...extra,
    });
    const user = space('user', 4_026_600_000 + 2 * init.pid, {});
    const own = space('pid', 4_026_600_001 + 2 * init.pid, { owner: user.id, parent: init.namespaces.pid });
    const namespaces = { ...init.namespaces, user: user.id, pid: own.id, pid_for_children: own.id };
    const process = { ...init, pid: inside, ppid: init.pid, nsPids: [inside, 7, 1], container: id, namespaces };
    return [[{ ...process, comm: 'restic', argv: ['restic', 'backup', '/data'] }, [user, own]]];
  });
  const told = snapshot.namespaces.map((namespace) => ({
    ...namespace,
    owner: namespace.id === machine.user ? null : machine.user,
    parent: namespace.kind === 'pid' && namespace.id !== machine.pid ? machine.pid : null,
  }));
  return {
    ...snapshot,
    processes: [...snapshot.processes, ...sandboxes.map(([process]) => process)].sort(compareProcesses),
    namespaces: [...told, ...sandboxes.flatMap(([, spaces]) => spaces)].sort(compareNamespaces),
  };
}

/** Containers as people have them: projects, pods, sidecars, a debugger, exporters, one broken share, and some alone. */
export function madeFleet(count: number): Snapshot {
  const out: ContainerSketch[] = [];
  const add = (name: string, more: Parameters<typeof sketch>[2] = {}) => {
    if (out.length < count) out.push(sketch(out.length, name, more));
  };
  add('web1', { host: ['uts'] });
  add('web2', { host: ['uts'], join: { net: 'web1' } });
  for (let round = 0; out.length < count; round += 1) {
    const again = round < PROJECTS.length ? '' : String(Math.floor(round / PROJECTS.length) + 1);
    const project = `${PROJECTS[round % PROJECTS.length]}${again}`;
    const size = 3 + ((round * 3) % 6);
    const labels = { 'com.docker.compose.project': project };
    for (let index = 0; index < size; index += 1) {
      const name = `${project}-${SERVICES[index % SERVICES.length]}-1`;
      add(name, { labels, ...(index === 5 ? { join: { net: `${project}-web-1` } } : {}) });
    }
    if (round % 2 === 0) add(`${project}-debug`, { join: { net: `${project}-api-1`, pid: `${project}-api-1` } });
    if (round % 3 === 0) {
      const pod = { 'io.kubernetes.pod.name': `${project}-pod`, 'io.kubernetes.pod.namespace': 'default' };
      const named = (container: string) => ({ ...pod, 'io.kubernetes.container.name': container });
      add(`${project}-pause`, { labels: named('pause') });
      for (const part of ['app', 'envoy']) {
        add(`${project}-${part}`, {
          labels: named(part),
          join: { net: `${project}-pause`, ipc: `${project}-pause` },
        });
      }
    }
    if (round % 4 === 0) add(`node-exporter${again}${round}`, { host: ['net', 'pid', 'uts'] });
    if (round % 5 === 1) {
      add(`grafana${round}`);
      add(`sidecar${round}`, { broken: `grafana${round}` });
    }
    if (round % 3 === 1) {
      for (const name of ['vpn', 'torrent', 'indexer']) {
        add(`${name}${round}`, name === 'vpn' ? {} : { join: { net: `vpn${round}` } });
      }
    }
    add(
      `${SINGLES[round % SINGLES.length]}${round < SINGLES.length ? '' : round}`,
      round % 4 === 3 ? { running: false } : {},
    );
  }
  return nested(snapshotOf({ containers: out }));
}
