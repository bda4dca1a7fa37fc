import { expect, it } from 'vitest';
import type { Link } from '../detail/detail.ts';
import { renderSvg } from '../export/svg.ts';
import { wiringDrawing } from '../export/wiring-drawing.ts';
import { snapshotOf } from '../snapshot/build.testing.ts';
import { layOutWiring } from './wiring.ts';

function link(index: number, name: string, change: Partial<Link> = {}): Link {
  return {
    index,
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
    ...change,
  };
}

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

it('puts bridges with their members first, and boxes in the order of the host’s ports', () => {
  const { snapshot, facts } = experiment();
  const wiring = layOutWiring(snapshot, facts);
  const host = wiring.boxes.find((box) => box.host);
  expect(host?.ports.map(({ name, depth }) => `${depth}${name}`)).toEqual(['0docker0', '1veth11', '1veth12', '0eth0']);
  expect(wiring.boxes.filter((box) => !box.host).map(({ title }) => title)).toEqual(['a', 'b']);
  expect(wiring.leftOut).toBe(1);
});

it('draws each veth pair once, from port to port, and a published port to its link', () => {
  const { snapshot, facts } = experiment();
  const wiring = layOutWiring(snapshot, facts);
  const veths = wiring.lines.filter(({ type }) => type === 'veth');
  expect(veths).toHaveLength(2);
  expect(veths.map(({ up }) => up)).toEqual([true, false]);
  for (const { from, to } of veths) {
    const ends = wiring.boxes.flatMap(({ ports }) => ports.map(({ y }) => y));
    expect(ends).toContain(from.y);
    expect(ends).toContain(to.y);
    expect(from.x).toBeLessThan(to.x);
  }
  // Both address families are one port to people.
  expect(wiring.entries.map(({ text }) => text)).toEqual(['8080 → 80']);
});

it('keeps boxes apart and inside the picture, and is the same whatever the order of the answers', () => {
  const { snapshot, facts } = experiment();
  const wiring = layOutWiring(snapshot, facts);
  for (const [index, a] of wiring.boxes.entries()) {
    expect(a.x + a.width).toBeLessThanOrEqual(wiring.width);
    expect(a.y + a.height).toBeLessThanOrEqual(wiring.height);
    for (const b of wiring.boxes.slice(index + 1)) {
      expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
    }
  }
  expect(layOutWiring(snapshot, [...facts].reverse())).toEqual(wiring);
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
  const lines = layOutWiring(snapshot, [{ id, links: loop }]).lines;
  expect(lines).toHaveLength(1);
  expect(lines[0]?.around).toBe(true);
});

it('draws a namespace that has a name and no process, with the line to it', () => {
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
  expect(wiring.boxes.find(({ key }) => key === blue.id)?.title).toBe('blue (/run/netns/blue)');
  expect(wiring.lines.some(({ key }) => key.includes(`${host}#20`) && key.includes(`${blue.id}#2`))).toBe(true);
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

it('writes a port of IPv6 alone, and what has no room above its line below it', () => {
  const { snapshot, facts } = experiment();
  const ports = [
    { containerPort: 80, protocol: 'tcp', hostIp: '::1', hostPort: 8081 },
    { containerPort: 53, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 5353 },
    { containerPort: 53, protocol: 'udp', hostIp: '0.0.0.0', hostPort: 5353 },
  ];
  const containers = snapshot.containers.map((each) => (each.name === 'a' ? { ...each, ports } : each));
  const wiring = layOutWiring({ ...snapshot, containers }, facts);
  expect(wiring.entries.map(({ text }) => text)).toEqual(['5353/tcp, 5353/udp → 53, [::1]:8081 → 80']);
  const svg = renderSvg(wiringDrawing(wiring, { theme: 'light', title: 'x', takenAt: '2026-01-02T03:04:05Z' }));
  expect(svg).toContain('>[::1]:8081 → 80<');
});
