import { expect, it } from 'vitest';
import { reach } from '../answer/reach.ts';
import type { Route } from '../detail/detail.ts';
import { THEMES } from '../layout/palette.ts';
import { snapshotOf } from '../snapshot/build.testing.ts';
import { collected, link, listener, netDetail } from '../snapshot/details.testing.ts';
import { collectedWiring } from '../snapshot/details.ts';
import { wayMarks, wayOnWiring } from './way.ts';
import { layOutWiring } from './wiring.ts';

const route = (destination: string, device: string): Route => ({
  family: 4,
  table: 254,
  destination,
  gateway: null,
  source: null,
  device,
  metric: null,
  type: 'unicast',
  dead: false,
  ways: [],
});

/** `a` and `b` on one bridge, `b` also on a second one; `b` listens on port 80. */
function world(options: Readonly<Record<string, string>> = {}) {
  const snapshot = snapshotOf({ containers: [{ name: 'a' }, { name: 'b' }] });
  const machine = snapshot.host.namespaces.net ?? '';
  const net = (name: string) => {
    const pid = snapshot.containers.find((each) => each.name === name)?.pid;
    return snapshot.processes.find((each) => each.pid === pid)?.namespaces.net ?? '';
  };
  const address = (text: string) => [{ address: text, prefix: 24, scope: 'global' as const }];
  const cable = (index: number, name: string, at: string, bridge: number) =>
    link(name, {
      index,
      master: { index: bridge, name: `br${bridge}` },
      peer: { index: at === 'b2' ? 3 : 2, namespace: net(at[0] ?? '') },
    });
  const details = collected({
    [machine]: netDetail({
      links: [
        link('br5', { index: 5, kind: 'bridge', addresses: address('10.0.5.1') }),
        link('br6', { index: 6, kind: 'bridge', addresses: address('10.0.6.1') }),
        cable(11, 'vetha', 'a', 5),
        cable(12, 'vethb', 'b', 5),
        cable(13, 'vethb2', 'b2', 6),
      ],
    }),
    [net('a')]: netDetail({
      links: [link('eth0', { index: 2, peer: { index: 11, namespace: machine }, addresses: address('10.0.5.2') })],
      routes: [route('10.0.5.0/24', 'eth0')],
    }),
    [net('b')]: netDetail({
      links: [
        link('eth0', { index: 2, peer: { index: 12, namespace: machine }, addresses: address('10.0.5.3') }),
        link('eth1', { index: 3, peer: { index: 13, namespace: machine }, addresses: address('10.0.6.3') }),
      ],
      listening: [listener('0.0.0.0', 80)],
      routes: [route('10.0.5.0/24', 'eth0')],
    }),
  });
  const network = (name: string, device: string, more: Readonly<Record<string, string>>) => ({
    ...{ id: name.padEnd(64, '0'), name, driver: 'bridge', internal: false, subnets: [], device },
    options: { 'com.docker.network.bridge.name': device, ...more },
  });
  const known = {
    ...snapshot,
    details: { ...details, networks: [network('one', 'br5', options), network('two', 'br6', {})] },
  };
  const reading = collectedWiring(known);
  const nets = [...reading.nets.values()].flatMap(({ id, links }) => (links === null ? [] : [{ id, links }]));
  return { known, machine, wiring: layOutWiring(known, nets, { networks: reading.networks ?? [] }) };
}

function drawn(to: string, options: Readonly<Record<string, string>> = {}) {
  const { known, machine, wiring } = world(options);
  const answer = reach(known, 'a', to);
  const way = wayOnWiring(wiring, answer, machine);
  const titles = (keys: Iterable<string>) =>
    [...keys].map((key) => {
      const group = wiring.groups.find((each) => each.key === key || each.boxes.some((box) => box.key === key));
      const box = group?.boxes.find((each) => each.key === key);
      return box === undefined ? group?.title : `${box.title} in ${group?.title}`;
    });
  const texts = wayMarks(wiring, way, THEMES.light).flatMap(({ text }) => text ?? []);
  return {
    answer,
    way,
    wiring,
    boxes: titles(way.boxes.keys()),
    groups: titles(way.groups),
    ends: titles(way.ends === null ? [] : [way.ends.key]),
    texts,
  };
}

it('a way over one bridge: both cards there with their hops, the lines between, and neither the machine nor the other network', () => {
  const { answer, way, wiring, boxes, groups, texts } = drawn('10.0.5.3:80');
  expect(answer.verdict).toBe('reachable');
  expect(boxes).toEqual(['a in one', 'b in one']);
  expect(groups).toEqual(['one']);
  const pieces = wiring.lines.filter(({ key }) => way.lines.has(key));
  // To each card, and along both.
  expect(pieces.map(({ ends }) => ends[0] === ends[1]).sort()).toEqual([false, false, true]);
  expect(way.ends).toBeNull();
  expect(texts).toEqual(['1–3', '4–5']);
});

it('the end that fails is marked in words at the card where it does', () => {
  const { answer, ends, texts } = drawn('10.0.5.3:81');
  expect(answer.verdict).toBe('not-reachable');
  expect(ends).toEqual(['b in one']);
  expect(texts).toContain('✗ 5 fails');
});

it('what a network forbids fails at the network', () => {
  const { ends, texts } = drawn('10.0.5.3:80', { 'com.docker.network.bridge.enable_icc': 'false' });
  expect(ends).toEqual(['one']);
  expect(texts).toContain('✗ 3 fails');
});

it('without any veth on the way the beginning is marked', () => {
  const { ends, boxes, texts } = drawn('192.0.2.1:80');
  expect(boxes).toEqual(['a in one']);
  expect(ends).toEqual(['a in one']);
  expect(texts).toContain('✗ 1 fails');
});
