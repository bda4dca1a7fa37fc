import { describe, expect, it } from 'vitest';
import { type ContainerSketch, idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { type Difference, difference } from './difference.ts';

function of(bootId: string, ...containers: ContainerSketch[]): Snapshot {
  const made = snapshotOf({ containers });
  const probe = { version: '0', via: 'direct' as const, durationMs: 1, cpuMs: 1, processes: 1, unreadable: 0 };
  return { ...made, probe: { ...probe, vanished: 0, problems: [] }, host: { ...made.host, bootId } };
}
const brief = (list: readonly Difference[]) =>
  list.map(({ change, what, container, text }) => `${change} ${what} ${container ?? '-'}: ${text}`);

const port = (hostIp: string) => ({ containerPort: 80, protocol: 'tcp', hostIp, hostPort: 8080 });

describe('two snapshots of one boot', () => {
  it('that are the same differ in nothing, whatever the clock says', () => {
    const snapshot = of('b', { name: 'web' });
    expect(difference(snapshot, { ...snapshot, takenAt: '2030-01-01T00:00:00Z' }).list).toEqual([]);
  });

  it('tell containers that came, went, and what changed of one that stayed', () => {
    const before = of('b', { name: 'old' }, { name: 'web', container: { ports: [port('127.0.0.1')] } });
    const after = of('b', { name: 'new' }, { name: 'web', container: { ports: [port('0.0.0.0')], image: 'web:2' } });
    expect(brief(difference(before, after).list)).toEqual([
      'added container new: busybox:1, running',
      'removed container old: busybox:1, running',
      'changed setting web: image',
      'added port web: port 80/tcp 0.0.0.0',
      'removed port web: port 80/tcp 127.0.0.1',
      'added process new: sleep 1000',
      'removed process old: sleep 1000',
    ]);
  });

  it('tell a share that came with its reason, and one that broke', () => {
    const modes = { net: `container:${idOf('web1')}`, ipc: '', pid: '', uts: '', user: '', cgroup: '' };
    const web2 = { name: 'web2', container: { modes } };
    const joined = of('b', { name: 'web1' }, { ...web2, namespaces: { net: 'web1' } });
    const broken = of('b', { name: 'web1' }, web2);
    const alone = of('b', { name: 'web1' }, { name: 'web2' });
    const gained = difference(alone, joined).list.find(({ what }) => what === 'share');
    expect(gained).toMatchObject({
      change: 'added',
      text: 'net of web1, web2',
      after: 'web2: --network=container:web1',
    });
    expect(brief(difference(joined, broken).list)).toEqual([
      'changed namespace web2: net namespace',
      'removed share -: net of web1, web2',
      'added share -: net of web2 with web1, broken',
    ]);
  });

  it('count processes by command line', () => {
    const before = of('b', { name: 'web' });
    const init = before.processes.find(({ container }) => container !== null);
    if (init === undefined) throw new Error('no process');
    const after = { ...before, processes: [...before.processes, { ...init, pid: 77, startTime: 1 }] };
    expect(difference(before, after).list).toMatchObject([
      { change: 'changed', what: 'process', container: 'web', text: 'sleep 1000', before: '1', after: '2' },
    ]);
  });
});

it('two boots are compared by names, and that is said', () => {
  const after = of(
    'b2',
    { name: 'other' },
    {
      name: 'web',
      container: { id: 'f'.repeat(64) },
      process: { container: 'f'.repeat(64) },
    },
  );
  const found = difference(of('b1', { name: 'web' }), after);
  expect(found.sameBoot).toBe(false);
  expect(found.notes).toEqual([expect.stringContaining('two boots')]);
  expect(brief(found.list).filter((text) => text.includes(' web'))).toEqual([]);
});

it('without processes on one side, what the engine tells is compared', () => {
  const before = of('b', { name: 'web' });
  const after = { ...before, probe: null, processes: [], namespaces: [] };
  expect(difference(before, after)).toMatchObject({
    list: [],
    notes: [expect.stringContaining('the probe did not run')],
  });
});
