import { capabilityNames, isCapabilityMask } from '../snapshot/capabilities.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { commas, or, sentences, t } from '../words/words.ts';
import { findAddedCapabilities } from './added-capabilities.ts';
import { runWithout } from './flags.ts';
import { confinedByLsm, lsmEvidence } from './lsm.ts';
import { findPublished } from './published.ts';
import type { Finding } from './sharing.ts';

/** What a container may do beyond what Docker gives to every one, capabilities and devices, and the guards it is without. */

type Told = Omit<Finding, 'container'>;

const CIS = 'CIS Docker Benchmark 1.6.0';

function ofGuards(container: Container, init: Process, snapshot: Snapshot): Told[] {
  const told: Told[] = [];
  if (container.privileged) return told;
  const has = snapshot.host.lsms?.some((name) => name === 'apparmor' || name === 'selinux');
  // Without such a module in the kernel it is the machine's lack and not the container's.
  if (has === true && confinedByLsm(container, snapshot) === false) {
    told.push({
      code: 'no-lsm',
      severity: 'warning',
      title: t('No AppArmor or SELinux profile'),
      text: t(
        'The machine has such a module, but it does not confine this container: only capabilities still protect mounts, and the files of /proc and /sys that the profile would close.',
      ),
      evidence: sentences(
        lsmEvidence(container, snapshot),
        container.securityOptions.length === 0
          ? t('It has no security options.')
          : t('Its security options are {options}.', { options: commas(container.securityOptions) }),
      ),
      cure: runWithout('--security-opt=apparmor=unconfined --security-opt=label=disable'),
      source: `https://docs.docker.com/engine/security/apparmor/; ${CIS}, 5.2 and 5.3`,
    });
  }
  if (init.noNewPrivs === false) {
    told.push({
      code: 'new-privileges',
      severity: 'notice',
      title: t('May gain privileges'),
      text: t(
        'A program with the set-user-id bit, or with file capabilities, gives its rights to whoever runs it inside.',
      ),
      evidence: t('NoNewPrivs of its main process (pid {pid}) is {value}.', { pid: init.pid, value: 0 }),
      cure: t('Run it with {options}.', { options: '--security-opt=no-new-privileges' }),
      source: `https://docs.docker.com/reference/cli/docker/container/run/#security-opt; ${CIS}, 5.26`,
    });
  }
  return told;
}

const STORAGE = /^\/dev\/(sd|hd|vd|xvd|nvme|mmcblk|dm-|mapper\/|md|loop|disk\/|zd|nbd)/;
const MEMORY = /^\/dev\/(mem|kmem|port|kcore)$/;
/** Made to be given: what they do stays in the namespaces of whoever opens them, or is a card's own. */
const USUAL = /^\/dev\/(fuse|kvm|net\/tun|dri(\/|$)|snd(\/|$)|nvidia|video\d|null$|zero$|u?random$|full$|tty$)/;

function ofDevices({ devices, privileged }: Container): Told[] {
  if (devices === null || devices.length === 0 || privileged) return [];
  const whole = devices.filter(({ source }) => STORAGE.test(source) || MEMORY.test(source) || source === '/dev');
  const others = devices.filter((device) => !whole.includes(device) && !USUAL.test(device.source));
  const usual = devices.filter(({ source }) => USUAL.test(source));
  const tell = (code: string, severity: Told['severity'], list: typeof devices, text: string): Told[] => {
    if (list.length === 0) return [];
    return [
      {
        code,
        severity,
        title: t('Device {devices}', { devices: commas(list.map(({ source }) => source)) }),
        text,
        evidence: t('The engine lists these devices: {devices}.', {
          devices: commas(
            list.map(({ source, destination, access }) =>
              t('{source} at {destination} ({access})', { source, destination, access }),
            ),
          ),
        }),
        cure: runWithout(list.map(({ source }) => `--device=${source}`).join(' ')),
        source: `https://docs.docker.com/reference/cli/docker/container/run/#device; ${CIS}, 5.18`,
      },
    ];
  };
  return [
    ...tell(
      'device-storage',
      'danger',
      whole,
      t(
        'It can read what is stored there, and change it where it may write, past all file permissions: on the machine’s own disk or memory that amounts to root.',
      ),
    ),
    ...tell('device', 'warning', others, t('It speaks to the machine’s hardware past the kernel’s file systems.')),
    ...tell(
      'device-usual',
      'notice',
      usual,
      t('It was given a device of the machine, of a kind that is meant for programs.'),
    ),
  ];
}

/** What is not limited; null where all is. */
export function missingLimits(limits: NonNullable<Container['limits']>, evidence: string): Told | null {
  const missing = [
    ...(limits.memory === null ? [[t('memory'), '--memory', '5.11'] as const] : []),
    ...(limits.cpus === null ? [[t('processors'), '--cpus', '5.12'] as const] : []),
    ...(limits.tasks === null ? [[t('threads'), '--pids-limit', '5.29'] as const] : []),
  ];
  if (missing.length === 0) return null;
  return {
    code: 'no-limits',
    severity: 'notice',
    title: t('No limit on {resources}', { resources: or(missing.map(([name]) => name)) }),
    text: t('It may take all that the machine has of it, and starve what runs beside it.'),
    evidence,
    cure: t('Run it with {options}.', { options: missing.map(([, option]) => option).join(' ') }),
    source: `https://docs.docker.com/engine/containers/resource_constraints/; ${CIS}, ${missing.map(([, , rule]) => rule).join(', ')}`,
  };
}

function ofLimits({ limits }: Container): Told[] {
  const told =
    limits === null ? null : missingLimits(limits, t('The engine set none. A cgroup above may still have a limit.'));
  return told === null ? [] : [told];
}

/** Namespaces that `--uts`, `--cgroupns` and `--userns` leave with the machine. */
function ofNamespaces({ modes }: Container, init: Process, { engine, host }: Snapshot): Told[] {
  const told: Told[] = [];
  const inHost = (kind: 'uts' | 'cgroup' | 'user'): boolean =>
    host.namespaces[kind] !== null && host.namespaces[kind] === init.namespaces[kind];
  const same = (kind: 'uts' | 'cgroup' | 'user'): string =>
    t('pid {pid} is in {namespace}, as the host is.', { pid: init.pid, namespace: init.namespaces[kind] ?? '' });
  if (inHost('uts')) {
    const effective = init.capabilities?.effective ?? '';
    const may = isCapabilityMask(effective) && capabilityNames(effective).includes('SYS_ADMIN');
    told.push({
      code: 'host-uts',
      severity: may ? 'warning' : 'notice',
      title: t('Hostname of the machine'),
      text: may
        ? t('It can change the machine’s hostname.')
        : t('It sees the machine’s hostname; to change it, it would need CAP_SYS_ADMIN.'),
      evidence: same('uts'),
      cure: runWithout('--uts=host'),
      source: `uts_namespaces(7); ${CIS}, 5.21`,
    });
  }
  // With version 1 the machine's is the engine's own choice for all, and no setting of this container.
  if (inHost('cgroup') && modes.cgroup === 'host' && host.cgroupVersion === '2') {
    told.push({
      code: 'host-cgroup',
      severity: 'notice',
      title: t('The machine’s tree of cgroups'),
      text: t(
        'It sees the names of all cgroups in /proc/PID/cgroup, and where its own stands. What it may change depends on how /sys/fs/cgroup is mounted.',
      ),
      evidence: same('cgroup'),
      cure: t('Run it with {options}.', { options: '--cgroupns=private' }),
      source: 'cgroup_namespaces(7)',
    });
  }
  const remaps = engine?.securityOptions.some((option) => option.startsWith('name=userns')) === true;
  if (inHost('user') && remaps && modes.user === 'host') {
    told.push({
      code: 'host-user',
      severity: 'warning',
      title: t('Excluded from the remapping of users'),
      text: t(
        'The engine makes root inside a user without rights outside, but this container is an exception: its root is root outside.',
      ),
      evidence: sentences(same('user'), t('The engine says {setting}.', { setting: 'name=userns' })),
      cure: runWithout('--userns=host'),
      source: `https://docs.docker.com/engine/security/userns-remap/; ${CIS}, 5.31`,
    });
  }
  return told;
}

function ofPropagation({ mounts }: Container): Told[] {
  const shared = mounts.filter(({ propagation }) => propagation === 'shared' || propagation === 'rshared');
  if (shared.length === 0) return [];
  return [
    {
      code: 'mounts-go-out',
      severity: 'warning',
      title: t('Its mounts appear outside'),
      text: t(
        'What it mounts below such a mount, if it may mount at all, also appears on the machine and in every other container that shares it.',
      ),
      evidence: t('The engine lists these mounts: {mounts}.', {
        mounts: commas(
          shared.map(({ source, destination, propagation }) =>
            t('{source} at {destination} ({access})', { source, destination, access: propagation }),
          ),
        ),
      }),
      cure: t('Mount {places} without bind-propagation=shared.', {
        places: commas(shared.map(({ destination }) => destination)),
      }),
      source: `mount_namespaces(7); ${CIS}, 5.20`,
    },
  ];
}

/**
 * What follows from rights, guards and limits of one running container.
 * @param proxies those that carry its ports
 */
export function findRights(
  container: Container,
  init: Process,
  snapshot: Snapshot,
  proxies: readonly Process[],
): Told[] {
  return [
    ...findAddedCapabilities(container, init, snapshot),
    ...ofGuards(container, init, snapshot),
    ...ofDevices(container),
    ...ofNamespaces(container, init, snapshot),
    ...ofPropagation(container),
    ...findPublished(container, proxies),
    ...ofLimits(container),
  ];
}
