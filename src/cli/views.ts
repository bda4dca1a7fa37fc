import type { EndpointReport, SessionEvent } from '#api/contract.ts';
import type { Patch } from '#core/diff/patch.ts';
import { HOST, type Sharing } from '#core/sharing/sharing.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { type Cell, safe, table } from './text.ts';

/** Everything here gives text for stdout, escaped, ending with a line break. */

export function endpointsView(reports: readonly EndpointReport[], colour: boolean): string {
  const rows = reports.map((report): (Cell | string)[] => [
    report.current ? `${report.name} *` : report.name,
    report.usable ? { text: 'usable', tone: 'green' } : { text: 'not usable', tone: 'red' },
    report.engine === null ? '' : `${report.engine.kind} ${report.engine.version}`,
    report.address ?? report.id,
    report.sources.join(', '),
    report.reason ?? '',
  ]);
  return table(['NAME', 'STATE', 'ENGINE', 'ADDRESS', 'FOUND BY', 'REASON'], rows, colour);
}

function summary(snapshot: Snapshot): string {
  const { engine, host } = snapshot;
  const lines = [
    engine === null ? 'Engine: none' : `Engine: ${engine.name}, ${engine.kind} ${engine.version}, ${engine.endpoint}`,
    `Host: ${host.hostname}, Linux ${host.kernel}, ${host.arch}`,
    `${snapshot.processes.length} processes, ${snapshot.namespaces.length} namespaces, ${snapshot.containers.length} containers, ${snapshot.takenAt}`,
  ];
  if (snapshot.demo) lines.unshift('This is a recording, not this machine.');
  return lines.map((line) => `${safe(line)}\n`).join('');
}

/** What a scan found, a line a container, with the standing of each of its eight namespaces. */
export function scanView(snapshot: Snapshot, sharing: Sharing, colour: boolean): string {
  const processes = new Map<string, number>();
  for (const { container } of snapshot.processes) {
    if (container !== null) processes.set(container, (processes.get(container) ?? 0) + 1);
  }
  const rows = snapshot.containers
    .filter((container) => !container.helper)
    .map((container): (Cell | string)[] => {
      const standings = sharing.containers.get(container.id);
      return [
        container.name,
        { text: container.state, tone: container.state === 'running' ? 'green' : 'dim' },
        container.pid === null ? '-' : String(container.pid),
        String(processes.get(container.id) ?? 0),
        ...NAMESPACE_KINDS.map((kind): Cell => {
          const standing = standings?.[kind];
          if (standing === undefined || standing.standing === 'unknown') return { text: '?', tone: 'dim' };
          if (standing.standing === 'shared') return { text: `shared ${standing.partners}`, tone: 'yellow' };
          return standing.standing === 'host' ? { text: 'host', tone: 'red' } : { text: 'private' };
        }),
      ];
    });
  const containers =
    rows.length === 0
      ? 'No containers.\n'
      : table(
          ['CONTAINER', 'STATE', 'PID', 'PROCESSES', ...NAMESPACE_KINDS.map((kind) => kind.toUpperCase())],
          rows,
          colour,
        );
  return `${summary(snapshot)}\n${containers}`;
}

function nameOf(snapshot: Snapshot): (id: string) => string {
  const names = new Map(snapshot.containers.map(({ id, name }) => [id, name]));
  return (id) => (id === HOST ? 'host' : (names.get(id) ?? id.slice(0, 12)));
}

/** Who shares what with whom, and why; then what was declared and is not so. */
export function sharedView(snapshot: Snapshot, sharing: Sharing, colour: boolean): string {
  const name = nameOf(snapshot);
  const shared = [...sharing.byNamespace.values()].sort(
    (a, b) => NAMESPACE_KINDS.indexOf(a.kind) - NAMESPACE_KINDS.indexOf(b.kind) || (a.namespace < b.namespace ? -1 : 1),
  );
  const rows = shared.flatMap((entry) =>
    entry.members.map((member, index): (Cell | string)[] => [
      index === 0 ? entry.kind : '',
      index === 0 ? entry.namespace : '',
      { text: name(member), tone: member === HOST ? 'red' : 'plain' },
      entry.causes.get(member)?.text ?? '',
    ]),
  );
  const text = rows.length === 0 ? 'Nothing is shared.\n' : table(['KIND', 'NAMESPACE', 'MEMBER', 'WHY'], rows, colour);
  if (sharing.broken.length === 0) return text;
  const broken = sharing.broken.map((share) => [name(share.container), share.kind, share.declared, share.text]);
  return `${text}\n${table(['BROKEN SHARE OF', 'KIND', 'DECLARED', 'WHAT TO DO'], broken, colour)}`;
}

/** Turns a session's events into lines for people. Holds the names of what may go away later. */
export function createWatchView(): (event: SessionEvent) => string {
  const containers = new Map<string, string>();
  const processes = new Map<string, string>();
  const identity = (process: { pid: number; startTime: number }) => `${process.pid} ${process.startTime}`;

  function patchLines(patch: Patch): string[] {
    const lines: string[] = [];
    for (const container of patch.containers.upsert) {
      if (container.helper) continue;
      const sign = containers.has(container.id) ? '~' : '+';
      const pid = container.pid === null ? '' : `, pid ${container.pid}`;
      containers.set(container.id, container.name);
      lines.push(`${sign} container ${container.name} ${container.state}${pid}`);
    }
    for (const id of patch.containers.remove) {
      const name = containers.get(id);
      if (name !== undefined) lines.push(`- container ${name}`);
      containers.delete(id);
    }
    for (const process of patch.processes.upsert) {
      const sign = processes.has(identity(process)) ? '~' : '+';
      const owner = process.container === null ? undefined : containers.get(process.container);
      const text = `process ${process.pid} ${process.comm}${owner === undefined ? '' : ` in ${owner}`}`;
      processes.set(identity(process), text);
      lines.push(`${sign} ${text}`);
    }
    for (const gone of patch.processes.remove) {
      lines.push(`- ${processes.get(identity(gone)) ?? `process ${gone.pid}`}`);
      processes.delete(identity(gone));
    }
    for (const namespace of patch.namespaces.upsert) lines.push(`+ namespace ${namespace.id}`);
    for (const id of patch.namespaces.remove) lines.push(`- namespace ${id}`);
    return lines.map((line) => `${patch.takenAt}  ${line}`);
  }

  return (event) => {
    if (event.type === 'change') {
      return patchLines(event.patch)
        .map((line) => `${safe(line)}\n`)
        .join('');
    }
    if (event.type !== 'snapshot') return '';
    containers.clear();
    processes.clear();
    for (const { id, name, helper } of event.snapshot.containers) if (!helper) containers.set(id, name);
    for (const process of event.snapshot.processes) {
      const owner = process.container === null ? undefined : containers.get(process.container);
      processes.set(
        identity(process),
        `process ${process.pid} ${process.comm}${owner === undefined ? '' : ` in ${owner}`}`,
      );
    }
    return summary(event.snapshot);
  };
}
