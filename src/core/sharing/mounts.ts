import type { HostReach } from './host-paths.ts';
import type { Finding } from './sharing.ts';

type Told = Omit<Finding, 'container'>;

const SEVERITIES = ['notice', 'warning', 'danger'] as const;

interface ReachWords {
  readonly title: string;
  readonly text: (reach: HostReach) => string;
  readonly source: string;
}

const READS = 'It can read';
const WRITES = 'It can change';
const does = ({ mount }: HostReach): string => (mount.readOnly ? READS : WRITES);

const REACH: Readonly<Record<HostReach['code'], ReachWords>> = {
  'engine-socket': {
    title: 'Engine socket inside',
    text: ({ path }) =>
      `It reaches ${path}: whoever speaks to the engine controls it, which amounts to root. A read-only mount does not prevent that, since connecting to a socket writes nothing.`,
    source:
      'https://docs.docker.com/engine/security/#docker-daemon-attack-surface; connect(2); CIS Docker Benchmark 1.6.0, 5.32',
  },
  'runtime-socket': {
    title: 'Container runtime’s socket inside',
    text: ({ path }) =>
      `It reaches ${path}: whoever speaks to it can run a container with every right, past the engine. A read-only mount does not prevent that.`,
    source: 'https://github.com/containerd/containerd/blob/main/docs/ops.md; connect(2)',
  },
  'host-root': {
    title: 'The whole machine’s files inside',
    text: (reach) =>
      reach.mount.readOnly
        ? 'It can read every file of the machine: keys, password hashes, and the files of all containers.'
        : 'It can change every file of the machine, which amounts to root.',
    source: 'https://docs.docker.com/engine/security/#docker-daemon-attack-surface; CIS Docker Benchmark 1.6.0, 5.6',
  },
  'host-etc': {
    title: 'The machine’s settings inside',
    text: (reach) =>
      reach.mount.readOnly
        ? `It can read ${reach.path} of the machine, with what is secret in it.`
        : `It can change ${reach.path} of the machine: users, what runs at set times or at start. That amounts to root.`,
    source: 'https://docs.docker.com/engine/security/#docker-daemon-attack-surface; CIS Docker Benchmark 1.6.0, 5.6',
  },
  'engine-data': {
    title: 'The files of all containers inside',
    text: (reach) => `${does(reach)} ${reach.path}, where images, volumes and the files of all containers are.`,
    source: 'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
  },
  'host-proc': {
    title: 'The machine’s /proc inside',
    text: (reach) =>
      reach.mount.readOnly
        ? 'It sees the arguments of every process of the machine, and as root their environment.'
        : 'Through /proc/sys/kernel/core_pattern and its like root in it can have the machine run any program.',
    source: 'proc(5); core(5); CIS Docker Benchmark 1.6.0, 5.6',
  },
  'host-sys': {
    title: 'The machine’s /sys inside',
    text: (reach) =>
      reach.mount.readOnly
        ? 'It sees the machine’s devices and the whole tree of cgroups.'
        : `As root it can change ${reach.path} of the machine: devices, or the limits and programs of cgroups.`,
    source: 'sysfs(5); cgroups(7); CIS Docker Benchmark 1.6.0, 5.6',
  },
  'host-dev': {
    title: 'The machine’s devices inside',
    text: () =>
      'It has the nodes of every device. Unless it is privileged, its device rules still decide which may be opened.',
    source: 'https://docs.docker.com/reference/cli/docker/container/run/#device; CIS Docker Benchmark 1.6.0, 5.6',
  },
  'host-programs': {
    title: 'Programs of the machine can be changed',
    text: ({ path }) => `It can change ${path} of the machine, which root runs or reads there.`,
    source: 'https://docs.docker.com/engine/security/#docker-daemon-attack-surface; CIS Docker Benchmark 1.6.0, 5.6',
  },
};

function mountText({ mount }: HostReach): string {
  const mode = mount.readOnly ? 'read-only' : 'writable';
  if (mount.type === 'bind') return `${mount.source} at ${mount.destination}, ${mode}`;
  return `volume ${mount.name}, a bind of ${mount.device}, at ${mount.destination}, ${mode}`;
}

function mountCure({ mount }: HostReach): string {
  const mode = mount.readOnly ? ':ro' : '';
  return mount.type === 'bind'
    ? `-v ${mount.source}:${mount.destination}${mode}`
    : `-v ${mount.name}:${mount.destination}${mode}`;
}

/**
 * What is reached through mounts: a finding a kind of reach, whatever number of mounts leads to it.
 * @param rootless the engine, and all that it runs, may do what its user may: no more
 * @param teller the beginning of the evidence, before the mounts
 */
export function mountFindings(reached: readonly HostReach[], rootless: boolean, teller: string): Told[] {
  const byCode = new Map<HostReach['code'], HostReach[]>();
  for (const reach of reached) {
    const list = byCode.get(reach.code);
    if (list === undefined) byCode.set(reach.code, [reach]);
    else list.push(reach);
  }
  const told = [...byCode].map(([code, reaches]): Told => {
    const rank = Math.max(...reaches.map(({ severity }) => SEVERITIES.indexOf(severity)));
    const worst = reaches.find(({ severity }) => severity === SEVERITIES[rank]) ?? (reaches[0] as HostReach);
    const { title, text, source } = REACH[code];
    const limit = rootless
      ? ' The engine runs without root, so all this is as its user, not as root of the machine.'
      : '';
    return {
      code,
      severity: rootless && rank === 2 ? 'warning' : worst.severity,
      title,
      text: text(worst) + limit,
      evidence: `${teller} ${reaches.length === 1 ? 'the mount' : 'the mounts'} ${reaches.map(mountText).join('; ')}.`,
      cure: `Run it without ${[...new Set(reaches.map(mountCure))].join(' and ')}.`,
      source,
    };
  });
  // The engine tells mounts in no certain order.
  const order = Object.keys(REACH);
  return told.sort(
    (a, b) =>
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || order.indexOf(a.code) - order.indexOf(b.code),
  );
}
