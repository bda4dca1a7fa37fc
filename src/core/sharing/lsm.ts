import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { commas, sentences, t } from '../words/words.ts';

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

/** What the kernel and the engine tell of it. */
export function lsmEvidence({ lsmProfile }: Container, { host }: Snapshot): string {
  const modules =
    host.lsms === null
      ? t('The kernel’s security modules were not read.')
      : host.lsms.length === 0
        ? t('The kernel has no security modules.')
        : t('The kernel’s security modules are {modules}.', { modules: commas(host.lsms) });
  const profile =
    lsmProfile === null
      ? t('The engine names no profile.')
      : t('The engine names the profile {profile}.', { profile: lsmProfile });
  return sentences(modules, profile);
}
