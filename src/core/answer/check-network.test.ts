import { afterEach, expect, it } from 'vitest';
import type { DetailOf } from '../detail/detail.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import { snapshotOf } from '../snapshot/build.testing.ts';
import { collected, link, listener, netDetail } from '../snapshot/details.testing.ts';
import { setLanguage } from '../words/language.ts';
import { check } from './check.ts';

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
  expect(all[0]?.text).toBe('veth9 in the machine leads nowhere that is seen, and is a port of docker0.');
  expect(all[0]?.cure).toContain('ip link delete veth9');
});

it('of a snapshot without details nothing of it is said', () => {
  const { details: _, ...bare } = world({});
  expect(check(bare, analyseSharing(bare)).filter(({ code }) => CODES.test(code))).toEqual([]);
});
