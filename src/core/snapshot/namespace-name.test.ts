import { expect, it } from 'vitest';
import { namespaceName } from './namespace-name.ts';
import { pinText } from './pin-text.ts';
import type { Namespace, Process } from './snapshot.ts';

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

it('says of each pin who it is', () => {
  const processes = new Map([[9, { comm: 'docker-proxy' } as Process]]);
  expect(pinText({ type: 'mount', path: '/run/netns/a', mnt: null }, processes)).toBe('mounted at /run/netns/a');
  expect(pinText({ type: 'fd', pid: 9, fd: 342 }, processes)).toBe('open file 342 of docker-proxy 9');
  expect(pinText({ type: 'fd', pid: 8, fd: 3, socket: true }, processes)).toBe('socket 3 of process 8, made there');
  expect(pinText({ type: 'thread', pid: 9, tid: 10 }, processes)).toBe('thread 10 of docker-proxy 9');
  expect(pinText({ type: 'for_children', pid: 9 }, processes)).toBe('docker-proxy 9, for its future children');
});
