import { describe, expect, it } from 'vitest';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { findPid, pidText, whoseProcess } from './whose.ts';

function of(extra: Partial<Process>[] = []): Snapshot {
  const networks = [{ name: 'bridge', id: null, ip: '172.17.0.2', mac: null }];
  const made = snapshotOf({ containers: [{ name: 'web', container: { networks } }] });
  const init = made.processes.find(({ pid }) => pid === 1);
  if (init === undefined) throw new Error('no init');
  const more = extra.map((fields, at) => ({
    ...init,
    pid: 2_000 + at,
    nsPids: [2_000 + at],
    container: null,
    ...fields,
  }));
  return { ...made, processes: [...made.processes, ...more] };
}
const last = ({ processes }: Snapshot): Process => {
  const found = processes.at(-1);
  if (found === undefined) throw new Error('none');
  return found;
};

describe('whose a process is', () => {
  it('is its container, and how that is known', () => {
    const belongs = { by: 'cgroup' as const, cgroupOf: idOf('web'), disagrees: false, starting: false };
    const snapshot = of([{ container: idOf('web'), belongs }]);
    expect(whoseProcess(snapshot, last(snapshot))).toMatchObject({
      container: { name: 'web' },
      serves: null,
      because: expect.stringContaining('its cgroup bears'),
    });
  });

  it('says where else some controllers have it', () => {
    const belongs = { by: 'cgroup' as const, cgroupOf: idOf('web'), disagrees: true, starting: false };
    const paths = { cgroup: `/docker/${idOf('web')}`, otherCgroups: ['/greedy'] };
    const snapshot = of([{ container: idOf('web'), belongs, ...paths }]);
    expect(whoseProcess(snapshot, last(snapshot)).because).toMatch(/though some controllers have it in \/greedy$/);
  });

  it('of docker-proxy and of a shim is the container that they work for', () => {
    const proxy = of([{ argv: ['/usr/bin/docker-proxy', '-proto', 'tcp', '-container-ip', '172.17.0.2'] }]);
    expect(whoseProcess(proxy, last(proxy))).toMatchObject({ container: null, serves: { name: 'web' } });
    const shim = of([{ argv: ['containerd-shim-runc-v2', '-namespace', 'moby', '-id', idOf('web')] }]);
    expect(whoseProcess(shim, last(shim))).toMatchObject({ container: null, serves: { name: 'web' } });
  });

  it('is not what an ordinary user says that it is', () => {
    const liar = of([{ uid: 65_534, argv: ['docker-proxy', '-container-ip', '172.17.0.2'] }]);
    expect(whoseProcess(liar, last(liar))).toMatchObject({ container: null, serves: null });
  });

  it('is a claim where only a cgroup says so', () => {
    const belongs = { by: null, cgroupOf: idOf('web'), disagrees: true, starting: false };
    const snapshot = of([{ cgroup: `/x/docker-${idOf('web')}.scope`, belongs }]);
    expect(whoseProcess(snapshot, last(snapshot))).toMatchObject({
      container: null,
      because: expect.stringContaining('nothing else agrees'),
    });
  });
});

it('a number is looked for outside and inside, and never taken for the other', () => {
  const snapshot = of([
    { nsPids: [2_000, 7], container: idOf('web') },
    { pid: 7, nsPids: [7] },
  ]);
  const { outside, inside } = findPid(snapshot, 7);
  expect(outside?.pid).toBe(7);
  expect(inside.map((process) => pidText(snapshot, process))).toEqual(['2000 → 7 in web']);
  expect(findPid(snapshot, 2_000)).toMatchObject({ outside: { pid: 2_000 }, inside: [] });
  expect(findPid(snapshot, 99)).toEqual({ outside: null, inside: [] });
});
