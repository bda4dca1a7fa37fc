import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reach } from '../../src/core/answer/reach.ts';
import type { DetailOf } from '../../src/core/detail/detail.ts';
import { waysSection } from '../../src/core/detail/sections-nat.ts';
import { type WayIn, waysIn } from '../../src/core/detail/way-in.ts';
import { netOf } from '../../src/core/detail/way-in-owner.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { lookAt } from '../support/look.ts';
import { describeWith } from '../support/require.ts';

/** The ways an engine can be told to publish ports, and what carries them to 127.0.0.1, [::1] and every address then. */
const ENGINES = [
  {
    name: 'as it comes',
    args: [],
    loopback: ['proxy'],
    loopback6: ['proxy'],
    every: ['nat', 'proxy'],
    every6: ['proxy'],
  },
  {
    name: 'without a proxy',
    args: ['--userland-proxy=false'],
    ...{ loopback: ['nat'], loopback6: null, every: ['nat'], every6: null },
  },
  {
    name: 'with IPv6 rules',
    args: ['--ipv6', '--fixed-cidr-v6', 'fd00:dead:beef::/64', '--experimental', '--ip6tables'],
    ...{ loopback: ['proxy'], loopback6: ['proxy'], every: ['nat', 'proxy'], every6: ['nat', 'proxy'] },
  },
  {
    name: 'with IPv6 rules and without a proxy',
    args: [
      '--ipv6',
      '--fixed-cidr-v6',
      'fd00:dead:beef::/64',
      '--experimental',
      '--ip6tables',
      '--userland-proxy=false',
    ],
    // The second hop is what the kernel forbids.
    ...{ loopback: ['nat'], loopback6: ['nat', 'nat'], every: ['nat'], every6: ['nat'] },
  },
  {
    name: 'with IPv6 rules of the older iptables',
    args: ['--ipv6', '--fixed-cidr-v6', 'fd00:dead:beef::/64', '--experimental', '--ip6tables'],
    legacy: true,
    ...{ loopback: ['proxy'], loopback6: ['proxy'], every: ['nat', 'proxy'], every6: ['nat', 'proxy'] },
  },
  {
    name: 'without rules and without a proxy',
    args: ['--iptables=false', '--userland-proxy=false'],
    ...{ loopback: ['proxy'], loopback6: null, every: ['proxy'], every6: null },
  },
] as const;

const CARRY: readonly string[] = ['nat', 'proxy'];

/** An address by which others know the machine. */
function ownAddress(family: 'IPv4' | 'IPv6'): string | undefined {
  const links = Object.entries(networkInterfaces()).filter(([name]) => !/^(docker|br-|bhd|veth)/.test(name));
  return links
    .flatMap(([, addresses]) => addresses ?? [])
    .find((each) => each.family === family && !each.internal && !each.address.startsWith('fe80:'))?.address;
}

/** Whether a web server answers, with whatever. */
function answers(place: string): Promise<boolean> {
  return fetch(`http://${place}/`, { signal: AbortSignal.timeout(2_000) }).then(
    () => true,
    () => false,
  );
}

for (const { name, args, ...carried } of ENGINES) {
  const legacy = 'legacy' in carried;
  const needs = {
    ...ENGINE_NEEDS,
    programs: [...ENGINE_NEEDS.programs, ...(legacy ? ['iptables-legacy', 'ip6tables-legacy'] : [])],
  };
  describeWith(`ports published by an engine ${name}`, needs, () => {
    let engine: TestEngine;
    let inspector: Inspector;
    let snapshot: Snapshot;
    const own = ownAddress('IPv4') ?? '';
    const own6 = ownAddress('IPv6');

    beforeAll(async () => {
      engine = await startEngine({ args, legacy });
      inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
      const ports = {
        loopback: '127.0.0.1:18201:80',
        loopback6: '[::1]:18202:80',
        own: `${own}:18203:80`,
        every: '18204:80',
      };
      for (const [container, port] of Object.entries(ports)) {
        // An engine without rules for IPv6 and without a proxy may refuse a port there.
        const command = ['--name', container, '-p', port, engine.image, '/bin/httpd', '-f', '-p', '80'];
        await engine.docker('run', '-d', ...command).catch((error) => {
          if (container !== 'loopback6') throw error;
        });
      }
      snapshot = await inspector.request['snapshot.take']({ endpoint: engine.host, details: true });
    });
    afterAll(async () => {
      await inspector?.close();
      await engine?.stop();
    });

    async function ways(of: string): Promise<WayIn[]> {
      const net = async (id: string | null | undefined) =>
        (await inspector.request.detail({
          endpoint: engine.host,
          subject: { type: 'namespace', id: id ?? '' },
        })) as DetailOf<'net'>;
      const container = lookAt(snapshot).container(of);
      const inside = await net(netOf(snapshot, container));
      const outside = await net(inside.links.find(({ peer }) => peer?.namespace != null)?.peer?.namespace);
      return waysIn(snapshot, container, inside.links, outside, inside);
    }

    const cases = [
      ['loopback', '127.0.0.1', '127.0.0.1:18201'],
      ['loopback6', '::1', '[::1]:18202'],
      ['own', own, `${own}:18203`],
      ['every', '0.0.0.0', `${own}:18204`],
      ...(own6 === undefined ? [] : [['every', '::', `[${own6}]:18204`] as const]),
    ] as const;

    describe.each(cases)('%s, published on %s', (container, hostIp, place) => {
      it('the way in leads as far as a connection', async () => {
        const key = hostIp === '::' ? 'every6' : container === 'own' ? 'every' : container;
        const wanted = carried[key];
        const way = (await ways(container)).find((each) => each.hostIp === hostIp);
        expect(way?.hops.filter(({ what }) => CARRY.includes(what)).map(({ what }) => what) ?? null).toEqual(wanted);
        if (way === undefined) return;
        // What the machine itself sends is not sent on, and meets no firewall for that.
        const verdicts = way.hops.filter(({ what }) => what !== 'firewall').map(({ ok }) => ok);
        const told = verdicts.every((ok) => ok === true) ? true : verdicts.includes(false) ? false : null;
        expect(told, JSON.stringify(waysSection([way]).rows, null, 1)).toBe(await answers(place));
      });
    });

    it.each(['127.0.0.1:18201', '[::1]:18202', `${own}:18203`, '127.0.0.1:18204', '[::1]:18204', `${own}:18204`])(
      'reach from the machine to %s says what a connection finds',
      async (place) => {
        const found = reach(snapshot, 'host', place);
        expect(found.verdict, JSON.stringify(found.hops, null, 1)).toBe(
          (await answers(place)) ? 'reachable' : 'not-reachable',
        );
      },
    );
  });
}
