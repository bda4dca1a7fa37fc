import { afterEach, describe, expect, it } from 'vitest';
import type { DetailOf } from '../detail/detail.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import { snapshotOf } from '../snapshot/build.testing.ts';
import { collected, link, listener, netDetail } from '../snapshot/details.testing.ts';
import { setLanguage } from '../words/language.ts';
import { check } from './check.ts';
import { reach } from './reach.ts';

type Net = DetailOf<'net'>;

/** `web` publishes 8080 as 80, over docker0 and a veth, by a rule. */
function world(inside: Partial<Net>, outside: Partial<Net> = {}) {
  const ports = [{ containerPort: 80, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8080 }];
  const snapshot = snapshotOf({ containers: [{ name: 'web', container: { ports } }] });
  const machine = snapshot.host.namespaces.net ?? '';
  const web = snapshot.processes.find(({ pid }) => pid === snapshot.containers[0]?.pid)?.namespaces.net ?? '';
  const address = (text: string) => [{ address: text, prefix: 16, scope: 'global' }];
  const details = collected({
    [machine]: netDetail({
      links: [
        link('docker0', { index: 3, kind: 'bridge', addresses: address('172.17.0.1') }),
        link('veth7', { index: 7, master: { index: 3, name: 'docker0' }, peer: { index: 2, namespace: web } }),
      ],
      nat: [
        {
          ...{ by: 'nft', table: 'nat', chain: 'DOCKER', family: 4, hook: 'prerouting', sources: null, arrives: null },
          ...{ protocols: { not: false, of: ['tcp'] }, ports: { not: false, of: ['8080'] }, destinations: null },
          ...{ local: true, share: 1, also: [] },
          to: { kind: 'dnat', addresses: '172.17.0.2', ports: '80', note: null },
        } as const,
      ],
      ...outside,
    }),
    [web]: netDetail({
      links: [link('eth0', { index: 2, peer: { index: 7, namespace: machine }, addresses: address('172.17.0.2') })],
      ...inside,
    }),
  });
  return { ...snapshot, details };
}

afterEach(() => setLanguage('en'));

const CODES = /^(port|veth)-/;
const found = (snapshot: ReturnType<typeof world>) =>
  check(snapshot, analyseSharing(snapshot)).filter(({ code }) => CODES.test(code));

it('a published port with its listener is nothing', () => {
  expect(found(world({ listening: [listener('0.0.0.0', 80)] }))).toEqual([]);
});

it('nobody listens', () => {
  const [first, ...others] = found(world({ listening: [listener('0.0.0.0', 81)] }));
  expect(others).toEqual([]);
  expect(first).toMatchObject({ code: 'port-nobody-listens', severity: 'broken', container: 'web' });
  expect(first?.text).toContain('0.0.0.0:8080/tcp is published, and nobody listens on 80/tcp in web');
});

it('the listener is on the loopback alone', () => {
  const all = found(world({ listening: [listener('127.0.0.1', 80)] }));
  expect(all).toMatchObject([{ code: 'port-loopback-only', severity: 'broken', container: 'web' }]);
  expect(all[0]?.cure).toContain('listen on 0.0.0.0');
});

it.each(['en', 'zh-CN'] as const)('no rule and no proxy is worth a look, and no verdict: %s', (spoken) => {
  setLanguage(spoken);
  const all = found(world({ listening: [listener('0.0.0.0', 80)] }, { nat: [] }));
  expect(all).toMatchObject([{ code: 'port-not-carried', severity: 'notice' }]);
});

it('the rule leads elsewhere', () => {
  const snapshot = world({
    listening: [listener('0.0.0.0', 80)],
    links: [link('eth0', { index: 2, addresses: [{ address: '172.17.0.9', prefix: 16, scope: 'global' }] })],
  });
  // Nothing tells where its veth leads then: what is not known is not found.
  expect(found(snapshot).filter(({ code }) => code.startsWith('port-'))).toEqual([]);
});

it('a veth whose other end is nowhere that is seen, and one whose end is', () => {
  const loose = link('veth9', { index: 9, master: { index: 3, name: 'docker0' }, peer: { index: 2, namespace: null } });
  const base = world({ listening: [listener('0.0.0.0', 80)] });
  const links = base.details.records.flatMap(({ detail }) => (detail?.kind === 'net' ? detail.links : []));
  const bridge = links.filter(({ name }) => name === 'docker0' || name === 'veth7');
  const all = found(world({ listening: [listener('0.0.0.0', 80)] }, { links: [...bridge, loose] }));
  expect(all).toMatchObject([{ code: 'veth-dangling', severity: 'warning', container: null }]);
  expect(all[0]?.text).toBe('The other end of veth9 in the machine, a port of docker0, is nowhere to be found.');
  expect(all[0]?.cure).toContain('ip link delete veth9');
});

it('of a snapshot without details nothing of it is said', () => {
  const { details: _, ...bare } = world({});
  expect(check(bare, analyseSharing(bare)).filter(({ code }) => CODES.test(code))).toEqual([]);
});

describe('a port that was to be published, and is not', () => {
  const asked = [{ containerPort: 80, protocol: 'tcp', hostIp: '', hostPort: 8080 }];
  const network = (name: string, more: { internal?: boolean; driver?: string } = {}) => ({
    ...{ id: `id-${name}`, name, driver: 'bridge', internal: false, subnets: [], device: null, options: {}, ...more },
  });
  const told = (net: string, networks: readonly string[], known = networks.map((name) => network(name))) => {
    const snapshot = snapshotOf({
      containers: [
        {
          name: 'web',
          container: {
            asked,
            modes: { net, ipc: '', pid: '', uts: '', user: '', cgroup: '' },
            networks: networks.map((name) => ({ name, id: `id-${name}`, ip: '192.0.2.9', mac: null })),
          },
        },
        { name: 'owner' },
      ],
    });
    const details = { takenAt: '2026-01-01T00:00:00Z', records: [], problems: [], networks: known };
    const withDetails = { ...snapshot, details };
    const [finding] = check(withDetails, analyseSharing(withDetails)).filter(
      ({ code }) => code === 'port-not-published',
    );
    return { finding, snapshot: withDetails };
  };

  it.each([
    ['host', ['host'], /With --network=host .*-p does nothing/, /port that its program listens on/],
    ['none', ['none'], /nothing but its loopback/, /without --network=none/],
    ['container:owner', [], /the network of owner/, /docker run -p 80:80/],
  ])('--network=%s', (net, networks, why, cure) => {
    const { finding } = told(net, networks);
    expect(finding).toMatchObject({ severity: 'broken', container: 'web' });
    expect(finding?.text).toMatch(/^-p 8080:80 was requested, but is not in force\. /);
    expect(finding?.text).toMatch(why);
    expect(finding?.cure).toMatch(cure);
  });

  it('only internal networks, or only networks around the machine; of one that is neither nothing is guessed', () => {
    const inner = told('inner', ['inner'], [network('inner', { internal: true })]).finding;
    expect(inner?.cure).toBe('docker network connect bridge web');
    const around = told('lan', ['lan'], [network('lan', { driver: 'macvlan' })]).finding;
    expect(around?.cure).toBe('Reach it at 192.0.2.9:80.');
    const mixed = told('inner', ['inner', 'front'], [network('inner', { internal: true }), network('front')]).finding;
    expect(mixed).toMatchObject({ text: expect.stringContaining('The engine does not tell why'), cure: null });
  });

  it('a container that was taken out of its only network; how Podman leads in by itself is not known', () => {
    const cut = told('front', []).finding;
    expect(cut?.text).toContain('It was taken out of every network');
    expect(cut?.evidence).toContain('The engine lists it in no network.');
    expect(cut?.cure).toBe('docker network connect front web');
    expect(told('default', []).finding?.cure).toBe('docker network connect bridge web');
    const own = told('pasta', []).finding;
    expect(own).toMatchObject({ cure: null, evidence: expect.stringContaining('--network=pasta') });
  });

  it('reach says so where nobody answers', () => {
    const { snapshot } = told('none', ['none']);
    const machine = snapshot.host.namespaces.net ?? '';
    const known = { ...snapshot, details: { ...snapshot.details, ...collected({ [machine]: netDetail({}) }) } };
    expect(reach(known, 'host', ':8080').because).toContain('web is set to publish it (-p 8080:80), but does not.');
    expect(reach(known, 'outside', 'web:80')).toMatchObject({
      verdict: 'not-reachable',
      because: expect.stringMatching(/-p 8080:80 was requested.*Cure: Create web again without --network=none\./),
    });
    const stopped = { ...known, containers: known.containers.map((each) => ({ ...each, pid: null })) };
    expect(reach(stopped, 'host', ':8080').because).toContain('web, which is not running, publishes it when it runs.');
  });

  it('nothing is said where it is in force, where any free port was asked for and given, or where the engine does not tell', () => {
    const base = snapshotOf({ containers: [{ name: 'web' }] });
    const found = (container: object) => {
      const snapshot = { ...base, containers: base.containers.map((each) => ({ ...each, ...container })) };
      return check(snapshot, analyseSharing(snapshot)).filter(({ code }) => code === 'port-not-published');
    };
    const given = [{ containerPort: 80, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8080 }];
    expect(found({ asked, ports: given })).toEqual([]);
    expect(found({ asked: [{ ...asked[0], hostPort: null }], ports: given })).toEqual([]);
    expect(found({ asked: null })).toEqual([]);
    expect(found({ asked })).toHaveLength(1);
  });
});
