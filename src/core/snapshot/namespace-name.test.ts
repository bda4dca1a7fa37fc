import { describe, expect, it } from 'vitest';
import { snapshotOf } from './build.testing.ts';
import { namespaceName } from './namespace-name.ts';
import { pinText, pinTexts } from './pin-text.ts';
import type { Namespace, Pin, Process } from './snapshot.ts';

const held = (...paths: string[]): Namespace => ({
  id: 'net:[7]',
  kind: 'net',
  inode: 7,
  device: null,
  initial: false,
  owner: null,
  parent: null,
  ownerUid: null,
  uniqueId: null,
  pids: [],
  pins: paths.map((path) => ({ type: 'mount', path, mnt: null })),
});

it('names a namespace by where a tool mounted it', () => {
  expect(namespaceName(held('/run/netns/blue'))).toEqual({ name: 'blue', path: '/run/netns/blue' });
  expect(namespaceName(held('/run/docker/netns/ingress_sbox'))?.name).toBe('ingress_sbox');
  expect(namespaceName(held('/run/user/1000/netns/netns-1'))?.name).toBe('netns-1');
  expect(namespaceName(held())).toBeNull();
});

it('prefers the usual place, whatever else it is mounted at', () => {
  expect(namespaceName(held('/a', '/var/run/docker/netns/1-x', '/run/netns/blue'))?.path).toBe('/run/netns/blue');
  expect(namespaceName(held('/z', '/a/b', '/y'))?.path).toBe('/y');
});

describe('a pin', () => {
  const made = snapshotOf({ containers: [{ name: 'web' }] });
  const web = made.containers[0];
  const init = made.processes.find(({ container }) => container === web?.id);
  if (init === undefined) throw new Error('no container');
  const own: Process = { ...init, namespaces: { ...init.namespaces, mnt: 'mnt:[77]' } };
  const outside: Process = { ...own, pid: 9, comm: 'docker-proxy', container: null };
  const service: Process = {
    ...outside,
    pid: 10,
    comm: 'resolved',
    namespaces: { ...own.namespaces, mnt: 'mnt:[78]' },
  };
  const snapshot = { ...made, processes: [own, outside, service] };
  const text = (pin: Pin) => pinText(pin, snapshot, new Map(snapshot.processes.map((each) => [each.pid, each])));
  const mount = (mnt: string | null) => text({ type: 'mount', path: '/run/netns/a', mnt });

  it('says who it is, and of which container', () => {
    expect(text({ type: 'fd', pid: 9, fd: 342 })).toBe('open file 342 of docker-proxy 9');
    expect(text({ type: 'fd', pid: 8, fd: 3, socket: true })).toBe('socket 3 of process 8, made there');
    expect(text({ type: 'thread', pid: 9, tid: 10 })).toBe('thread 10 of docker-proxy 9');
    expect(text({ type: 'for_children', pid: 9 })).toBe('docker-proxy 9, for its future children');
    expect(text({ type: 'fd', pid: own.pid, fd: 7 })).toBe(`open file 7 of ${own.comm} ${own.pid} in web`);
  });

  it('says in whose mount tree it is, where that is not the machine’s', () => {
    expect(mount(null)).toBe('mounted at /run/netns/a');
    expect(mount(made.host.namespaces.mnt)).toBe('mounted at /run/netns/a');
    expect(mount('mnt:[77]')).toBe('mounted at /run/netns/a in web');
    expect(mount('mnt:[78]')).toBe('mounted at /run/netns/a in resolved 10');
    expect(mount('mnt:[79]')).toBe('mounted at /run/netns/a in mnt:[79]');
  });

  it('is told once where one mount stands over another', () => {
    const twice: Pin = { type: 'mount', path: '/run/netns/a', mnt: null };
    expect(pinTexts([twice, twice], snapshot, new Map())).toEqual(['mounted at /run/netns/a']);
  });
});
