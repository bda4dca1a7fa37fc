import { snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import type { Namespace, Process, Snapshot } from '../../src/core/snapshot/snapshot.ts';

/** A container with an engine in it, whose container has a pid namespace of its own, and a rootless user namespace. */
export function nested(): Snapshot {
  const base = snapshotOf({ containers: [{ name: 'dind' }] });
  const dind = base.processes.find(({ container }) => container !== null) as Process;
  const outer = dind.namespaces.pid as string;
  const machine = base.host.namespaces;
  const space = (id: string, kind: 'pid' | 'user', extra: Partial<Namespace>): Namespace => ({
    ...(base.namespaces.find((each) => each.kind === kind) as Namespace),
    id,
    kind,
    inode: Number(id.replace(/\D/g, '')),
    initial: false,
    pids: [],
    ...extra,
  });
  const inner = { ...dind, pid: 2000, nsPids: [2000, 30, 1], comm: 'redis', argv: ['redis-server'] };
  return {
    ...base,
    processes: [
      ...base.processes,
      { ...inner, namespaces: { ...dind.namespaces, pid: 'pid:[900001]' } },
      {
        ...inner,
        pid: 3000,
        nsPids: [3000],
        container: null,
        comm: 'rootlesskit',
        uid: 1000,
        namespaces: { ...dind.namespaces, pid: machine.pid, user: 'user:[900002]' },
      },
    ],
    namespaces: [
      ...base.namespaces.map((each) =>
        each.id === outer
          ? { ...each, parent: machine.pid, owner: machine.user }
          : each.id === machine.pid
            ? { ...each, owner: machine.user }
            : each,
      ),
      space('pid:[900001]', 'pid', { parent: outer, owner: machine.user, pids: [2000] }),
      space('user:[900002]', 'user', { parent: machine.user, owner: machine.user, ownerUid: 1000, pids: [3000] }),
    ],
  };
}
