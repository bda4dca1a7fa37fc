import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../snapshot/build.testing.ts';
import { collected, link, netDetail } from '../snapshot/details.testing.ts';
import { reach } from './reach.ts';
import { parseTo } from './reach-ends.ts';

/** `asker` and `other` in networks of an engine, and what stands in the resolv.conf of the first. */
function world(server: string, asker: readonly string[], other: readonly string[]) {
  const networks = (names: readonly string[], last: number) =>
    names.map((name, index) => ({ name, id: `id-${name}`, ip: `10.89.${index}.${last}`, mac: null }));
  const snapshot = snapshotOf({
    containers: [
      { name: 'asker', container: { networks: networks(asker, 2) } },
      { name: 'other', container: { networks: networks(other, 3) } },
    ],
  });
  const [first] = snapshot.containers;
  const nets = snapshot.processes.map(({ namespaces }) => namespaces.net ?? '');
  const eth0 = link('eth0', { addresses: [{ address: '10.89.0.2', prefix: 24, scope: 'global' }] });
  const known = [...new Set([...asker, ...other])].map((name) => ({
    ...{ id: `id-${name}`, name, driver: 'bridge', internal: false, device: null, options: {} },
    subnets: [{ subnet: '10.89.0.0/24', gateway: '10.89.0.1' }],
  }));
  return {
    ...snapshot,
    details: {
      ...collected(Object.fromEntries(nets.map((id) => [id, netDetail({ links: [eth0] })]))),
      networks: known,
      lookups: [{ pid: first?.pid ?? 0, startTime: 0, hosts: '', resolv: `nameserver ${server}\n` }],
    },
  };
}
const nameHop = (snapshot: ReturnType<typeof world>) => reach(snapshot, 'asker', 'other:80').hops[0];

describe('a name that another container bears', () => {
  it('is answered by Podman’s DNS, which stands at the gateway of a network', () => {
    expect(nameHop(world('10.89.0.1', ['mine'], ['mine']))).toMatchObject({
      ok: true,
      what: 'name other, asked of 10.89.0.1 (the engine’s DNS)',
    });
  });

  it('is none in the default network, Docker’s or Podman’s', () => {
    for (const name of ['bridge', 'podman']) {
      expect(nameHop(world('192.0.2.53', [name], [name]))).toMatchObject({
        ok: false,
        evidence: expect.stringContaining(`only the default bridge ${name} in common`),
      });
    }
  });

  it.each([
    [['bridge'], ['mine'], 'docker network connect mine asker'],
    [['mine'], ['bridge'], 'docker network connect mine other'],
    [['one'], ['two'], 'docker network connect two asker'],
    [['bridge'], ['mine', 'bridge'], 'docker network connect mine asker'],
    [['bridge'], ['none'], 'put both on a network of your own (docker network create)'],
  ])('in %s and %s the cure leads to a network that has names', (asker, other, cure) => {
    const told = nameHop(world('192.0.2.53', asker, other));
    expect(told?.ok).toBe(false);
    expect(told?.evidence).toMatch(/Cure: /);
    expect(told?.evidence.split('Cure: ')[1]).toBe(`${cure}.`);
  });

  it('asked of a resolver that is not the engine’s, in a network that both share, is not known', () => {
    expect(nameHop(world('192.0.2.53', ['mine'], ['mine']))?.ok).toBeNull();
  });

  it('is known in any case, with the network’s name behind it as that is written, and with the dot at its end', () => {
    const snapshot = world('127.0.0.11', ['Mine'], ['Mine']);
    for (const name of ['other.Mine', 'OTHER', 'OTHER.Mine', 'other.', 'other.Mine.']) {
      expect(reach(snapshot, 'asker', `${name}:80`).hops[0], name).toMatchObject({ ok: true });
    }
    for (const name of ['other.yours', 'other.mine'])
      expect(reach(snapshot, 'asker', `${name}:80`).hops[0]?.ok, name).toBeNull();
  });
});

describe('what is no place says what is meant', () => {
  it.each([
    ['::1:80', /An IPv6 address is written in brackets: \[::1\]:80\./],
    ['web1:80/sctp', /Only TCP and UDP are followed, and not sctp\./],
    ['web1:80-90', /A range is several ports/],
    ['http://localhost:8001/x', /without scheme and path: localhost:8001\./],
    ['https://[::1]/', /without scheme and path: \[::1\]:443\./],
    ['web1', /web1 has no port: web1:80/],
  ])('%s', (text, hint) => {
    expect(() => parseTo(text)).toThrow(hint);
  });

  it('a protocol may be written large', () => {
    expect(parseTo('web1:53/UDP')).toEqual({ host: 'web1', port: 53, protocol: 'udp' });
  });
});
