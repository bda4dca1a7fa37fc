import { t } from '../words/words.ts';
import type { Engine, Host } from './snapshot.ts';

/** What the Linux below the containers is, and how that is known. */
export interface HostKind {
  readonly role: Host['role'];
  /** In a few words, without an article's capital: `the VM of Docker Desktop`. */
  readonly what: string;
  readonly because: string;
}

export interface HostFacts {
  readonly engine: Engine | null;
  readonly kernel: string;
  /** The probe is not in the kernel's initial pid namespace. */
  readonly nested: boolean;
  /** The app runs on this very kernel; null where that is not known. */
  readonly here: boolean | null;
  /** What the firmware calls the machine. */
  readonly vendor: string | null;
  readonly product: string | null;
}

const PRODUCTS: Readonly<Partial<Record<Engine['kind'], string>>> = {
  'docker-desktop': 'Docker Desktop',
  colima: 'Colima',
  lima: 'Lima',
  'rancher-desktop': 'Rancher Desktop',
};

/** Makers of virtual machines, as their firmware says it (SMBIOS type 1); null for a cloud. */
const HYPERVISORS: readonly (readonly [RegExp, string | null])[] = [
  [/QEMU/i, 'QEMU'],
  [/KVM/i, 'KVM'],
  [/VMware/i, 'VMware'],
  [/VirtualBox|innotek/i, 'VirtualBox'],
  [/Microsoft.*Virtual|Virtual.*Microsoft/i, 'Hyper-V'],
  [/Xen/i, 'Xen'],
  [/Parallels/i, 'Parallels'],
  [/Apple.*Virtual/i, 'Apple Virtualization'],
  [/Amazon EC2/i, 'Amazon EC2'],
  [/Google Compute/i, 'Google Compute Engine'],
  [/DigitalOcean|Hetzner|OpenStack/i, null],
];

/** Says truthfully what "the host" is. Sources: engine answers, kernel names, SMBIOS. */
export function hostKind({ engine, kernel, nested, here, vendor, product }: HostFacts): HostKind {
  if (engine?.rootless === true) {
    return {
      role: 'linux',
      what: t('a rootless engine’s user namespace'),
      because: t('The engine says that it runs without root: its host is a user namespace of its owner.'),
    };
  }
  if (kernel.includes('-microsoft-standard-WSL2')) {
    return {
      role: 'distro',
      what: t('a WSL 2 distribution'),
      because: t('The kernel is {kernel}; each distribution has a pid namespace of its own, and this is one.', {
        kernel,
      }),
    };
  }
  if (engine?.kind === 'orbstack') {
    return {
      role: 'machine',
      what: t('an OrbStack machine'),
      because: t('The engine calls itself OrbStack, whose machines share one kernel.'),
    };
  }
  const name = engine === null ? undefined : PRODUCTS[engine.kind];
  if (name !== undefined) {
    return {
      role: nested ? 'distro' : 'vm',
      what: nested ? t('a machine of {name}', { name }) : t('the VM of {name}', { name }),
      because: nested
        ? t('The engine calls itself {name}, and the probe is not in the kernel’s initial pid namespace.', { name })
        : t('The engine calls itself {name}; the kernel is {kernel}.', { name, kernel }),
    };
  }
  if (here === true) {
    return { role: 'linux', what: t('this Linux'), because: t('Bulkhead runs on the same boot of the same kernel.') };
  }
  const firmware = [vendor, product].filter((text) => text !== null).join(' ');
  const hypervisor = HYPERVISORS.find(([pattern]) => pattern.test(firmware))?.[1];
  if (hypervisor !== undefined) {
    return {
      role: 'vm',
      what: hypervisor === null ? t('a VM in a cloud') : t('a VM ({hypervisor})', { hypervisor }),
      because: t('Its firmware says "{firmware}", and it is not the kernel that Bulkhead runs on.', { firmware }),
    };
  }
  if (nested) {
    return {
      role: 'unknown',
      what: t('a Linux in a container'),
      because: t('The probe is not in the kernel’s initial pid namespace.'),
    };
  }
  if (here === false) {
    return { role: 'linux', what: t('another Linux'), because: t('It is not the kernel that Bulkhead runs on.') };
  }
  return { role: 'linux', what: t('a Linux'), because: t('Nothing says that it is more than that.') };
}
