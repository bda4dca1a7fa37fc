import { capabilityNames, isCapabilityMask } from '../snapshot/capabilities.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { commas, type PlainMessage, sentences, t } from '../words/words.ts';
import { runWithout } from './flags.ts';
import { confinedByLsm, lsmEvidence } from './lsm.ts';
import type { Finding } from './sharing.ts';

/** What follows from the capabilities that a container has beyond those that Docker gives to every one. */

type Told = Omit<Finding, 'container'>;

/** Source: https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities */
const DEFAULT_CAPABILITIES = new Set([
  ...['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'NET_BIND_SERVICE'],
  ...['NET_RAW', 'SYS_CHROOT', 'MKNOD', 'AUDIT_WRITE', 'SETFCAP'],
]);

const CAPABILITIES_URL = 'https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities';
const CIS = 'CIS Docker Benchmark 1.6.0';

/** Each of these alone is enough to be root of the machine. */
const AMOUNTS_TO_ROOT: Readonly<Record<string, PlainMessage>> = {
  SYS_MODULE: 'SYS_MODULE lets it load code into the kernel.',
  SYS_RAWIO: 'SYS_RAWIO lets it reach the machine’s I/O ports and memory past the kernel.',
  DAC_READ_SEARCH:
    'DAC_READ_SEARCH lets it open any file of a file system of which it sees a part, by handle (open_by_handle_at(2)).',
};

/** These reach the whole machine, and not only the container. */
const REACHES_MACHINE: Readonly<Record<string, PlainMessage>> = {
  BPF: 'BPF lets it load programs into the kernel.',
  CHECKPOINT_RESTORE: 'CHECKPOINT_RESTORE lets it restore processes with chosen pids.',
  MAC_ADMIN: 'MAC_ADMIN lets it change the rules of the security module.',
  MAC_OVERRIDE: 'MAC_OVERRIDE lets it pass over the rules of the security module.',
  PERFMON: 'PERFMON lets it trace the kernel.',
  SYSLOG: 'SYSLOG lets it read the kernel’s log.',
  SYS_BOOT: 'SYS_BOOT lets it call reboot(2), and replace the running kernel where seccomp allows it.',
  SYS_TIME: 'SYS_TIME lets it set the machine’s clock.',
};

function inOwnUserNamespace({ namespaces: { user } }: Process, { host }: Snapshot): boolean {
  return user !== null && host.initial.user !== null && user !== host.initial.user;
}

const flags = (names: readonly string[]): string => names.map((name) => `--cap-add=${name}`).join(' ');
const capabilityTitle = (names: readonly string[]): string => commas(names.map((name) => `CAP_${name}`));
const said = (message: PlainMessage | undefined): string | null => (message === undefined ? null : t(message));

export function findAddedCapabilities(container: Container, init: Process, snapshot: Snapshot): Told[] {
  if (container.privileged || init.capabilities === null || !isCapabilityMask(init.capabilities.bounding)) return [];
  const beyond = capabilityNames(init.capabilities.bounding).filter((name) => !DEFAULT_CAPABILITIES.has(name));
  if (beyond.length === 0) return [];
  const evidence = t('CapBnd of its main process (pid {pid}) is {mask}.', {
    pid: init.pid,
    mask: init.capabilities.bounding,
  });
  const told: Told[] = [];
  const source = `${CAPABILITIES_URL}; capabilities(7); ${CIS}, 5.4`;
  const added = (names: readonly string[]): string =>
    t('It has {capabilities} besides those that every container has.', { capabilities: commas(names) });
  if (inOwnUserNamespace(init, snapshot)) {
    return [
      {
        code: 'cap-added',
        severity: 'notice',
        title: t('Capabilities beyond Docker’s default'),
        text: sentences(added(beyond), t('They count only over what its own user namespace owns.')),
        evidence: sentences(
          evidence,
          t('It is in {namespace}, the machine’s own is {initial}.', {
            namespace: init.namespaces.user ?? '',
            initial: snapshot.host.initial.user ?? '',
          }),
        ),
        cure: runWithout(flags(beyond)),
        source: `${source}; user_namespaces(7)`,
      },
    ];
  }
  const root = beyond.filter((name) => name in AMOUNTS_TO_ROOT);
  if (root.length > 0) {
    told.push({
      code: 'cap-root',
      severity: 'danger',
      title: capabilityTitle(root),
      text: sentences(...root.map((name) => said(AMOUNTS_TO_ROOT[name])), t('That amounts to root of the machine.')),
      evidence,
      cure: runWithout(flags(root)),
      source,
    });
  }
  if (beyond.includes('SYS_ADMIN')) {
    const confined = confinedByLsm(container, snapshot);
    told.push({
      code: 'cap-sys-admin',
      severity: confined === true ? 'warning' : 'danger',
      title: 'CAP_SYS_ADMIN',
      text: sysAdminText(container, confined),
      evidence: sentences(evidence, lsmEvidence(container, snapshot)),
      cure: runWithout('--cap-add=SYS_ADMIN'),
      source: `${source}; core(5)`,
    });
  }
  const hostNet = init.namespaces.net !== null && init.namespaces.net === snapshot.host.namespaces.net;
  const machine = beyond.filter((name) => name in REACHES_MACHINE || (name === 'NET_ADMIN' && hostNet));
  if (machine.length > 0) {
    const what = (name: string): string | null =>
      name === 'NET_ADMIN'
        ? t('NET_ADMIN lets it change the machine’s network interfaces, routes and firewall.')
        : said(REACHES_MACHINE[name]);
    told.push({
      code: 'cap-machine',
      severity: 'warning',
      title: capabilityTitle(machine),
      text: sentences(...machine.map(what), t('That concerns the whole machine, not only the container.')),
      evidence: sentences(
        evidence,
        machine.includes('NET_ADMIN')
          ? t('pid {pid} is in {namespace}, as the host is.', { pid: init.pid, namespace: init.namespaces.net ?? '' })
          : null,
      ),
      cure: runWithout(flags(machine)),
      source,
    });
  }
  const others = beyond.filter((name) => name !== 'SYS_ADMIN' && !root.includes(name) && !machine.includes(name));
  if (others.length > 0) {
    told.push({
      code: 'cap-added',
      severity: 'notice',
      title: t('Capabilities beyond Docker’s default'),
      text: added(others),
      evidence,
      cure: runWithout(flags(others)),
      source,
    });
  }
  return told;
}

function sysAdminText({ lsmProfile }: Container, confined: boolean | null): string {
  if (confined === true) {
    return t(
      'It may enter namespaces and mount file systems, as far as {profile} lets it. Most of what else would keep it apart is lifted.',
      { profile: lsmProfile ?? '' },
    );
  }
  return sentences(
    t(
      'It may enter namespaces and mount file systems. With a /proc that it mounts itself it can have the machine run any program.',
    ),
    confined === false
      ? t('No security module forbids that.')
      : t('Whether a security module forbids that is not known.'),
  );
}
