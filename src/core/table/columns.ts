import { changeWord } from '../layout/change-marks.ts';
import type { GraphNode } from '../layout/scene.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '../snapshot/namespace.ts';
import type { Container } from '../snapshot/snapshot.ts';
import { bytesText } from '../text/bytes.ts';
import { commas, type PlainMessage, t } from '../words/words.ts';

/** Columns of words, shown on request; those of the kinds always are. */
export const FACTS = [
  'state',
  'image',
  'command',
  'pid',
  'processes',
  'networks',
  'addresses',
  'ports',
  'mounts',
  'limits',
] as const;
export type Fact = (typeof FACTS)[number];

export const FACT_NAMES: Readonly<Record<Fact, PlainMessage>> = {
  state: 'State',
  image: 'Image',
  command: 'Command',
  pid: 'Init pid',
  processes: 'Processes',
  networks: 'Networks',
  addresses: 'Addresses',
  ports: 'Ports',
  mounts: 'Mounts',
  limits: 'Limits',
};

export type Column = 'name' | NamespaceKind | Fact;

export function isKind(column: Column): column is NamespaceKind {
  return (NAMESPACE_KINDS as readonly string[]).includes(column);
}

/** `127.0.0.1:8080→80/tcp`; a port that is only exposed has no address. */
function portText({ hostIp, hostPort, containerPort, protocol }: Container['ports'][number]): string {
  const inside = `${containerPort}/${protocol}`;
  if (hostPort === null) return inside;
  // The engine tells every published port twice, for IPv4 and IPv6.
  const everywhere = hostIp === null || hostIp === '' || hostIp === '0.0.0.0' || hostIp === '::';
  return `${everywhere ? '' : `${hostIp?.includes(':') ? `[${hostIp}]` : hostIp}:`}${hostPort}→${inside}`;
}

/** What it was limited to; '' where the engine does not tell. */
function limitsText(limits: Container['limits']): string {
  if (limits === null) return '';
  const { memory, cpus, tasks } = limits;
  const said = [
    ...(memory === null ? [] : [bytesText(memory)]),
    ...(cpus === null ? [] : [t('{cpus} CPU', { cpus })]),
    ...(tasks === null ? [] : [t('{count, plural, one {# thread} other {# threads}}', { count: tasks })]),
  ];
  return said.length === 0 ? t('none') : commas(said);
}

/** What a cell of words says; '' where there is nothing to say. */
export function factText(fact: Fact, node: GraphNode, container: Container | undefined): string {
  switch (fact) {
    case 'state':
      return t(node.state);
    case 'processes':
      return String(node.processes);
    case 'image':
      return container?.image ?? node.detail;
    case 'command':
      return container?.command.join(' ') ?? '';
    case 'pid':
      return String(container?.pid ?? node.pids?.[0] ?? '');
    case 'networks':
      return container?.networks.map(({ name }) => name).join(', ') ?? '';
    case 'addresses':
      return container?.networks.flatMap(({ ip }) => (ip === null || ip === '' ? [] : [ip])).join(', ') ?? '';
    case 'ports':
      return [...new Set(container?.ports.map(portText))].join(', ');
    case 'limits':
      return limitsText(container?.limits ?? null);
    case 'mounts':
      return (
        container?.mounts
          .map(
            ({ name, source, destination, readOnly }) => `${name ?? source}→${destination}${readOnly ? ' (ro)' : ''}`,
          )
          .join(', ') ?? ''
      );
  }
}

/** Whether each word of a text stands somewhere in a row, in its name or in any column of words, shown or not. */
export function rowHas(text: string, node: GraphNode, container: Container | undefined): boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const row = [node.label, changeWord(node), node.state, ...FACTS.map((fact) => factText(fact, node, container))]
    .join('\n')
    .toLowerCase();
  return words.every((word) => row.includes(word));
}
