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
      'added process new: sleep 1000',
      'removed container old: busybox:1, running',
      'removed process old: sleep 1000',
      'changed setting web: image',
      'changed port web: port 80/tcp',
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
      container: 'web2',
      text: 'net with web1',
      after: '--network=container:web1',
    });
    expect(brief(difference(joined, broken).list)).toEqual([
      'changed namespace web2: net namespace',
      'changed share web2: net with web1',
    ]);
    expect(difference(joined, broken).list.at(-1)?.after).toBe('declared, not in force');
  });

  it('tell who joined what many share, once, and not the many again', () => {
    const many = Array.from({ length: 5 }, (_, index) => ({ name: `w${index}`, namespaces: { net: 'web' } }));
    const more = [...many, { name: 'w5', namespaces: { net: 'web' } }];
    const found = difference(of('b', { name: 'web' }, ...many), of('b', { name: 'web' }, ...more)).list;
    expect(brief(found.filter(({ what }) => what === 'share'))).toEqual(['added share w5: net with web']);
  });

  it('tell ports at several addresses, mounts, limits and labels that came, went and changed', () => {
    const limits = (memory: number | null, cpus: number | null) => ({ limits: { memory, cpus, tasks: null } });
    const mount = (destination: string, readOnly: boolean) => {
      return { type: 'bind', name: null, source: '/srv', destination, readOnly, device: null, propagation: 'rprivate' };
    };
    const before = of('b', {
      name: 'web',
      container: { ...limits(2 ** 29, null), ports: [port('0.0.0.0')], mounts: [mount('/a', true), mount('/b', true)] },
    });
    const after = of('b', {
      name: 'web',
      container: {
        ...limits(2 ** 30, 1.5),
        ports: [port('0.0.0.0'), port('::')],
        mounts: [mount('/a', false)],
        labels: { team: 'x' },
      },
    });
    expect(difference(before, after).list).toMatchObject([
      { change: 'added', what: 'setting', text: 'label team', after: 'x' },
      { change: 'changed', what: 'limit', text: 'memory limit', after: '1.0 GiB (1073741824 bytes)' },
      { change: 'added', what: 'limit', text: 'processors limit', after: '1.5' },
      { what: 'port', before: '0.0.0.0:8080', after: '0.0.0.0:8080, [::]:8080' },
      { change: 'changed', what: 'mount', text: 'mount at /a', before: 'bind /srv, read-only', after: 'bind /srv' },
      { change: 'removed', what: 'mount', text: 'mount at /b' },
    ]);
  });

  it('limits that only one of them knows are no difference, and that is said', () => {
    const before = of('b', { name: 'web' });
    const after = of('b', { name: 'web', container: { limits: { memory: 1, cpus: null, tasks: null } } });
    const { list, notes } = difference(before, after);
    expect(list).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('Limits of 1 container ')]);
  });

  it('a renamed container is the same, with another name', () => {
    const after = of('b', { name: 'new', container: { id: idOf('old') }, process: { container: idOf('old') } });
    expect(brief(difference(of('b', { name: 'old' }), after).list)).toEqual(['changed setting new: name']);
  });

  it('a container made anew is the same by its name', () => {
    const id = 'f'.repeat(64);
    const after = of('b', { name: 'web', container: { id }, process: { container: id } });
    expect(brief(difference(of('b', { name: 'web' }), after).list)).toEqual([
      'changed container web: it was made again',
    ]);
  });

  it('tell namespaces of no container that came, with what holds them', () => {
    const before = of('b', { name: 'web' });
    const [first] = before.namespaces;
    if (first === undefined) throw new Error('no namespace');
    const pin = { type: 'mount' as const, path: '/run/netns/x', mnt: null };
    const added = { ...first, id: 'net:[7]' as const, kind: 'net' as const, initial: false, pids: [], pins: [pin] };
    const after = { ...before, namespaces: [...before.namespaces, added] };
    expect(difference(before, after).list).toMatchObject([
      { change: 'added', what: 'namespace', container: null, text: 'namespace net:[7]', after: 'held by /run/netns/x' },
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
