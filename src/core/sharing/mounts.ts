import { commas, type PlainMessage, sentences, t } from '../words/words.ts';
import { runWithout } from './flags.ts';
import type { HostReach } from './host-paths.ts';
import type { Finding } from './sharing.ts';

type Told = Omit<Finding, 'container'>;

const SEVERITIES = ['notice', 'warning', 'danger'] as const;

interface ReachWords {
  readonly title: PlainMessage;
  readonly text: (reach: HostReach) => string;
  readonly source: string;
}

const REACH: Readonly<Record<HostReach['code'], ReachWords>> = {
  'engine-socket': {
    title: 'Engine socket inside',
    text: ({ path }) =>
      t(
        'It reaches {path}: whoever speaks to the engine controls it, which amounts to root. A read-only mount does not prevent that, since connecting to a socket writes nothing.',
        { path },
      ),
    source:
      'https://docs.docker.com/engine/security/#docker-daemon-attack-surface; connect(2); CIS Docker Benchmark 1.6.0, 5.32',
  },
  'runtime-socket': {
    title: 'Container runtime’s socket inside',
    text: ({ path }) =>
      t(
        'It reaches {path}: whoever speaks to it can run a container with every right, past the engine. A read-only mount does not prevent that.',
        { path },
      ),
    source: 'https://github.com/containerd/containerd/blob/main/docs/ops.md; connect(2)',
  },
  'host-root': {
    title: 'The whole machine’s files inside',
    text: ({ mount }) =>
      mount.readOnly
        ? t('It can read every file of the machine: keys, password hashes, and the files of all containers.')
        : t('It can change every file of the machine, which amounts to root.'),
    source: 'https://docs.docker.com/engine/security/#docker-daemon-attack-surface; CIS Docker Benchmark 1.6.0, 5.6',
  },
  'host-etc': {
    title: 'The machine’s settings inside',
    text: ({ mount, path }) =>
      mount.readOnly
        ? t('It can read {path} of the machine, including the secrets in it.', { path })
        : t(
            'It can change {path} of the machine: users, and what runs at set times or at start. That amounts to root.',
            { path },
          ),
    source: 'https://docs.docker.com/engine/security/#docker-daemon-attack-surface; CIS Docker Benchmark 1.6.0, 5.6',
  },
  'engine-data': {
    title: 'The files of all containers inside',
    text: ({ mount, path }) =>
      mount.readOnly
        ? t('It can read {path}, where images, volumes and the files of all containers are.', { path })
        : t('It can change {path}, where images, volumes and the files of all containers are.', { path }),
    source: 'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
  },
  'host-proc': {
    title: 'The machine’s /proc inside',
    text: ({ mount }) =>
      mount.readOnly
        ? t('It sees the arguments of every process of the machine, and as root their environment.')
        : t('Through /proc/sys/kernel/core_pattern and the like, root in it can have the machine run any program.'),
    source: 'proc(5); core(5); CIS Docker Benchmark 1.6.0, 5.6',
  },
  'host-sys': {
    title: 'The machine’s /sys inside',
    text: ({ mount, path }) =>
      mount.readOnly
        ? t('It sees the machine’s devices and the whole tree of cgroups.')
        : t('As root it can change {path} of the machine: devices, or the limits and programs of cgroups.', { path }),
    source: 'sysfs(5); cgroups(7); CIS Docker Benchmark 1.6.0, 5.6',
  },
  'host-dev': {
    title: 'The machine’s devices inside',
    text: () =>
      t(
        'It has the nodes of every device. Unless it is privileged, its device rules still decide which may be opened.',
      ),
    source: 'https://docs.docker.com/reference/cli/docker/container/run/#device; CIS Docker Benchmark 1.6.0, 5.6',
  },
  'host-programs': {
    title: 'Programs of the machine can be changed',
    text: ({ path }) => t('It can change {path} of the machine, which root runs or reads there.', { path }),
    source: 'https://docs.docker.com/engine/security/#docker-daemon-attack-surface; CIS Docker Benchmark 1.6.0, 5.6',
  },
};

function mountText({ mount }: HostReach): string {
  const { type, source, destination, readOnly } = mount;
  if (type === 'bind') {
    const values = { source, destination };
    return readOnly
      ? t('{source} at {destination} (read-only)', values)
      : t('{source} at {destination} (writable)', values);
  }
  const values = { name: mount.name ?? '', device: mount.device ?? '', destination };
  return readOnly
    ? t('volume {name}, a bind of {device}, at {destination} (read-only)', values)
    : t('volume {name}, a bind of {device}, at {destination} (writable)', values);
}

function mountCure(reach: HostReach): string {
  const mount = reach.by ?? reach.mount;
  const mode = mount.readOnly ? ':ro' : '';
  return mount.type === 'bind'
    ? `-v ${mount.source}:${mount.destination}${mode}`
    : `-v ${mount.name}:${mount.destination}${mode}`;
}

/**
 * What is reached through mounts: a finding a kind of reach, whatever number of mounts leads to it.
 * @param rootless the engine, and all that it runs, may do what its user may: no more
 * @param evidence the sentence that says who tells of the mounts
 */
export function mountFindings(
  reached: readonly HostReach[],
  rootless: boolean,
  evidence: (mounts: string) => string,
): Told[] {
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
      ? t('The engine runs without root, so all this is as its user, not as root of the machine.')
      : null;
    return {
      code,
      severity: rootless && rank === 2 ? 'warning' : worst.severity,
      title: t(title),
      text: sentences(text(worst), limit),
      evidence: evidence(commas(reaches.map(mountText))),
      cure: runWithout([...new Set(reaches.map(mountCure))].join(' ')),
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
