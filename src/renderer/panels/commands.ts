import { ENTER_OPTION, shellQuote } from '#core/enter/command-line.ts';
import type { GraphSet } from '#core/layout/scene.ts';
import { flagForHost, flagToJoin } from '#core/sharing/flags.ts';
import { HOST, type MemberId, type Sharing } from '#core/sharing/sharing.ts';
import type { NamespaceKind } from '#core/snapshot/namespace.ts';

/** Lists the namespaces of a process; the answer is what the picture is made of. */
export function listCommand(pid: number): string {
  return `sudo ls -l /proc/${pid}/ns`;
}

/** Enters namespaces of a process: those of the kinds, or all. Without a command it starts a shell. */
export function enterCommand(pid: number, kinds: readonly NamespaceKind[] | 'all'): string {
  const options = kinds === 'all' ? ['--all'] : kinds.map((kind) => ENTER_OPTION[kind]);
  return ['sudo nsenter -t', pid, ...options].join(' ');
}

/** Enters a namespace that a bind mount holds, with or without processes in it. */
export function enterPinCommand(path: string, kind: NamespaceKind): string {
  return `sudo nsenter ${shellQuote(`${ENTER_OPTION[kind]}=${path}`)}`;
}

/**
 * The command that starts one more container in all that members share; null where Docker has no flag for any of it.
 * What a container owns is joined through that container.
 */
export function joinCommand(
  set: Pick<GraphSet, 'members' | 'strands'>,
  sharing: Sharing,
  nameOf: (member: MemberId) => string | null,
): string | null {
  const flags: string[] = [];
  for (const { kind, namespace } of set.strands) {
    const causes = sharing.byNamespace.get(namespace)?.causes;
    const owner = set.members.includes(HOST)
      ? HOST
      : (set.members.find((member) => causes?.get(member)?.code === 'owner') ??
        set.members.find((member) => nameOf(member) !== null));
    if (owner === undefined) continue;
    const name = owner === HOST ? null : nameOf(owner);
    const flag = owner === HOST ? flagForHost(kind) : name === null ? null : flagToJoin(kind, name);
    if (flag !== null) flags.push(flag);
  }
  return flags.length === 0 ? null : ['docker run', ...flags.map(shellQuote), 'IMAGE'].join(' ');
}
