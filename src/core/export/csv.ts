import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Table } from '../table/table.ts';
import { visibleText } from '../text/visible.ts';

type Value = string | number | boolean | null;

/**
 * A cell of RFC 4180. A spreadsheet takes what begins like a formula for one, whoever wrote it: such a text gets an
 * apostrophe, which spreadsheets do not show.
 */
function cell(value: Value): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const text = visibleText(value);
  // In East Asian settings the full-width signs begin one too.
  const inert = /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",]|^\s|\s$/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

function csv(head: readonly string[], rows: readonly (readonly Value[])[]): string {
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A table of the app. */
export function renderTable({ heads, rows }: Table): string {
  return csv(heads, rows);
}

/** A table each of what a snapshot lists, with the names of its fields as heads. */
export const CSV_TABLES = {
  containers: ({ containers }: Snapshot) =>
    csv(
      ['name', 'id', 'image', 'state', 'pid', 'created', 'privileged', 'networks'],
      containers.map(({ name, id, image, state, pid, created, privileged, networks }) => [
        ...[name, id, image, state, pid, created, privileged],
        networks.map((network) => `${network.name} ${network.ip ?? ''}`.trim()).join(' '),
      ]),
    ),
  processes: ({ processes, containers }: Snapshot) => {
    const names = new Map(containers.map(({ id, name }) => [id, name]));
    return csv(
      [
        'pid',
        'pids inside',
        'parent',
        'program',
        'arguments',
        'container',
        'uid',
        'state',
        'threads',
        ...NAMESPACE_KINDS.map((kind) => `${kind} namespace`),
      ],
      processes.map((process) => [
        ...[process.pid, process.nsPids.join(' '), process.ppid, process.comm, process.argv.join(' ')],
        process.container === null ? null : (names.get(process.container) ?? process.container),
        ...[process.uid, process.state, process.threads],
        ...NAMESPACE_KINDS.map((kind) => process.namespaces[kind]),
      ]),
    );
  },
  namespaces: ({ namespaces }: Snapshot) =>
    csv(
      ['namespace', 'kind', 'processes', 'initial', 'owner', 'parent', 'owner uid'],
      namespaces.map(({ id, kind, pids, initial, owner, parent, ownerUid }) => [
        ...[id, kind, pids.length, initial, owner, parent, ownerUid],
      ]),
    ),
  ports: ({ containers }: Snapshot) =>
    csv(
      ['container', 'port', 'protocol', 'host address', 'host port'],
      containers.flatMap(({ name, ports }) =>
        ports.map(({ containerPort, protocol, hostIp, hostPort }) => [name, containerPort, protocol, hostIp, hostPort]),
      ),
    ),
  mounts: ({ containers }: Snapshot) =>
    csv(
      ['container', 'destination', 'type', 'volume', 'source', 'read-only'],
      containers.flatMap((container) =>
        container.mounts.map(({ destination, type, name, source, readOnly }) => [
          ...[container.name, destination, type, name, source, readOnly],
        ]),
      ),
    ),
} as const;
