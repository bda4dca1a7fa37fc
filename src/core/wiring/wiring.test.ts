import fc from 'fast-check';
import { expect, it } from 'vitest';
import { madeNetworks } from '../../../test/support/made-networks.ts';
import type { Link } from '../detail/detail.ts';
import { renderSvg } from '../export/svg.ts';
import { wiringDrawing } from '../export/wiring-drawing.ts';
import { textWidth } from '../layout/marks.ts';
import { THEMES } from '../layout/palette.ts';
import type { Box } from '../layout/scene.ts';
import { snapshotOf } from '../snapshot/build.testing.ts';
import { link as linkOf } from '../snapshot/details.testing.ts';
import { collectedWiring } from '../snapshot/details.ts';
import { groupWiring } from './groups.ts';
import { layOutWiring, type Wiring } from './wiring.ts';
import { wiringMarks } from './wiring-marks.ts';

const link = (index: number, name: string, change: Partial<Link> = {}): Link => linkOf(name, { index, ...change });

const PORTS = [
  { containerPort: 80, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8080 },
  { containerPort: 80, protocol: 'tcp', hostIp: '::', hostPort: 8080 },
];

/** Two containers on a bridge, one without any link but its loopback. */
function experiment() {
  const snapshot = snapshotOf({
    containers: [{ name: 'b' }, { name: 'a', container: { ports: PORTS } }, { name: 'lonely' }],
  });
  const net = (name: string): string => {
    const pid = snapshot.containers.find((container) => container.name === name)?.pid;
    return snapshot.processes.find((process) => process.pid === pid)?.namespaces.net ?? '';
  };
  const host = snapshot.host.namespaces.net ?? '';
  const bridge = { index: 3, name: 'docker0' };
  const facts = [
    {
      id: net('b'),
      links: [link(1, 'lo', { loopback: true, kind: null }), link(2, 'eth0', { peer: { index: 12, namespace: host } })],
    },
    {
      id: net('a'),
      links: [
        link(2, 'eth0', {
          peer: { index: 11, namespace: host },
          addresses: [{ address: '172.17.0.2', prefix: 16, scope: 'global' }],
        }),
      ],
    },
    { id: net('lonely'), links: [link(1, 'lo', { loopback: true, kind: null })] },
    {
      id: host,
      links: [
        link(2, 'eth0', { kind: null, addresses: [{ address: '10.0.0.5', prefix: 24, scope: 'global' }] }),
        link(3, 'docker0', { kind: 'bridge' }),
        link(11, 'veth11', { master: bridge, peer: { index: 2, namespace: net('a') } }),
        link(12, 'veth12', { master: bridge, up: false, peer: { index: 2, namespace: net('b') } }),
      ],
    },
  ];
  return { snapshot, facts };
}

const cards = (wiring: Wiring, title: string) =>
  wiring.groups.find((group) => group.title === title)?.boxes.map((box) => box.title);

it('puts each namespace into its network, and the machine’s own links first', () => {
  const { snapshot, facts } = experiment();
  const wiring = layOutWiring(snapshot, facts);
  expect(wiring.groups.map(({ type, title }) => [type, title])).toEqual([
    ['machine', snapshot.host.hostname],
    ['network', 'docker0'],
  ]);
  expect(cards(wiring, 'docker0')).toEqual(['a', 'b']);
  expect(wiring.boxes[0]?.texts.map(({ text }) => text)).toContain('eth0 10.0.0.5/24');
  expect(wiring.leftOut).toBe(1);
  expect(wiring.notes).toEqual(['In no network: lonely']);
});

it('draws a line from the network to each member, dashed where it is down, and tells ports and both ends', () => {
  const { snapshot, facts } = experiment();
  const wiring = layOutWiring(snapshot, facts);
  const stubs = wiring.lines.filter(({ ends }) => ends[0] !== ends[1]);
  expect(stubs.map(({ up }) => up)).toEqual([true, false]);
  const texts = wiring.boxes.flatMap((box) => box.texts.map(({ text }) => text));
  expect(texts).toContain('eth0 172.17.0.2/16 ↔ veth11');
  // Both address families are one port to people.
  expect(texts).toContain('8080 → 80');
});

it('tells what the engine says of a network, by the addresses of its members or by the name of its bridge', () => {
  const { snapshot, facts } = experiment();
  const id = 'f'.repeat(64);
  const network = {
    id,
    name: 'shop_front',
    driver: 'bridge',
    internal: true,
    subnets: [{ subnet: '172.17.0.0/16', gateway: '172.17.0.1' }],
    device: null,
    options: {},
  };
  const containers = snapshot.containers.map((each) =>
    each.name === 'a' ? { ...each, networks: [{ name: 'shop_front', id, ip: '172.17.0.2', mac: null }] } : each,
  );
  const unused = { ...network, id: 'e'.repeat(64), name: 'idle' };
  const wiring = layOutWiring({ ...snapshot, containers }, facts, { networks: [network, unused] });
  const group = wiring.groups.find(({ title }) => title === 'shop_front');
  expect(group?.facts.join(' · ')).toBe('bridge · internal · 172.17.0.0/16 · gateway 172.17.0.1 · docker0');
  expect(wiring.notes).toContain('Networks without members: idle');
  // Without the engine's answer the containers say the name, and the bridge its subnet.
  expect(layOutWiring({ ...snapshot, containers }, facts).groups[1]?.title).toBe('shop_front');
  const byBridge = layOutWiring(snapshot, facts, { networks: [{ ...network, name: 'bridge', device: 'docker0' }] });
  expect(byBridge.groups[1]?.title).toBe('bridge');
});

it('is the same whatever the order of the answers', () => {
  const { snapshot, facts } = experiment();
  expect(layOutWiring(snapshot, [...facts].reverse())).toEqual(layOutWiring(snapshot, facts));
});

it('survives a picture without a host, without anything, and two ends in one namespace', () => {
  const { snapshot, facts } = experiment();
  expect(layOutWiring(snapshot, []).boxes).toEqual([]);
  expect(layOutWiring(snapshot, facts.slice(0, 1)).lines).toEqual([]);
  const [first] = facts;
  const id = first?.id ?? '';
  const loop = [
    link(5, 'x', { peer: { index: 6, namespace: id } }),
    link(6, 'y', { peer: { index: 5, namespace: id } }),
  ];
  expect(layOutWiring(snapshot, [{ id, links: loop }]).boxes[0]?.ports.map(({ name }) => name)).toEqual(['x', 'y']);
});

it('draws a namespace that has a name and no process, with its link to the machine', () => {
  const { snapshot, facts } = experiment();
  const host = snapshot.host.namespaces.net ?? '';
  const [sample] = snapshot.namespaces;
  if (sample === undefined) throw new Error('the snapshot is empty');
  const blue = {
    ...sample,
    id: 'net:[77]',
    kind: 'net' as const,
    pids: [],
    pins: [{ type: 'mount' as const, path: '/run/netns/blue', mnt: null }],
  };
  const more = facts.map((each) =>
    each.id === host
      ? { ...each, links: [...each.links, link(20, 'blue0', { peer: { index: 2, namespace: blue.id } })] }
      : each,
  );
  const wiring = layOutWiring({ ...snapshot, namespaces: [...snapshot.namespaces, blue] }, [
    ...more,
    { id: blue.id, links: [link(2, 'blue1', { peer: { index: 20, namespace: host } })] },
  ]);
  expect(cards(wiring, 'Straight to the machine')).toEqual(['blue (/run/netns/blue)']);
  expect(wiring.lines.some(({ ends }) => ends.includes(`straight ${blue.id}`))).toBe(true);
});

it('draws a link from one namespace to another between the two', () => {
  const { snapshot, facts } = experiment();
  const [b, a] = facts;
  const direct = facts.map((each) =>
    each === a
      ? { ...each, links: [link(30, 'to-b', { peer: { index: 31, namespace: b?.id ?? '' } })] }
      : each === b
        ? { ...each, links: [link(31, 'to-a', { peer: { index: 30, namespace: a?.id ?? '' } })] }
        : each,
  );
  const wiring = layOutWiring(snapshot, direct);
  const pair = wiring.groups.find(({ type }) => type === 'pair');
  expect(pair?.boxes.map(({ title }) => title)).toEqual(['a', 'b']);
  expect(wiring.lines.filter(({ ends }) => ends[0] === pair?.boxes[0]?.key)).toHaveLength(1);
});

/** A machine with so many networks, and namespaces of one to three containers in one to three of them each. */
function manyNetworks(networkCount: number, memberships: readonly number[]) {
  const { snapshot } = experiment();
  const host = snapshot.host.namespaces.net ?? '';
  const hostLinks = Array.from({ length: networkCount }, (_, index) =>
    link(1000 + index, `br-${index}`, {
      kind: 'bridge',
      addresses: [{ address: `10.${index}.0.1`, prefix: 16, scope: 'global' }],
    }),
  );
  const nets = memberships.map((many, member) => {
    const id = `net:[${5000 + member}]`;
    const links = Array.from({ length: (many % 3) + 1 }, (_, each) => {
      const network = (many * 7 + each * 5) % networkCount;
      const index = 2 + each;
      const end = 2000 + member * 3 + each;
      hostLinks.push(
        link(end, `veth${end}`, {
          master: { index: 1000 + network, name: `br-${network}` },
          peer: { index, namespace: id },
          up: many % 4 !== 0,
        }),
      );
      return link(index, `eth${each}`, {
        peer: { index: end, namespace: host },
        addresses: [{ address: `10.${network}.${member % 250}.2`, prefix: 16, scope: 'global' }],
      });
    });
    return { id, links };
  });
  return { snapshot, facts: [{ id: host, links: hostLinks }, ...nets] };
}

const inside = (a: Box, b: Box) =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
const meet = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

it('never draws a card upon another, a line through a card or a word, or text under 11 pixels', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 120 }),
      fc.integer({ min: 300, max: 2600 }),
      fc.boolean(),
      (networkCount, memberships, width, fold) => {
        const { snapshot, facts } = manyNetworks(networkCount, memberships);
        const wiring = layOutWiring(snapshot, facts, { width, fold });
        const page = { x: 0, y: 0, width: wiring.width, height: wiring.height };
        for (const [index, group] of wiring.groups.entries()) {
          expect(inside(group, page)).toBe(true);
          for (const other of wiring.groups.slice(index + 1)) expect(meet(group, other)).toBe(false);
          for (const [at, box] of group.boxes.entries()) {
            expect(inside(box, group)).toBe(true);
            for (const other of group.boxes.slice(at + 1)) expect(meet(box, other)).toBe(false);
          }
        }
        const texts = wiringMarks(wiring, THEMES.light).flatMap(({ tag, attrs, text }): Box[] => {
          if (tag !== 'text') return [];
          const size = Number(attrs['font-size']);
          expect(size).toBeGreaterThanOrEqual(11);
          const bold = attrs['font-weight'] === 'bold';
          return [
            { x: Number(attrs.x), y: Number(attrs.y) - size, width: textWidth(text ?? '', size, bold), height: size },
          ];
        });
        for (const text of texts) {
          const card = wiring.boxes.find((box) => meet(text, box));
          const around = card ?? wiring.groups.find((group) => meet(text, group)) ?? page;
          expect(inside(text, around)).toBe(true);
        }
        for (const { points, ends } of wiring.lines) {
          points.slice(1).forEach((to, index) => {
            const from = points[index] ?? to;
            const piece = {
              x: Math.min(from.x, to.x),
              y: Math.min(from.y, to.y),
              width: Math.abs(to.x - from.x),
              height: Math.abs(to.y - from.y),
            };
            for (const box of wiring.boxes) if (!ends.includes(box.key)) expect(meet(piece, box)).toBe(false);
            for (const text of texts) expect(meet(piece, text)).toBe(false);
          });
        }
      },
    ),
    { numRuns: 40 },
  );
});

it('folds the networks where there are many, so that each is seen with who is in it; one by one they unfold', () => {
  const snapshot = madeNetworks(30, 200);
  const nets = [...collectedWiring(snapshot).nets.values()].map(({ id, links }) => ({ id, links: links ?? [] }));
  const networks = snapshot.details?.networks ?? [];
  const options = { networks, width: 1060, fold: true };
  const wiring = layOutWiring(snapshot, nets, options);
  const folded = wiring.groups.filter((group) => group.folded);
  expect(folded).toHaveLength(30);
  expect(wiring.shown).toBe(layOutWiring(snapshot, nets, { networks }).shown);
  // On 1440 × 900, beside the panel, all of it is two screens.
  expect(wiring.height).toBeLessThan(1_800);
  expect(wiring.lines).toEqual([]);
  const shop = folded.find(({ title }) => title === 'shop_front');
  const said = shop?.texts.map(({ text }) => text).join(', ') ?? '';
  expect(said).toContain('billing-api-1, ');
  expect(said).toMatch(/and \d+ more/);
  expect(shop?.facts.join(' ')).toContain('172.18.0.0/16 · gateway 172.18.0.1');

  const key = shop?.key ?? '';
  const opened = layOutWiring(snapshot, nets, { ...options, folds: new Map([[key, false]]) });
  const cards = opened.groups.find((group) => group.key === key);
  expect(cards?.boxes).toHaveLength(shop?.count ?? 0);
  expect(opened.groups.filter((group) => group.folded)).toHaveLength(29);
  // Few are seen at once as they are; a file, which nobody unfolds, has all.
  expect(layOutWiring(snapshot, nets, { networks }).groups.some((group) => group.folded)).toBe(false);
  const few = experiment();
  expect(layOutWiring(few.snapshot, few.facts, { fold: true }).groups.some((group) => group.folded)).toBe(false);
});

it('escapes hostile names in the exported file', () => {
  const { snapshot, facts } = experiment();
  const hostile = facts.map((each) => ({
    ...each,
    links: each.links.map((one) => ({ ...one, name: `<script>&"\u202e${one.index}` })),
  }));
  const svg = renderSvg(
    wiringDrawing(layOutWiring(snapshot, hostile), {
      theme: 'dark',
      title: '<b>',
      takenAt: '2026-01-02T03:04:05.678Z',
    }),
  );
  expect(svg).not.toMatch(/<script|<b>|\u202e/);
  expect(svg).toContain('2026-01-02 03:04:05 UTC');
});

it('writes every published port, in as many lines as they need', () => {
  const { snapshot, facts } = experiment();
  const ports = [
    { containerPort: 80, protocol: 'tcp', hostIp: '::1', hostPort: 8081 },
    { containerPort: 53, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 5353 },
    { containerPort: 53, protocol: 'udp', hostIp: '0.0.0.0', hostPort: 5353 },
    { containerPort: 5432, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 5432 },
    ...Array.from({ length: 8 }, (_, index) => ({
      containerPort: 9000 + index,
      protocol: 'tcp',
      hostIp: '0.0.0.0',
      hostPort: 9000 + index,
    })),
  ];
  const containers = snapshot.containers.map((each) => (each.name === 'a' ? { ...each, ports } : each));
  const wiring = layOutWiring({ ...snapshot, containers }, facts);
  const svg = renderSvg(wiringDrawing(wiring, { theme: 'light', title: 'x', takenAt: '2026-01-02T03:04:05Z' }));
  for (const part of ['5353/tcp', '5353/udp → 53', '127.0.0.1:5432', '9000-9007', '[::1]:8081 → 80']) {
    expect(svg).toContain(part);
  }
});

/** One container that publishes a port and is in three networks, the first by name an internal one. */
function manifold(proxy: string[]) {
  const networks = ['aside', 'front', 'second'].map((name, index) => ({
    ...{ id: `${name}-id`, name, driver: 'bridge', internal: index === 0, device: `br${index}`, options: {} },
    subnets: [{ subnet: `172.2${index}.0.0/16`, gateway: null }],
  }));
  const joined = networks.map(({ id, name }, index) => ({ id, name, ip: `172.2${index}.0.2`, mac: null, aliases: [] }));
  const made = snapshotOf({ containers: [{ name: 'a', container: { ports: PORTS.slice(0, 1), networks: joined } }] });
  const own = made.processes.find(({ pid }) => pid === made.containers[0]?.pid)?.namespaces.net ?? '';
  const host = made.host.namespaces.net ?? '';
  const [first] = made.processes.filter(({ container }) => container === null);
  if (first === undefined) throw new Error('the machine has no process');
  const processes = proxy.length === 0 ? [] : [{ ...first, pid: 99_000, argv: proxy }];
  const facts = [
    {
      id: own,
      links: networks.map((_, index) =>
        link(10 + index, `eth${index}`, {
          peer: { index: 20 + index, namespace: host },
          addresses: [{ address: `172.2${index}.0.2`, prefix: 16, scope: 'global' }],
        }),
      ),
    },
    {
      id: host,
      links: networks.flatMap((_, index) => [
        link(30 + index, `br${index}`, { kind: 'bridge' }),
        link(20 + index, `veth${index}`, {
          master: { index: 30 + index, name: `br${index}` },
          peer: { index: 10 + index, namespace: own },
        }),
      ]),
    },
  ];
  const { groups } = groupWiring({ ...made, processes: [...made.processes, ...processes] }, facts, networks);
  return groups.flatMap(({ title, members }) => members.flatMap(({ published }) => published.map(() => title)));
}

it('a published port stands in the network over which it leads in, and in no internal one', () => {
  const to = (address: string): string[] =>
    `docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip ${address} -container-port 80`.split(' ');
  expect(manifold(to('172.22.0.2'))).toEqual(['second']);
  expect(manifold([])).toEqual(['front']);
});
