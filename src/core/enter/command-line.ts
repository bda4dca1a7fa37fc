import { NAMESPACE_KINDS, type NamespaceKind } from '../snapshot/namespace.ts';
import type { Container } from '../snapshot/snapshot.ts';

/** The long option of nsenter(1) for each kind. */
export const ENTER_OPTION: Readonly<Record<NamespaceKind, string>> = {
  mnt: '--mount',
  pid: '--pid',
  net: '--net',
  ipc: '--ipc',
  uts: '--uts',
  user: '--user',
  cgroup: '--cgroup',
  time: '--time',
};

/** A word for a POSIX shell: quoted where it holds anything that a shell acts on. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** How commands name a container: by its name where that is one of Docker's, else by its id. */
export function commandName(container: Container): string {
  return /^[a-zA-Z0-9][\w.-]*$/.test(container.name) ? container.name : container.id.slice(0, 12);
}

/** What is joined, and as whom. */
export interface EnterChoice {
  readonly pid: number;
  readonly namespaces: readonly NamespaceKind[];
  /** The target's root directory. */
  readonly root: boolean;
  readonly user: 'root' | 'target';
  /** Empty for a shell. */
  readonly command: readonly string[];
}

/** The nsenter(1) command that does the same as root of the VM. */
export function enterCommandLine({ pid, namespaces, root, user, command }: EnterChoice): string {
  const kinds = NAMESPACE_KINDS.filter((kind) => namespaces.includes(kind)).map((kind) => ENTER_OPTION[kind]);
  const words = ['nsenter', '--target', String(pid), ...kinds, ...(root ? ['--root'] : [])];
  if (user === 'target') {
    // nsenter has no option for the target's own ids.
    words.push(`--setuid "$(stat -c %u /proc/${pid})" --setgid "$(stat -c %g /proc/${pid})"`);
  }
  return [...words, ...(command.length === 0 ? ['sh'] : command.map(shellQuote))].join(' ');
}
