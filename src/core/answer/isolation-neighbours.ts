import type { createMemberNames } from '../sharing/describe.ts';
import { containerProcesses } from '../sharing/members.ts';
import { HOST, type Sharing } from '../sharing/sharing.ts';
import { isCapabilityMask } from '../snapshot/capabilities.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { commas, t } from '../words/words.ts';
import type { IsolationCard, IsolationLine } from './isolation-card.ts';

/** Kinds through which one container reaches another that is in the same namespace. */
const KINDS = ['pid', 'net', 'ipc'] as const;
type Kind = (typeof KINDS)[number];

/** Whether ptrace(2) would let one look into the other: same user and user namespace, and at least its capabilities. */
function mayLookInto(one: Process, other: Process): boolean {
  if (one.capabilities === null || other.capabilities === null) return false;
  if (![one, other].every(({ capabilities }) => isCapabilityMask(capabilities?.permitted ?? ''))) return false;
  if (one.uid !== other.uid || one.namespaces.user !== other.namespaces.user) return false;
  const [mine, theirs] = [one, other].map(({ capabilities }) => BigInt(`0x${capabilities?.permitted}`)) as [
    bigint,
    bigint,
  ];
  return (theirs & ~mine) === 0n;
}

function words(kind: Kind, one: Process, other: Process, name: string, can: string) {
  const rank = 'warning' as const;
  switch (kind) {
    case 'pid':
      return mayLookInto(one, other)
        ? {
            rank: 'danger' as const,
            text: t(
              'Through /proc/PID/root it enters the files of {name}, and so can do all that {name} can: {findings}.',
              { name, findings: can },
            ),
          }
        : {
            rank,
            text: t(
              'It sees the processes of {name}, and may signal those of the same user. {name} can do more than it can: {findings}.',
              { name, findings: can },
            ),
          };
    case 'net':
      return {
        rank,
        text: t(
          'It reaches what {name} serves on its loopback address, and may take its ports when they are free. {name} can do more than it can: {findings}.',
          { name, findings: can },
        ),
      };
    case 'ipc':
      return {
        rank,
        text: t(
          'It may read and write the shared memory of {name}, as far as users allow. {name} can do more than it can: {findings}.',
          { name, findings: can },
        ),
      };
  }
}

/** A container whose lock is another's open door: it shares a namespace with one that amounts to root. */
export function neighbours(
  snapshot: Snapshot,
  sharing: Sharing,
  cards: readonly IsolationCard[],
  names: ReturnType<typeof createMemberNames>,
): Map<string, IsolationLine[]> {
  const running = containerProcesses(snapshot);
  const dangerous = new Map(
    cards.flatMap(({ id, rank, lines }) =>
      rank === 'danger' ? [[id, lines.filter((line) => line.rank === 'danger')] as const] : [],
    ),
  );
  const found = new Map<string, IsolationLine[]>();
  for (const shared of sharing.byNamespace.values()) {
    const kind = KINDS.find((each) => each === shared.kind);
    // With the host in it, the host is the more trusted one, and that is told already.
    if (kind === undefined || shared.members.includes(HOST)) continue;
    for (const id of shared.members) {
      const one = running.get(id)?.init;
      if (one === undefined || dangerous.has(id)) continue;
      for (const other of shared.members) {
        const [lines, init] = [dangerous.get(other), running.get(other)?.init];
        if (lines === undefined || init === undefined) continue;
        const name = names(other);
        const { rank, text } = words(kind, one, init, name, commas(lines.map(({ title }) => title)));
        const line: IsolationLine = {
          code: 'trusted-neighbour',
          rank,
          title: t('Shares {kind} with {name}', { kind, name }),
          text,
          evidence: t('pid {pid} and pid {other} ({name}) are both in {namespace}.', {
            pid: one.pid,
            other: init.pid,
            name,
            namespace: shared.namespace,
          }),
          cure: t('Run it in a {kind} namespace that {name} is not in.', { kind, name }),
          source: kind === 'pid' ? 'ptrace(2); proc(5)' : `${kind === 'net' ? 'network' : 'ipc'}_namespaces(7)`,
        };
        found.set(id, [...(found.get(id) ?? []), line]);
      }
    }
  }
  return found;
}
