import { visibleText } from '../text/visible.ts';
import { counted, type PlainMessage, t } from '../words/words.ts';
import type { GraphGroup } from './scene.ts';

const TYPES: Readonly<Record<GraphGroup['type'], PlainMessage>> = {
  compose: 'Compose',
  pod: 'Pod',
  shared: 'Shared with',
  services: 'Services of',
  engine: 'Run by',
  nested: 'Inside ⟨a container⟩',
};

const KINDS = {
  net: 'Network of',
  pid: 'PID namespace of',
  ipc: 'IPC of',
  mnt: 'Mounts of',
  uts: 'Hostname of',
  cgroup: 'Cgroup of',
  user: 'Users of',
  time: 'Time of',
} as const;

/** What stands above a group. */
export function titleOf({ type, kind, label, members }: GraphGroup): { kind: string; label: string; count: string } {
  return {
    kind: t(kind === null ? TYPES[type] : KINDS[kind]),
    label: visibleText(label),
    count: counted(members.length),
  };
}
