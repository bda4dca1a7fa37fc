import type { DetailOf } from '../detail/detail.ts';
import { confinedByLsm } from '../sharing/lsm.ts';
import { CAPABILITY_COUNT, capabilityNames, isCapabilityMask } from '../snapshot/capabilities.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { commas, sentences, t } from '../words/words.ts';
import { type IsolationLine, type Known, line } from './isolation-card.ts';
import { limits } from './isolation-limits.ts';

/** What keeps a container apart, and what of that could not be read: nothing of it is a finding. */

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
            t('Not in the machine’s {kinds}', { kinds: commas(apart) }),
            t('It does not see what is in these namespaces of the machine.'),
            t('/proc/{pid}/ns has {namespaces}; the host has others.', {
              pid,
              namespaces: commas(apart.map((kind) => own[kind] ?? '')),
            }),
            'namespaces(7)',
          ),
        ];
  if (unread.length === 0) return told;
  return [
    ...told,
    line(
      'namespaces-not-read',
      'unknown',
      t('Its {kinds} could not be read', { kinds: commas(unread) }),
      t('Whether it shares these with the machine is not known.'),
      t('{path} could not be read.', { path: `/proc/${pid}/ns` }),
      'namespaces(7)',
    ),
  ];
}

function capabilities({ pid, capabilities: own }: Process): IsolationLine {
  if (own === null || !isCapabilityMask(own.bounding)) {
    return line(
      'capabilities-not-read',
      'unknown',
      t('Capabilities'),
      t('They could not be read.'),
      t('{path} could not be read.', { path: `/proc/${pid}/status` }),
      'capabilities(7)',
    );
  }
  const names = capabilityNames(own.bounding);
  const withheld = Math.max(0, CAPABILITY_COUNT - names.length);
  return line(
    'capabilities',
    'holds',
    withheld === 0
      ? t('No capability is withheld')
      : t('{count, plural, one {# capability is withheld} other {# capabilities are withheld}}', { count: withheld }),
    names.length === 0
      ? t('It has none, and no program in it can get one.')
      : withheld === 0
        ? t('It can have all of them.')
        : t('It can have {capabilities}.', { capabilities: commas(names) }),
    t('CapBnd of its main process (pid {pid}) is {bounding}, CapEff is {effective}.', {
      pid,
      bounding: own.bounding,
      effective: own.effective,
    }),
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
        t('Whether system calls are filtered is not known.'),
        t('{field} of pid {pid} could not be read.', { field: 'Seccomp', pid }),
        source,
      ),
    ];
  }
  if (mode === 0) return [];
  const own = securityOptions.find((option) => /^seccomp[=:]/.test(option));
  return [
    line(
      'seccomp',
      'holds',
      t('System calls are filtered'),
      sentences(
        own === undefined
          ? t('By the engine’s default profile, as the engine says.')
          : t('By a profile of its own, as the engine says.'),
        t('The kernel says that there is a filter, but not what it lets through.'),
      ),
      filters === null
        ? t('Seccomp of its main process (pid {pid}) is {mode}.', { pid, mode })
        : t(
            'Seccomp of its main process (pid {pid}) is {mode}, with {count, plural, one {# filter} other {# filters}}.',
            { pid, mode, count: filters },
          ),
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
  if (lsms !== null && has === false) {
    return [
      line(
        'no-lsm-in-kernel',
        'notice',
        t('The machine has no AppArmor or SELinux'),
        t('No such module confines any container here.'),
        lsms.length === 0
          ? t('The kernel has no security modules.')
          : t('The kernel’s security modules are {modules}.', { modules: commas(lsms) }),
        source,
      ),
    ];
  }
  const holding = (profile: string, evidence: string): IsolationLine =>
    line(
      'lsm',
      'holds',
      t('Confined by {profile}', { profile }),
      t('The security module refuses what its profile does not allow, even to root.'),
      evidence,
      source,
    );
  const label = process?.label ?? null;
  if (label !== null) {
    const free = /^unconfined\b|:(spc_t|unconfined_t):/.test(label);
    const name = label.trim();
    const evidence = t('{path} is {value}.', { path: `/proc/${pid}/attr/current`, value: name });
    if (!free) return [holding(name, evidence)];
    // What the kernel says counts; where the engine says it too, it is a finding already.
    return confinedByLsm(container, snapshot) === false || container.privileged
      ? []
      : [
          line(
            'lsm-unconfined',
            'notice',
            t('Its security label does not confine it'),
            t('No profile is in force for it.'),
            evidence,
            source,
          ),
        ];
  }
  const confined = confinedByLsm(container, snapshot);
  if (confined === true) {
    const profile = container.lsmProfile ?? '';
    return [
      holding(
        profile,
        sentences(
          t('The engine names the profile {profile}.', { profile }),
          t('The security label of pid {pid} was not read.', { pid }),
        ),
      ),
    ];
  }
  if (confined === false) return [];
  return [
    line(
      'lsm-not-known',
      'unknown',
      t('AppArmor or SELinux'),
      t('Whether a profile confines it is not known.'),
      sentences(
        lsms === null ? t('The kernel’s security modules were not read.') : t('The engine names no profile.'),
        t('The security label of pid {pid} was not read.', { pid }),
      ),
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
        t('New privileges'),
        t('Whether programs in it can gain privileges is not known.'),
        t('{field} of pid {pid} could not be read.', { field: 'NoNewPrivs', pid }),
        source,
      ),
    ];
  return [
    line(
      'no-new-privileges',
      'holds',
      t('No new privileges'),
      t('No program in it can gain privileges by the set-user-id bit or file capabilities.'),
      t('NoNewPrivs of its main process (pid {pid}) is {value}.', { pid, value: 1 }),
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
        t('Users'),
        t('Whether root inside is root outside is not known.'),
        t('The user namespace of pid {pid} could not be read.', { pid }),
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
        t('Runs as uid {uid}', { uid }),
        t('It is root neither inside nor outside; a set-user-id program may change that.'),
        t('The effective uid of pid {pid} is {uid}, in {namespace}.', { pid, uid, namespace: user }),
        source,
      ),
    ];
  }
  const root = detail?.uids.find(({ inside, count }) => inside === 0 && count > 0);
  const map = detail?.uids.map(({ inside, outside, count }) => `${inside} ${outside} ${count}`).join('; ');
  const mapEvidence = map === undefined ? null : t('{path} is {value}.', { path: `/proc/${pid}/uid_map`, value: map });
  if (root?.outside === 0) {
    return [
      line(
        'user-map-to-root',
        'notice',
        t('Root inside is root outside, by its map'),
        t('It has a user namespace of its own, but its map makes root inside root outside.'),
        mapEvidence ?? '',
        source,
      ),
    ];
  }
  return [
    line(
      'user-map',
      'holds',
      root === undefined
        ? t('A user namespace of its own')
        : t('Root inside is uid {uid} outside', { uid: root.outside }),
      sentences(
        t('Its root has no rights over what the machine owns.'),
        detail === null ? t('Which user it maps to was not read.') : null,
      ),
      sentences(
        t('pid {pid} is in {namespace}, the machine’s own is {initial}.', {
          pid,
          namespace: user,
          initial: host.initial.user,
        }),
        mapEvidence,
      ),
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
            t('Devices'),
            t('Which devices it was given is not known.'),
            t('The engine does not tell.'),
            'https://docs.docker.com/reference/cli/docker/container/run/#device',
          ),
        ]
      : []),
    ...(mounts === null
      ? [
          line(
            'mounts-not-read',
            'unknown',
            t('Where its mounts really lead'),
            t('Only the engine’s names for them are known: a link or another name may lead elsewhere.'),
            t('The mount table of pid {pid} was not read.', { pid }),
            'proc(5), mountinfo',
          ),
        ]
      : []),
  ];
}
