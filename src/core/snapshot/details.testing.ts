import type { DetailOf, Link, Mount, Socket } from '../detail/detail.ts';
import type { CollectedDetails, DetailRecord } from './details-schema.ts';

/** For tests only: details in a few words. */

export function link(name: string, extra: Partial<Link> = {}): Link {
  return {
    index: 2,
    name,
    kind: 'veth',
    loopback: false,
    up: true,
    state: 'up',
    mtu: 1500,
    mac: null,
    master: null,
    peer: null,
    addresses: [],
    ...extra,
  };
}

export function listener(address: string, port: number, extra: Partial<Socket> = {}): Socket {
  return { protocol: 'tcp', address, port, uid: 0, inode: port, pids: [], outside: false, ...extra };
}

export function netDetail(extra: Partial<DetailOf<'net'>> = {}): DetailOf<'net'> {
  return {
    kind: 'net',
    links: [],
    routes: [],
    rules: [],
    waysOut: [],
    nat: [],
    listening: [],
    connected: 0,
    notes: [],
    ...extra,
  };
}

export function mount(point: string, extra: Partial<Mount> = {}): Mount {
  return {
    id: 100,
    parent: 1,
    device: '8:1',
    root: '/',
    point,
    options: ['rw', 'relatime'],
    propagation: [],
    type: 'ext4',
    source: '/dev/sda1',
    superOptions: ['rw'],
    ...extra,
  };
}

/** Of namespaces, by id. */
export function collected(details: Readonly<Record<string, DetailRecord['detail']>>): CollectedDetails {
  return {
    takenAt: '2026-01-01T00:00:01.000Z',
    records: Object.entries(details).map(([id, detail]) => ({
      subject: { type: 'namespace', id },
      detail,
      problem: detail === null ? 'It could not be read.' : null,
    })),
    problems: [],
  };
}
