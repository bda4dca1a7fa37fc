import type { DetailOf } from '../detail/detail.ts';
import { confinedByLsm } from '../sharing/lsm.ts';
import { missingLimits } from '../sharing/rights.ts';
import { CAPABILITY_COUNT, capabilityNames, isCapabilityMask } from '../snapshot/capabilities.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { bytesText } from '../text/bytes.ts';
import type { IsolationLine, Known } from './isolation-card.ts';

/** What keeps a container apart, and what of that could not be read: nothing of it is a finding. */

const line = (
  code: string,
  rank: IsolationLine['rank'],
  title: string,
  text: string,
  evidence: string,
  source: string,
): IsolationLine => ({ code, rank, title, text, evidence, cure: null, source });

function namespaces({ pid, namespaces: own }: Process, { host }: Snapshot): IsolationLine[] {
  const kinds = NAMESPACE_KINDS.filter((kind) => own[kind] !== null && host.namespaces[kind] !== null);
  const apart = kinds.filter((kind) => own[kind] !== host.namespaces[kind]);
  const unread = NAMESPACE_KINDS.filter((kind) => own[kind] === null);
  const told =
    apart.length === 0
      ? []
      : [
          line(
            'own-namespaces',
            'holds',
            `Not in the machine’s ${apart.join(', ')}`,
            'What is in these namespaces of the machine it does not see.',
            `/proc/${pid}/ns has ${apart.map((kind) => own[kind]).join(', ')}; the host has others.`,
            'namespaces(7)',
          ),
        ];
  if (unread.length === 0) return told;
  return [
    ...told,
    line(
      'namespaces-not-read',
      'unknown',
      `Its ${unread.join(', ')} could not be read`,
      'Whether it shares these with the machine is not known.',
      `/proc/${pid}/ns could not be read.`,
      'namespaces(7)',
    ),
  ];
}

function capabilities({ pid, capabilities: own }: Process): IsolationLine {
  if (own === null || !isCapabilityMask(own.bounding)) {
    return line(
      'capabilities-not-read',
      'unknown',
      'Capabilities',
      'They could not be read.',
      `/proc/${pid}/status could not be read.`,
      'capabilities(7)',
    );
  }
  const names = capabilityNames(own.bounding);
  return line(
    'capabilities',
    'holds',
    names.length >= CAPABILITY_COUNT
      ? 'No capability is withheld'
      : `${CAPABILITY_COUNT - names.length} capabilities are withheld`,
    names.length === 0
      ? 'It holds none, and no program in it can get one.'
      : `It can have ${names.length >= CAPABILITY_COUNT ? 'all' : names.join(', ')}.`,
    `CapBnd of its init (pid ${pid}) is ${own.bounding}, CapEff ${own.effective}.`,
    'https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities; capabilities(7)',
  );
}

function seccomp(
  { pid, seccomp: mode }: Process,
  { securityOptions }: Container,
  filters: number | null,
): IsolationLine[] {
  const source = 'https://docs.docker.com/engine/security/seccomp/; seccomp(2)';
  if (mode === null) {
    return [
      line(
        'seccomp-not-read',
        'unknown',
        'Seccomp',
        'Whether system calls are filtered is not known.',
        `Seccomp of pid ${pid} could not be read.`,
        source,
      ),
    ];
  }
  if (mode === 0) return [];
  const own = securityOptions.find((option) => /^seccomp[=:]/.test(option));
  const profile = own === undefined ? 'the engine’s default profile' : 'a profile of its own';
  return [
    line(
      'seccomp',
      'holds',
      'System calls are filtered',
      `By ${profile}, as the engine says. The kernel tells that there is a filter, not what it lets through.`,
      `Seccomp of its init (pid ${pid}) is ${mode}${filters === null ? '' : `, with ${filters} ${filters === 1 ? 'filter' : 'filters'}`}.`,
      source,
    ),
  ];
}

function lsm(
  container: Container,
  { pid }: Process,
  snapshot: Snapshot,
  process: DetailOf<'process'> | null,
): IsolationLine[] {
  const source = 'https://docs.docker.com/engine/security/apparmor/; CIS Docker Benchmark 1.6.0, 5.2 and 5.3';
  const { lsms } = snapshot.host;
  const has = lsms?.some((name) => name === 'apparmor' || name === 'selinux') ?? null;
  if (has === false) {
    return [
      line(
        'no-lsm-in-kernel',
        'notice',
        'The machine has no AppArmor or SELinux',
        'No such module holds any container here.',
        `The kernel’s modules are ${lsms?.join(', ') || 'none'}.`,
        source,
      ),
    ];
  }
  const label = process?.label ?? null;
  if (label !== null) {
    const free = /^unconfined\b|:(spc_t|unconfined_t):/.test(label);
    const name = label.trim();
    // What the kernel says counts; where the engine says it too, it is a finding already.
    if (free)
      return confinedByLsm(container, snapshot) === false || container.privileged
        ? []
        : [
            line(
              'lsm-unconfined',
              'notice',
              'Its security label holds nothing',
              'No profile is in force for it.',
              `/proc/${pid}/attr/current is ${name}.`,
              source,
            ),
          ];
    return [
      line(
        'lsm',
        'holds',
        `Held by ${name}`,
        'The security module refuses what its profile does not allow, to root as well.',
        `/proc/${pid}/attr/current is ${name}.`,
        source,
      ),
    ];
  }
  const confined = confinedByLsm(container, snapshot);
  if (confined === true) {
    return [
      line(
        'lsm',
        'holds',
        `Held by ${container.lsmProfile}`,
        'The security module refuses what its profile does not allow, to root as well.',
        `The engine says ${container.lsmProfile}; the label of pid ${pid} was not read.`,
        source,
      ),
    ];
  }
  if (confined === false) return [];
  return [
    line(
      'lsm-not-known',
      'unknown',
      'AppArmor or SELinux',
      'Whether a profile holds it is not known.',
      lsms === null
        ? 'The kernel’s security modules were not read, nor the label of its init.'
        : 'The engine tells of no profile, and the label of its init was not read.',
      source,
    ),
  ];
}

function noNewPrivileges({ pid, noNewPrivs }: Process): IsolationLine[] {
  const source =
    'https://docs.docker.com/reference/cli/docker/container/run/#security-opt; CIS Docker Benchmark 1.6.0, 5.26';
  if (noNewPrivs === false) return [];
  if (noNewPrivs === null)
    return [
      line(
        'new-privileges-not-read',
        'unknown',
        'New privileges',
        'Whether programs in it can gain rights is not known.',
        `NoNewPrivs of pid ${pid} could not be read.`,
        source,
      ),
    ];
  return [
    line(
      'no-new-privileges',
      'holds',
      'No new privileges',
      'No program in it can gain rights by the set-user-id bit or file capabilities.',
      `NoNewPrivs of its init (pid ${pid}) is 1.`,
      source,
    ),
  ];
}

function users(
  { pid, uid, namespaces: { user } }: Process,
  { host }: Snapshot,
  detail: DetailOf<'user'> | null,
): IsolationLine[] {
  const source = 'user_namespaces(7); https://docs.docker.com/engine/security/userns-remap/';
  if (user === null || host.initial.user === null) {
    return [
      line(
        'users-not-known',
        'unknown',
        'Users',
        'Whether root inside is root outside is not known.',
        `The user namespace of pid ${pid} could not be read.`,
        source,
      ),
    ];
  }
  if (user === host.initial.user) {
    if (uid === 0) return [];
    return [
      line(
        'user',
        'holds',
        `Runs as uid ${uid}`,
        'It is not root, inside or outside; a set-user-id program may change that.',
        `The effective uid of pid ${pid} is ${uid}, in ${user}.`,
        source,
      ),
    ];
  }
  const root = detail?.uids.find(({ inside, count }) => inside === 0 && count > 0);
  const map = detail?.uids.map(({ inside, outside, count }) => `${inside} ${outside} ${count}`).join('; ');
  if (root?.outside === 0) {
    return [
      line(
        'user-map-to-root',
        'notice',
        'Root inside is root outside, by its map',
        'It has a user namespace of its own, and that gives root the number of root.',
        `/proc/${pid}/uid_map is ${map}.`,
        source,
      ),
    ];
  }
  return [
    line(
      'user-map',
      'holds',
      root === undefined ? 'A user namespace of its own' : `Root inside is uid ${root.outside} outside`,
      detail === null
        ? 'Its root has no rights over what the machine owns. To which user it maps was not read.'
        : 'Its root has no rights over what the machine owns.',
      `pid ${pid} is in ${user}, the machine’s own is ${host.initial.user}${map === undefined ? '' : `; uid_map is ${map}`}.`,
      source,
    ),
  ];
}

function limits(container: Container, detail: DetailOf<'limits'> | null): IsolationLine[] {
  const source = 'https://docs.docker.com/engine/containers/resource_constraints/; cgroups(7)';
  if (detail !== null) {
    const { memory, cpu, tasks, path } = detail;
    const told = [
      memory?.limit.value == null ? null : `memory ${bytesText(memory.limit.value)} (${memory.limit.setBy})`,
      cpu?.limit == null ? null : `${(cpu.limit.quota / cpu.limit.period).toFixed(2)} processors (${cpu.limit.setBy})`,
      tasks?.limit.value == null ? null : `${tasks.limit.value} threads (${tasks.limit.setBy})`,
    ].filter((each) => each !== null);
    const missing = missingLimits(
      {
        memory: memory?.limit.value ?? null,
        cpus: cpu?.limit == null ? null : cpu.limit.quota / cpu.limit.period,
        tasks: tasks?.limit.value ?? null,
      },
      `Neither ${path} nor a cgroup above has one.`,
    );
    const holds =
      told.length === 0
        ? []
        : [
            line(
              'limits',
              'holds',
              'Limits are in force',
              'It cannot take more than these.',
              `${told.join(', ')}.`,
              source,
            ),
          ];
    if (missing === null) return holds;
    const { severity, ...rest } = missing;
    return [{ ...rest, rank: severity }, ...holds];
  }
  if (container.limits === null) {
    return [
      line(
        'limits-not-known',
        'unknown',
        'Limits',
        'What it may use at most is not known.',
        'The engine does not tell, and its cgroup was not read.',
        source,
      ),
    ];
  }
  const { memory, cpus, tasks } = container.limits;
  const told = [
    memory === null ? null : `memory ${bytesText(memory)}`,
    cpus === null ? null : `${cpus} processors`,
    tasks === null ? null : `${tasks} threads`,
  ].filter((each) => each !== null);
  if (told.length === 0) return [];
  return [
    line(
      'limits',
      'holds',
      'Limits are set',
      'It cannot take more than these.',
      `The engine set ${told.join(', ')}; its cgroup was not read.`,
      source,
    ),
  ];
}

export function guards(snapshot: Snapshot, known: Known, container: Container, init: Process): IsolationLine[] {
  const { pid, startTime, namespaces: own } = init;
  const process = known({ type: 'process', pid, startTime });
  const cgroup = known({ type: 'limits', pid, startTime });
  const user = own.user === null ? null : known({ type: 'namespace', id: own.user });
  const mounts = own.mnt === null ? null : known({ type: 'namespace', id: own.mnt });
  const ofProcess = process?.kind === 'process' ? process : null;
  return [
    ...namespaces(init, snapshot),
    capabilities(init),
    ...seccomp(init, container, ofProcess?.seccompFilters ?? null),
    ...lsm(container, init, snapshot, ofProcess),
    ...noNewPrivileges(init),
    ...users(init, snapshot, user?.kind === 'user' ? user : null),
    ...limits(container, cgroup?.kind === 'limits' ? cgroup : null),
    ...(container.devices === null
      ? [
          line(
            'devices-not-known',
            'unknown',
            'Devices',
            'Which devices it was given is not known.',
            'The engine does not tell.',
            'https://docs.docker.com/reference/cli/docker/container/run/#device',
          ),
        ]
      : []),
    ...(mounts === null
      ? [
          line(
            'mounts-not-read',
            'unknown',
            'Where its mounts really lead',
            'Only what the engine calls them is known: a link or another name may lead elsewhere.',
            `The mount table of pid ${pid} was not read.`,
            'proc(5), mountinfo',
          ),
        ]
      : []),
  ];
}
