import { capabilityNames, isCapabilityMask } from '../snapshot/capabilities.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import type { Finding } from './sharing.ts';

/** What a container may do beyond what Docker gives to every one: capabilities, devices, and the guards it is without. */

type Told = Omit<Finding, 'container'>;

/** Source: https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities */
const DEFAULT_CAPABILITIES = new Set([
  ...['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'NET_BIND_SERVICE'],
  ...['NET_RAW', 'SYS_CHROOT', 'MKNOD', 'AUDIT_WRITE', 'SETFCAP'],
]);

const CAPABILITIES_URL = 'https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities';
const CIS = 'CIS Docker Benchmark 1.6.0';

/** Each of these alone is enough to be root of the machine. */
const AMOUNTS_TO_ROOT: Readonly<Record<string, string>> = {
  SYS_MODULE: 'load code into the kernel',
  SYS_RAWIO: 'reach the machine’s ports and memory past the kernel',
  DAC_READ_SEARCH: 'open any file of a file system that it sees a part of, by handle (open_by_handle_at(2))',
};

/** These reach the whole machine, and not only the container. */
const REACHES_MACHINE: Readonly<Record<string, string>> = {
  BPF: 'load programs into the kernel',
  CHECKPOINT_RESTORE: 'restore processes with chosen numbers',
  MAC_ADMIN: 'change the rules of the security module',
  MAC_OVERRIDE: 'pass over the rules of the security module',
  PERFMON: 'trace the kernel',
  SYSLOG: 'read the kernel’s log',
  SYS_BOOT: 'call reboot(2), and replace the running kernel where seccomp lets it',
  SYS_TIME: 'set the machine’s clock',
};

function inOwnUserNamespace({ namespaces: { user } }: Process, { host }: Snapshot): boolean {
  return user !== null && host.initial.user !== null && user !== host.initial.user;
}

const flags = (names: readonly string[]): string => names.map((name) => `--cap-add=${name}`).join(' ');

/** Whether AppArmor or SELinux holds it, by what the engine and the kernel tell; null where that is not known. */
export function confinedByLsm(container: Container, { host }: Snapshot): boolean | null {
  if (host.lsms === null) return null;
  if (!host.lsms.some((name) => name === 'apparmor' || name === 'selinux')) return false;
  // Each option counts for its own module only: Docker itself says label=disable with --pid=host.
  const free = host.lsms.includes('apparmor') ? /^apparmor[=:]unconfined$/ : /^label[=:]disable$/;
  if (container.securityOptions.some((option) => free.test(option))) return false;
  if (container.lsmProfile === null) return null;
  return container.lsmProfile !== 'unconfined' && !/:spc_t:/.test(container.lsmProfile);
}

function ofCapabilities(container: Container, init: Process, snapshot: Snapshot): Told[] {
  if (container.privileged || init.capabilities === null || !isCapabilityMask(init.capabilities.bounding)) return [];
  const beyond = capabilityNames(init.capabilities.bounding).filter((name) => !DEFAULT_CAPABILITIES.has(name));
  if (beyond.length === 0) return [];
  const evidence = `CapBnd of its init (pid ${init.pid}) is ${init.capabilities.bounding}`;
  const told: Told[] = [];
  const source = `${CAPABILITIES_URL}; capabilities(7); ${CIS}, 5.4`;
  if (inOwnUserNamespace(init, snapshot)) {
    return [
      {
        code: 'cap-added',
        severity: 'notice',
        title: 'Capabilities beyond Docker’s',
        text: `It holds ${beyond.join(', ')} besides those that every container has. They count only over what its own user namespace owns.`,
        evidence: `${evidence}; it is in ${init.namespaces.user}, the machine’s own is ${snapshot.host.initial.user}.`,
        cure: `Run it without ${flags(beyond)}.`,
        source: `${source}; user_namespaces(7)`,
      },
    ];
  }
  const root = beyond.filter((name) => name in AMOUNTS_TO_ROOT);
  if (root.length > 0) {
    told.push({
      code: 'cap-root',
      severity: 'danger',
      title: `CAP_${root.join(', CAP_')}`,
      text: `It may ${root.map((name) => AMOUNTS_TO_ROOT[name]).join(', and ')}: that amounts to root of the machine.`,
      evidence: `${evidence}.`,
      cure: `Run it without ${flags(root)}.`,
      source,
    });
  }
  if (beyond.includes('SYS_ADMIN')) {
    const confined = confinedByLsm(container, snapshot);
    told.push({
      code: 'cap-sys-admin',
      severity: confined === true ? 'warning' : 'danger',
      title: 'CAP_SYS_ADMIN',
      text:
        confined === true
          ? `It may enter namespaces and mount file systems, as far as ${container.lsmProfile} lets it: of what else would keep it apart, most is lifted.`
          : `It may enter namespaces and mount file systems. With a /proc that it mounts itself it can have the machine run any program; ${confined === false ? 'no security module forbids that.' : 'whether a security module forbids that is not known.'}`,
      evidence: `${evidence}. ${lsmEvidence(container, snapshot)}.`,
      cure: 'Run it without --cap-add=SYS_ADMIN.',
      source: `${source}; core(5)`,
    });
  }
  const hostNet = init.namespaces.net !== null && init.namespaces.net === snapshot.host.namespaces.net;
  const machine = beyond.filter((name) => name in REACHES_MACHINE || (name === 'NET_ADMIN' && hostNet));
  if (machine.length > 0) {
    const what = (name: string) => REACHES_MACHINE[name] ?? 'change the machine’s links, routes and firewall';
    told.push({
      code: 'cap-machine',
      severity: 'warning',
      title: `CAP_${machine.join(', CAP_')}`,
      text: `It may ${machine.map(what).join(', and ')}: that is the whole machine’s, not only its own.`,
      evidence: `${evidence}${machine.includes('NET_ADMIN') ? `, and it is in ${init.namespaces.net}, as the host is` : ''}.`,
      cure: `Run it without ${flags(machine)}.`,
      source,
    });
  }
  const others = beyond.filter((name) => name !== 'SYS_ADMIN' && !root.includes(name) && !machine.includes(name));
  if (others.length > 0) {
    told.push({
      code: 'cap-added',
      severity: 'notice',
      title: 'Capabilities beyond Docker’s',
      text: `It holds ${others.join(', ')} besides those that every container has.`,
      evidence: `${evidence}.`,
      cure: `Run it without ${flags(others)}.`,
      source,
    });
  }
  return told;
}

function lsmEvidence({ lsmProfile }: Container, { host }: Snapshot): string {
  const modules =
    host.lsms === null ? 'The kernel’s security modules were not read' : `The kernel has ${host.lsms.join(', ')}`;
  return `${modules}, and the engine ${lsmProfile === null ? 'tells of no profile' : `says ${lsmProfile}`}`;
}

function ofGuards(container: Container, init: Process, snapshot: Snapshot): Told[] {
  const told: Told[] = [];
  if (container.privileged) return told;
  const has = snapshot.host.lsms?.some((name) => name === 'apparmor' || name === 'selinux');
  // Without such a module in the kernel it is the machine's lack and not the container's.
  if (has === true && confinedByLsm(container, snapshot) === false) {
    told.push({
      code: 'no-lsm',
      severity: 'warning',
      title: 'No AppArmor or SELinux profile',
      text: 'The machine has such a module, and it does not hold this container: files of /proc and /sys that the profile would close, and mounts, are left to capabilities alone.',
      evidence: `${lsmEvidence(container, snapshot)}; its options are ${container.securityOptions.join(', ') || 'none'}.`,
      cure: 'Run it without --security-opt=apparmor=unconfined and --security-opt=label=disable.',
      source: `https://docs.docker.com/engine/security/apparmor/; ${CIS}, 5.2 and 5.3`,
    });
  }
  if (init.noNewPrivs === false) {
    told.push({
      code: 'new-privileges',
      severity: 'notice',
      title: 'May gain privileges',
      text: 'A program with the set-user-id bit, or with file capabilities, gives its rights to whoever runs it inside.',
      evidence: `NoNewPrivs of its init (pid ${init.pid}) is 0.`,
      cure: 'Run it with --security-opt=no-new-privileges.',
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
        title: `Device ${list.map(({ source }) => source).join(', ')}`,
        text,
        evidence: `The engine tells of ${list.map(({ source, destination, access }) => `${source} at ${destination} (${access})`).join(', ')}.`,
        cure: `Run it without ${list.map(({ source }) => `--device=${source}`).join(' ')}.`,
        source: `https://docs.docker.com/reference/cli/docker/container/run/#device; ${CIS}, 5.18`,
      },
    ];
  };
  return [
    ...tell(
      'device-storage',
      'danger',
      whole,
      'It reads, and as far as it may write changes, what is stored there past every permission of the files: on the machine’s own disk or memory that amounts to root.',
    ),
    ...tell('device', 'warning', others, 'It speaks to the machine’s hardware past the kernel’s file systems.'),
    ...tell(
      'device-usual',
      'notice',
      usual,
      'It was given a device of the machine; such a one is made to be used by programs.',
    ),
  ];
}

/** What is not limited; null where all is. */
export function missingLimits(limits: NonNullable<Container['limits']>, evidence: string): Told | null {
  const missing = [
    ...(limits.memory === null ? [['memory', '--memory', '5.11'] as const] : []),
    ...(limits.cpus === null ? [['processors', '--cpus', '5.12'] as const] : []),
    ...(limits.tasks === null ? [['threads', '--pids-limit', '5.29'] as const] : []),
  ];
  if (missing.length === 0) return null;
  const list = (at: 0 | 1 | 2): string => missing.map((each) => each[at]).join(', ');
  return {
    code: 'no-limits',
    severity: 'notice',
    title: `No limit of ${list(0)}`,
    text: 'It may take all of it that the machine has, and starve what runs beside it.',
    evidence,
    cure: `Run it with ${list(1)}.`,
    source: `https://docs.docker.com/engine/containers/resource_constraints/; ${CIS}, ${list(2)}`,
  };
}

function ofLimits({ limits }: Container): Told[] {
  const told =
    limits === null
      ? null
      : missingLimits(limits, 'The engine set none. A cgroup above may have a limit all the same.');
  return told === null ? [] : [told];
}

function ofPorts({ ports, modes }: Container, { processes }: Snapshot): Told[] {
  // With the machine's own network nothing is published.
  if (modes.net === 'host') return [];
  const wide = ports.filter(
    ({ hostIp, hostPort }) => hostPort !== null && (hostIp === '0.0.0.0' || hostIp === '::' || hostIp === ''),
  );
  if (wide.length === 0) return [];
  const published = [...new Set(wide.map(({ hostPort, protocol }) => `${hostPort}/${protocol}`))];
  const proxied = processes.filter(
    ({ argv, container }) =>
      container === null &&
      argv[0]?.endsWith('docker-proxy') === true &&
      wide.some(({ hostPort }) => argv.includes(String(hostPort))),
  );
  return [
    {
      code: 'published-everywhere',
      severity: 'notice',
      title: `Published on every address: ${published.join(', ')}`,
      text: 'Other machines reach it, past ufw and its like: Docker’s rules are asked before theirs. What comes by docker-proxy bears the bridge’s address inside, so rules there that go by the sender do not hold.',
      evidence: `The engine tells of ${wide.map(({ hostIp, hostPort, containerPort }) => `${hostIp}:${hostPort} to ${containerPort}`).join(', ')}${proxied.length === 0 ? '' : `; docker-proxy for it is pid ${proxied.map(({ pid }) => pid).join(', ')}`}.`,
      cure: 'Publish it on one address: -p 127.0.0.1:PORT:PORT.',
      source: `https://docs.docker.com/engine/network/packet-filtering-firewalls/#docker-and-ufw; ${CIS}, 5.14`,
    },
  ];
}

/** Namespaces that `--uts`, `--cgroupns` and `--userns` leave with the machine. */
function ofNamespaces({ modes }: Container, init: Process, { engine, host }: Snapshot): Told[] {
  const told: Told[] = [];
  const inHost = (kind: 'uts' | 'cgroup' | 'user'): boolean =>
    host.namespaces[kind] !== null && host.namespaces[kind] === init.namespaces[kind];
  const same = (kind: 'uts' | 'cgroup' | 'user') => `pid ${init.pid} is in ${init.namespaces[kind]}, as the host is`;
  if (inHost('uts')) {
    const effective = init.capabilities?.effective ?? '';
    const may = isCapabilityMask(effective) && capabilityNames(effective).includes('SYS_ADMIN');
    told.push({
      code: 'host-uts',
      severity: may ? 'warning' : 'notice',
      title: 'Host name of the machine',
      text: may
        ? 'It can change the machine’s host name.'
        : 'It sees the machine’s host name; to change it, it would need CAP_SYS_ADMIN.',
      evidence: `${same('uts')}.`,
      cure: 'Run it without --uts=host.',
      source: `uts_namespaces(7); ${CIS}, 5.21`,
    });
  }
  // With version 1 the machine's is the engine's own choice for all, and no setting of this container.
  if (inHost('cgroup') && modes.cgroup === 'host' && host.cgroupVersion === '2') {
    told.push({
      code: 'host-cgroup',
      severity: 'notice',
      title: 'The machine’s tree of cgroups',
      text: 'It sees the names of all cgroups in /proc/PID/cgroup, and where its own stands. What it may change is decided by how /sys/fs/cgroup is mounted.',
      evidence: `${same('cgroup')}.`,
      cure: 'Run it with --cgroupns=private.',
      source: 'cgroup_namespaces(7)',
    });
  }
  const remaps = engine?.securityOptions.some((option) => option.startsWith('name=userns')) === true;
  if (inHost('user') && remaps && modes.user === 'host') {
    told.push({
      code: 'host-user',
      severity: 'warning',
      title: 'Left out of the remapping of users',
      text: 'The engine makes root inside a powerless user outside, and this container is the exception: its root is root outside.',
      evidence: `${same('user')}; the engine says name=userns.`,
      cure: 'Run it without --userns=host.',
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
      title: 'Its mounts appear outside',
      text: 'What it mounts below there, if it may mount, is seen by the machine and by all others that share the place.',
      evidence: `The engine tells of ${shared.map(({ source, destination, propagation }) => `${source} at ${destination}, ${propagation}`).join('; ')}.`,
      cure: `Mount ${shared.map(({ destination }) => destination).join(', ')} without bind-propagation=shared.`,
      source: `mount_namespaces(7); ${CIS}, 5.20`,
    },
  ];
}

/** What follows from rights, guards and limits of one running container. */
export function findRights(container: Container, init: Process, snapshot: Snapshot): Told[] {
  return [
    ...ofCapabilities(container, init, snapshot),
    ...ofGuards(container, init, snapshot),
    ...ofDevices(container),
    ...ofNamespaces(container, init, snapshot),
    ...ofPropagation(container),
    ...ofPorts(container, snapshot),
    ...ofLimits(container),
  ];
}
