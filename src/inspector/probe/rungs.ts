import type { Capability } from '#api/helper.ts';
import type { Engine } from '#core/snapshot/snapshot.ts';
import type { HelperSpec } from '../engine/start-helper.ts';

/** What every helper has: the VM's processes and cgroups, no log that would grow on the engine's disk, no trace left. */
const COMMON: HelperSpec['hostConfig'] = {
  PidMode: 'host',
  CgroupnsMode: 'host',
  ReadonlyRootfs: true,
  AutoRemove: true,
  LogConfig: { Type: 'none', Config: {} },
};

function leastPrivilege(
  engine: Engine,
  capabilities: readonly Capability[],
  extra: HelperSpec['hostConfig'],
): HelperSpec['hostConfig'] {
  const appArmor = engine.securityOptions.some((option) => option.startsWith('name=apparmor'));
  return {
    ...COMMON,
    NetworkMode: 'none',
    CapDrop: ['ALL'],
    CapAdd: capabilities.map(({ name }) => name),
    // docker-default forbids reading the namespace links of processes that are not confined by it.
    SecurityOpt: ['no-new-privileges', ...(appArmor ? ['apparmor=unconfined'] : [])],
    ...extra,
  };
}

/** One way to configure a helper. The first of a ladder is tried first; another only for a refusal that it cures. */
export interface Rung {
  readonly name: 'least' | 'host-user-namespace' | 'privileged' | 'capabilities' | 'confined-capabilities';
  readonly config: HelperSpec['hostConfig'];
  /** The refusals, in the engine's words, after which this one may be accepted; null for the first. */
  readonly cures: RegExp | null;
}

/** Refusals of rights, by the engine, its runtime, the kernel or a security module. */
const RIGHTS =
  /oci runtime|not permitted|permission denied|not allowed|apparmor|selinux|seccomp|capabilit|user ?namespace|privilege/i;

/**
 * For a helper that looks and changes nothing. The last is privileged: it is taken only when the user has agreed.
 */
export function readingRungs(engine: Engine, capabilities: readonly Capability[]): readonly Rung[] {
  return [
    { name: 'least', config: leastPrivilege(engine, capabilities, {}), cures: null },
    {
      name: 'host-user-namespace',
      config: leastPrivilege(engine, capabilities, { UsernsMode: 'host' }),
      cures: /user ?namespace|userns/i,
    },
    {
      name: 'privileged',
      config: { ...COMMON, NetworkMode: 'none', UsernsMode: 'host', Privileged: true },
      cures: RIGHTS,
    },
  ];
}

/** What a root shell needs where `--privileged` is refused: the most that a container can be given by name. */
const SHELL_CAPABILITIES = ['SYS_ADMIN', 'SYS_PTRACE', 'SYS_CHROOT', 'NET_ADMIN', 'DAC_READ_SEARCH', 'SYSLOG'];

/**
 * For a helper that is root in the VM, for shells: everything that is not joined is the VM's own. Whoever opens such a
 * shell has agreed to full privilege, so the rungs lead down.
 */
export function shellRungs(): readonly Rung[] {
  const common = { ...COMMON, NetworkMode: 'host', IpcMode: 'host', UTSMode: 'host', UsernsMode: 'host' };
  return [
    { name: 'privileged', config: { ...common, Privileged: true }, cures: null },
    {
      name: 'capabilities',
      config: {
        ...common,
        CapAdd: SHELL_CAPABILITIES,
        SecurityOpt: ['apparmor=unconfined', 'seccomp=unconfined'],
      },
      cures: /./,
    },
    { name: 'confined-capabilities', config: { ...common, CapAdd: SHELL_CAPABILITIES }, cures: /./ },
  ];
}
