import type { NamespaceKind } from '../snapshot/namespace.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { type PlainMessage, t } from '../words/words.ts';
import { HOST, type MemberId, type SharedNamespace, type Sharing } from './sharing.ts';

/** What it means to share a namespace of each kind, in one plain sentence. Source: namespaces(7) and its kin. */
export const MEANING: Readonly<Record<NamespaceKind, PlainMessage>> = {
  mnt: 'They see the same mounts: a file system mounted in one appears in the other.',
  pid: "They see each other's processes, and may signal and, with the right capability, debug them.",
  net: 'They have the same addresses, ports, routes and loopback: localhost of one is localhost of the other.',
  ipc: 'They reach the same System V shared memory, semaphores and queues, and the same POSIX queues.',
  uts: 'They have the same hostname and domain name: setting it in one changes it in the other.',
  user: 'Their user ids mean the same: root in one is the same user as root in the other.',
  cgroup: 'They see the cgroup tree from the same root: one can tell where the other stands in it.',
  time: 'Their monotonic and boot-time clocks have the same offsets.',
};

/** What kinds are called in full. */
export const KIND_NAME: Readonly<Record<NamespaceKind, PlainMessage>> = {
  mnt: 'Mount',
  pid: 'PID',
  net: 'Network',
  ipc: 'IPC',
  uts: 'UTS (hostname)',
  user: 'User',
  cgroup: 'Cgroup',
  time: 'Time',
};

/** One row of `bulkhead shared --json`. */
export interface SharedRow {
  readonly namespace: string;
  readonly kind: NamespaceKind;
  /** Container names, and "host". */
  readonly members: readonly string[];
  /** By member name: why it is in it. */
  readonly causes: Readonly<Record<string, string>>;
}

/** A member's name, unmistakable: a container may be called `host` too. */
export function createMemberNames(snapshot: Snapshot): (member: MemberId) => string {
  const names = new Map(snapshot.containers.map(({ id, name }) => [id, name]));
  return (member) => {
    if (member === HOST) return HOST;
    const name = names.get(member) ?? member.slice(0, 12);
    return name === HOST ? t('{name} (container {id})', { name, id: member.slice(0, 12) }) : name;
  };
}

/** True where the engine leaves all its containers in the host's namespace, and nobody asked for it. */
export function isDefault({ members, causes }: SharedNamespace): boolean {
  return members.every((member) => member === HOST || causes.get(member)?.code === 'engine-default');
}

/** Every shared namespace, in the snapshot's order of namespaces, for `bulkhead shared --json`. */
export function sharedReport(snapshot: Snapshot, sharing: Sharing): SharedRow[] {
  const nameOf = createMemberNames(snapshot);
  return snapshot.namespaces
    .map(({ id }) => sharing.byNamespace.get(id))
    .filter((shared): shared is SharedNamespace => shared !== undefined)
    .map(({ namespace, kind, members, causes }) => ({
      namespace,
      kind,
      members: members.map(nameOf),
      causes: Object.fromEntries([...causes].map(([member, cause]) => [nameOf(member), cause.text])),
    }));
}
