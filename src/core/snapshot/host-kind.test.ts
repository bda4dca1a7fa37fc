import { expect, it } from 'vitest';
import { type HostFacts, hostKind } from './host-kind.ts';
import type { Engine } from './snapshot.ts';

const PLAIN: HostFacts = { engine: null, kernel: '6.1.0', nested: false, here: false, vendor: null, product: null };

function engine(change: Partial<Engine>): Engine {
  return {
    endpoint: 'unix:///var/run/docker.sock',
    kind: 'docker',
    id: null,
    name: 'box',
    version: '29.0.0',
    apiVersion: '1.52',
    operatingSystem: 'Debian',
    kernel: '6.1.0',
    arch: 'x86_64',
    cgroupVersion: '2',
    cgroupDriver: 'systemd',
    rootless: false,
    securityOptions: [],
    ...change,
  };
}

it.each<[string, Partial<HostFacts>, string, RegExp]>([
  [
    'Docker Desktop',
    { engine: engine({ kind: 'docker-desktop' }), kernel: '6.12.72-linuxkit' },
    'vm',
    /Docker Desktop/,
  ],
  ['WSL 2', { kernel: '6.6.1-microsoft-standard-WSL2', nested: true }, 'distro', /WSL 2/],
  ['OrbStack', { engine: engine({ kind: 'orbstack' }), nested: true }, 'machine', /OrbStack/],
  ['rootless', { engine: engine({ rootless: true }), here: true }, 'linux', /user namespace/],
  ['this Linux, even in a VM', { here: true, vendor: 'QEMU' }, 'linux', /^this Linux$/],
  ['a VM by its firmware', { vendor: 'QEMU', product: 'Standard PC (i440FX + PIIX, 1996)' }, 'vm', /QEMU/],
  ['a container', { nested: true, here: null }, 'unknown', /container/],
  ['a server', { vendor: 'Dell Inc.', product: 'PowerEdge' }, 'linux', /^another Linux$/],
])('says what it is, and why: %s', (_, facts, role, what) => {
  const kind = hostKind({ ...PLAIN, ...facts });
  expect(kind.role).toBe(role);
  expect(kind.what).toMatch(what);
  expect(kind.because).toMatch(/\.$/);
});
