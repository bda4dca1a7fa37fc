import { describe, expect, it } from 'vitest';
import { commandName, shellQuote } from '#core/enter/command-line.ts';
import type { GraphSet } from '#core/layout/scene.ts';
import { treeRows } from '#core/processes/tree.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { flagToJoin } from '#core/sharing/flags.ts';
import { snapshotOf } from '#core/snapshot/build.testing.ts';
import type { Process } from '#core/snapshot/snapshot.ts';
import { enterCommand, enterPinCommand, joinCommand } from './commands.ts';

const [template] = snapshotOf({ containers: [] }).processes;

function process(pid: number, ppid: number): Process {
  if (template === undefined) throw new Error('no process to copy');
  return { ...template, pid, ppid };
}

describe('treeRows', () => {
  it('puts children below their parents and keeps the order of siblings', () => {
    const rows = treeRows([process(10, 1), process(11, 10), process(12, 1), process(13, 10), process(14, 11)]);
    expect(rows.map(({ process: { pid }, depth }) => [pid, depth])).toEqual([
      [10, 0],
      [11, 1],
      [14, 2],
      [13, 1],
      [12, 0],
    ]);
  });

  it('shows every process once, whatever loops a file claims', () => {
    const rows = treeRows([process(1, 1), process(2, 3), process(3, 2), process(4, 4)]);
    expect(rows.map((row) => row.process.pid).sort()).toEqual([1, 2, 3, 4]);
  });
});

describe('commands', () => {
  it('quotes what a shell would act on', () => {
    expect(shellQuote('--network=container:web1')).toBe('--network=container:web1');
    expect(shellQuote("$(rm -rf /) 'x'")).toBe("'$(rm -rf /) '\\''x'\\'''");
    expect(enterPinCommand('/run/netns/a b', 'net')).toBe("sudo nsenter '--net=/run/netns/a b'");
  });

  it('names the kinds to enter', () => {
    expect(enterCommand(7, ['net', 'uts'])).toBe('sudo nsenter -t 7 --net --uts');
    expect(enterCommand(7, 'all')).toBe('sudo nsenter -t 7 --all');
  });

  it('uses the id where a name is not one that Docker gives', () => {
    const [container] = snapshotOf({ containers: [{ name: 'a;b' }] }).containers;
    expect(container && commandName(container)).toBe(container?.id.slice(0, 12));
  });

  it('takes a container that is called host for that container', () => {
    const modes = { net: 'container:host', ipc: 'private', pid: '', uts: '', user: '', cgroup: 'private' };
    const snapshot = snapshotOf({
      containers: [{ name: 'host' }, { name: 'side', namespaces: { net: 'host' }, container: { modes } }],
    });
    expect(flagToJoin('net', 'host')).toBe('--network=container:host');
    const [owner] = snapshot.containers;
    const net = snapshot.processes.find(({ container }) => container === owner?.id)?.namespaces.net ?? '';
    const members = snapshot.containers.map(({ id }) => id);
    const command = joinCommand(
      { members, strands: [{ kind: 'net', namespace: net }] as GraphSet['strands'] },
      analyseSharing(snapshot),
      (id) => snapshot.containers.find((each) => each.id === id)?.name ?? null,
    );
    expect(command).toBe('docker run --network=container:host IMAGE');
  });

  it('joins what another container owns, and the host', () => {
    const snapshot = snapshotOf({
      containers: [
        { name: 'web1', namespaces: { uts: 'host' } },
        {
          name: 'web2',
          namespaces: { net: 'web1', uts: 'host' },
          container: {
            modes: { net: 'container:web1', ipc: 'private', pid: '', uts: 'host', user: '', cgroup: 'private' },
          },
        },
      ],
    });
    const sharing = analyseSharing(snapshot);
    const name = (id: string): string | null => snapshot.containers.find((each) => each.id === id)?.name ?? null;
    const commands = sharing.sets.map((set) =>
      joinCommand({ members: set.members, strands: set.shared }, sharing, name),
    );
    expect(commands).toContain('docker run --network=container:web1 IMAGE');
    expect(commands.some((command) => command?.includes('--uts=host'))).toBe(true);
  });
});
