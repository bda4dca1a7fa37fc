import type { Link } from '../detail/detail.ts';
import { namespaceName } from '../snapshot/namespace-name.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { publishedLabels } from './port-labels.ts';

/** How the network namespaces are wired together: boxes with ports, and lines between ports. */

export interface WiringPort {
  /** Its namespace and link index. */
  readonly key: string;
  readonly name: string;
  /** Its addresses, or what it is. */
  readonly detail: string;
  readonly up: boolean;
  /** A bridge stands above its members, which are set in. */
  readonly depth: 0 | 1;
  readonly x: number;
  /** Middle of its row. */
  readonly y: number;
  readonly width: number;
}

export interface WiringBox {
  /** The namespace's id. */
  readonly key: string;
  readonly title: string;
  readonly host: boolean;
  readonly ports: readonly WiringPort[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WiringLine {
  readonly key: string;
  readonly type: 'veth' | 'published';
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
  /** Both ends are on the right of their boxes: the line goes around. */
  readonly around: boolean;
  readonly up: boolean;
}

/** A published port, at the left, with a line to the link that it ends at. */
export interface WiringEntry {
  readonly key: string;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface Wiring {
  readonly boxes: readonly WiringBox[];
  readonly lines: readonly WiringLine[];
  readonly entries: readonly WiringEntry[];
  readonly width: number;
  readonly height: number;
  /** Namespaces with nothing but their loopback, and those beyond the limit: not drawn. */
  readonly leftOut: number;
}

export const ROW = 26;
export const TITLE = 34;
const BOX = 300;
const GAP = 22;
const MARGIN = 28;
const ENTRY = 220;
const CHANNEL = 140;
const INSET = 16;
/** More boxes than a person reads; the others are counted. */
const MOST_BOXES = 120;

/** A namespace whose links are known. */
export interface WiredNet {
  readonly id: string;
  readonly links: readonly Link[];
}

function portKey(namespace: string, index: number): string {
  return `${namespace}#${index}`;
}

/** Bridges first with their members, then what is in none; the loopback is in every namespace and is left out. */
function orderLinks(links: readonly Link[]): { link: Link; depth: 0 | 1 }[] {
  const shown = links.filter(
    ({ loopback, kind, up, addresses }) => !loopback && (up || kind === 'veth' || addresses.length > 0),
  );
  const indexes = new Set(shown.map(({ index }) => index));
  const members = (master: number) => shown.filter((link) => link.master?.index === master);
  const tops = shown.filter(({ master }) => master === null || !indexes.has(master.index));
  const bridges = tops.filter(({ index }) => members(index).length > 0);
  const others = tops.filter(({ index }) => members(index).length === 0);
  return [
    ...bridges.flatMap((bridge) => [
      { link: bridge, depth: 0 as const },
      ...members(bridge.index).map((link) => ({ link, depth: 1 as const })),
    ]),
    ...others.map((link) => ({ link, depth: 0 as const })),
  ];
}

function titleOf(snapshot: Snapshot, id: string): string {
  const namespace = snapshot.namespaces.find((each) => each.id === id);
  const pids = new Set(namespace?.pids);
  const ids = new Set<string>();
  for (const { pid, container } of snapshot.processes) if (container !== null && pids.has(pid)) ids.add(container);
  const names = snapshot.containers
    .filter((container) => ids.has(container.id) && !container.helper)
    .map(({ name }) => name);
  if (names.length > 0) return names.join(', ');
  const leader = snapshot.processes.find(({ pid }) => pids.has(pid));
  if (leader !== undefined) return `${leader.comm} ${leader.pid}`;
  const given = namespace === undefined ? null : namespaceName(namespace);
  return given === null ? id : `${given.name} (${given.path})`;
}

function detailOf({ kind, addresses, mac }: Link): string {
  // Every link has a link-local address: it tells nothing.
  const global = addresses.filter(({ scope }) => scope !== 'link');
  if (global.length === 0) return kind ?? mac ?? '';
  const v4 = global.filter(({ address }) => !address.includes(':'));
  return (v4.length > 0 ? v4 : global).map(({ address, prefix }) => `${address}/${prefix}`).join(' ');
}

/** Containers of a namespace that publish ports themselves, by name. */
function publishers(snapshot: Snapshot, id: string): Container[] {
  const pids = new Set(snapshot.namespaces.find((each) => each.id === id)?.pids);
  return snapshot.containers.filter(({ pid, ports }) => pid !== null && pids.has(pid) && ports.length > 0);
}

/**
 * Boxes in two columns: the host's namespace at the left, the others at the right in the order of the host's ports, so
 * that lines do not cross. Deterministic; near linear in links.
 */
export function layOutWiring(snapshot: Snapshot, facts: readonly WiredNet[]): Wiring {
  const hostId = snapshot.host.namespaces.net ?? snapshot.host.initial.net;
  const host = facts.find(({ id }) => id === hostId);
  const rest = facts.filter((each) => each !== host);
  const hostLinks = orderLinks(host?.links ?? []);
  const row = new Map<string, number>();
  for (const [index, { link }] of hostLinks.entries())
    if (link.peer !== null) row.set(portKey(link.peer.namespace ?? '', link.peer.index), index);

  const wired = rest
    .map((each) => ({ ...each, ports: orderLinks(each.links) }))
    .filter(({ ports }) => ports.length > 0)
    .map((each) => {
      const rows = each.ports.map(({ link }) => row.get(portKey(each.id, link.index)) ?? Number.POSITIVE_INFINITY);
      return { ...each, first: Math.min(...rows), title: titleOf(snapshot, each.id) };
    })
    .sort((a, b) =>
      a.first !== b.first ? (a.first < b.first ? -1 : 1) : a.title < b.title ? -1 : a.title > b.title ? 1 : 0,
    );
  const drawn = wired.slice(0, MOST_BOXES);

  const left = MARGIN + ENTRY;
  const right = left + BOX + CHANNEL;
  const boxes: WiringBox[] = [];
  const ports = new Map<string, { port: WiringPort; box: WiringBox; link: Link }>();
  const place = (
    id: string,
    title: string,
    isHost: boolean,
    x: number,
    y: number,
    links: ReturnType<typeof orderLinks>,
  ): number => {
    const list = links.map(
      ({ link, depth }, index): WiringPort => ({
        key: portKey(id, link.index),
        name: link.name,
        detail: detailOf(link),
        up: link.up,
        depth,
        x: x + 10 + depth * INSET,
        y: y + TITLE + index * ROW + ROW / 2,
        width: BOX - 20 - depth * INSET,
      }),
    );
    const height = TITLE + Math.max(1, list.length) * ROW + 10;
    const box: WiringBox = { key: id, title, host: isHost, ports: list, x, y, width: BOX, height };
    boxes.push(box);
    for (const [index, port] of list.entries()) {
      const link = links[index]?.link;
      if (link !== undefined) ports.set(port.key, { port, box, link });
    }
    return height;
  };
  let top = MARGIN;
  for (const { id, title, ports: links } of drawn) top += place(id, title, false, right, top, links) + GAP;
  const bottom = top - GAP + MARGIN;
  let height = bottom;
  if (host !== undefined) {
    const own = TITLE + Math.max(1, hostLinks.length) * ROW + 10;
    const y = Math.max(MARGIN, (bottom - own) / 2);
    height = Math.max(height, y + place(host.id, snapshot.host.hostname, true, left, y, hostLinks) + MARGIN);
  }

  const lines: WiringLine[] = [];
  for (const [key, { port, box, link }] of ports) {
    if (link.peer === null || link.peer.namespace === null) continue;
    const other = ports.get(portKey(link.peer.namespace, link.peer.index));
    // Each pair once: from the host's end, else from the end that comes first.
    if (other === undefined || (other.box.host ? !box.host : !box.host && other.port.key < key)) continue;
    if (other.box.host && box.host && other.port.key < key) continue;
    const around = box.host === other.box.host;
    lines.push({
      key: `${key}-${other.port.key}`,
      type: 'veth',
      from: { x: box.x + box.width, y: port.y },
      to: { x: around ? other.box.x + other.box.width : other.box.x, y: other.port.y },
      around,
      up: link.up && other.link.up,
    });
  }
  const entries: WiringEntry[] = [];
  for (const { id, ports: links } of drawn) {
    const published = publishedLabels(publishers(snapshot, id).flatMap(({ ports: all }) => all));
    const peer = links.find(({ link }) => link.peer?.namespace === hostId)?.link.peer;
    const target = peer === undefined || peer === null ? undefined : ports.get(portKey(hostId ?? '', peer.index));
    if (target === undefined || published.length === 0) continue;
    entries.push({ key: id, text: published.join(', '), x: MARGIN, y: target.port.y, width: ENTRY - 30 });
    lines.push({
      key: `published ${id}`,
      type: 'published',
      from: { x: MARGIN + ENTRY - 30, y: target.port.y },
      to: { x: target.box.x, y: target.port.y },
      around: false,
      up: true,
    });
  }
  return {
    boxes,
    lines,
    entries,
    width: right + BOX + MARGIN + 40,
    height,
    leftOut: facts.length - boxes.length,
  };
}
