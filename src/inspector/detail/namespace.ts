import type { Detail } from '#core/detail/detail.ts';
import { parseQueue, parseSysvipc, smallDetail, type Texts } from '#core/detail/texts.ts';
import { NAMESPACE_KINDS, parseNamespaceId } from '#core/snapshot/namespace.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { mountsDetail } from './mounts.ts';
import { networkDetail, type Speak } from './network.ts';
import { plain, type Service, word } from './service.ts';
import { wayTo } from './way.ts';

const SMALL_FILES = {
  user: ['uid_map', 'gid_map', 'setgroups'],
  time: ['timens_offsets'],
} as const;

export async function namespaceDetail({ ask }: Service, snapshot: Snapshot, id: string, speak: Speak): Promise<Detail> {
  const { kind, inode } = parseNamespaceId(id) ?? { kind: NAMESPACE_KINDS[0], inode: 0 };
  const { process, path } = wayTo(snapshot, id);
  const files = async (names: readonly string[]): Promise<Texts> =>
    process === null ? {} : plain((await ask(['files', process.pid, process.startTime, ...names])).texts);
  const inside = (...names: string[]) => ask(['inside', kind, inode, word(path), ...names]);
  switch (kind) {
    case 'net':
      return networkDetail(ask, snapshot, id, speak);
    case 'mnt':
      return mountsDetail(ask, snapshot, id);
    case 'ipc': {
      const { texts } = await inside('sysvipc/shm', 'sysvipc/sem', 'sysvipc/msg', 'mqueue');
      const tables = plain(texts);
      const queues = texts?.mqueue;
      return {
        kind,
        shm: parseSysvipc(tables['sysvipc/shm'] ?? '', 'size', 'nattch'),
        sem: parseSysvipc(tables['sysvipc/sem'] ?? '', 'nsems', null),
        msg: parseSysvipc(tables['sysvipc/msg'] ?? '', 'cbytes', 'qnum'),
        queues:
          queues === null || typeof queues !== 'object'
            ? null
            : Object.entries(queues).map(([name, text]) => ({ name: `/${name}`, bytes: parseQueue(text ?? '') })),
      };
    }
    case 'uts':
      return smallDetail(kind, plain((await inside('sys/kernel/hostname', 'sys/kernel/domainname')).texts));
    case 'user':
    case 'time':
      return smallDetail(kind, await files(SMALL_FILES[kind]));
    case 'cgroup':
      // Inside, the path of a process is told from the namespace's root: /../.. where it is above.
      return smallDetail(kind, await files(['cgroup']));
    case 'pid':
      return {
        kind,
        init:
          snapshot.processes.find(({ namespaces, nsPids }) => namespaces.pid === id && nsPids.at(-1) === 1)?.pid ??
          null,
        levels: process === null ? null : process.nsPids.length,
      };
  }
}
