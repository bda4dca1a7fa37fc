import type { EndpointReport } from '#api/contract.ts';
import { createMemberNames, isDefault } from '#core/sharing/describe.ts';
import { HOST, type SharedNamespace, type Sharing } from '#core/sharing/sharing.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import { pinText } from '#core/snapshot/pin-text.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { inEnglish } from '#core/words/language.ts';
import { commas, t } from '#core/words/words.ts';
import type { Listing, ListingOptions, Look } from './listing.ts';
import { isChosen, listingText } from './listing.ts';
import { type Cell, table } from './text.ts';

/** Everything here gives text for stdout, escaped, ending with a line break. */

/** By what an endpoint was found; `DOCKER_HOST` and the like are names. */
function sourceText(source: string): string {
  const context = /^context (.+)$/s.exec(source)?.[1];
  if (context !== undefined) return t('context {name}', { name: context });
  if (source === 'settings') return t('settings');
  if (source === 'well-known socket') return t('well-known socket');
  return source === 'well-known pipe' ? t('well-known pipe') : source;
}

export function endpointsView(reports: readonly EndpointReport[], options: ListingOptions, look: Look): string {
  const rows = reports.map((report): (Cell | string)[] => [
    report.current ? `${report.name} *` : report.name,
    report.usable
      ? { text: t('usable'), english: 'usable', tone: 'green' }
      : { text: t('not usable'), english: 'not usable', tone: 'red' },
    report.engine === null ? '' : `${report.engine.kind} ${report.engine.version}`,
    report.address ?? report.id,
    { text: commas(report.sources.map(sourceText)), english: report.sources.join(', ') },
    report.reason ?? '',
    report.id,
  ]);
  const columns = [...columnsOf('name', 'state', 'engine', 'address', 'found-by', 'reason'), { id: 'id', extra: true }];
  return listingText({ columns, rows, key: 'id' }, options, look);
}

const columnsOf = (...ids: readonly string[]) => ids.map((id) => ({ id }));

export function summary(snapshot: Snapshot): string {
  const { engine, host } = snapshot;
  const lines = [
    engine === null
      ? t('Engine: none')
      : t('Engine: {name}, {kind} {version}, {endpoint}', {
          name: engine.name,
          kind: engine.kind,
          version: engine.version,
          endpoint: engine.endpoint,
        }),
    t('Host: {name}, Linux {kernel}, {arch}', { name: host.hostname, kernel: host.kernel, arch: host.arch }),
    t('{processes} processes, {namespaces} namespaces, {containers} containers, {time}', {
      processes: snapshot.processes.length,
      namespaces: snapshot.namespaces.length,
      containers: snapshot.containers.filter(({ helper }) => !helper).length,
      time: snapshot.takenAt,
    }),
  ];
  if (snapshot.demo) lines.unshift(t('A recording, not this computer.'));
  return lines.map((line) => `${visibleText(line)}\n`).join('');
}

/** Every namespace with its leader (the process of the lowest pid), as lsns shows them. */
function namespaces(snapshot: Snapshot): Listing {
  const byPid = new Map(snapshot.processes.map((process) => [process.pid, process]));
  const rows = snapshot.namespaces.map(({ id, kind, initial, pids, pins, owner }): (Cell | string)[] => {
    const leader = byPid.get(pids[0] ?? -1);
    const pinned = pins.map((pin) => (pin.type === 'mount' ? pin.path : pinText(pin, snapshot, byPid)));
    const held = leader === undefined ? pinned.join('; ') : leader.argv.join(' ') || `[${leader.comm}]`;
    return [
      kind,
      initial ? { text: id, tone: 'dim' } : id,
      String(pids.length),
      leader === undefined ? '-' : String(leader.pid),
      owner ?? '?',
      held.length > 60 ? `${held.slice(0, 59)}…` : held,
    ];
  });
  const columns = columnsOf('kind', 'namespace', 'processes', 'leader', 'owner', 'command-or-pin');
  return { columns, rows, key: 'namespace' };
}

/** Processes whose cgroup bears a container's id though nothing else says that they are the container's. */
function claimsText(snapshot: Snapshot): string {
  const name = createMemberNames(snapshot);
  const lines = snapshot.processes.flatMap(({ pid, comm, uid, container, belongs }) =>
    container !== null || belongs?.cgroupOf == null
      ? []
      : t(
          'Pid {pid} ({comm}, uid {uid}) is in a cgroup with the id of {container}, but by its ancestors and namespaces it does not belong to that container.',
          { pid: String(pid), comm, uid: uid === null ? '?' : String(uid), container: name(belongs.cgroupOf) },
        ),
  );
  return lines.length === 0 ? '' : `\n${lines.map((line) => `${visibleText(line)}\n`).join('')}`;
}

/**
 * What a scan found, a line a container, with the standing of each of its eight namespaces; without an engine, a line a
 * namespace.
 */
export function scanView(snapshot: Snapshot, sharing: Sharing, options: ListingOptions, look: Look): string {
  if (snapshot.engine === null) {
    const list = listingText(namespaces(snapshot), options, look);
    return isChosen(options) ? list : `${summary(snapshot)}\n${list}`;
  }
  const listing = containers(snapshot, sharing);
  if (isChosen(options)) return listingText(listing, options, look);
  const list = listing.rows.length === 0 ? `${t('No containers.')}\n` : listingText(listing, options, look);
  return `${summary(snapshot)}\n${list}${claimsText(snapshot)}`;
}

function containers(snapshot: Snapshot, sharing: Sharing): Listing {
  const processes = new Map<string, number>();
  const left = new Map<string, number>();
  for (const { container, belongs } of snapshot.processes) {
    if (container === null) continue;
    processes.set(container, (processes.get(container) ?? 0) + 1);
    if (belongs?.disagrees === true) left.set(container, (left.get(container) ?? 0) + 1);
  }
  const processesText = (id: string): string => {
    const count = String(processes.get(id) ?? 0);
    const outside = left.get(id) ?? 0;
    return outside === 0
      ? count
      : t('{processes} ({outside} outside its cgroup)', { processes: count, outside: String(outside) });
  };
  const rows = snapshot.containers
    .filter((container) => !container.helper)
    .map((container): (Cell | string)[] => {
      const standings = sharing.containers.get(container.id);
      return [
        container.name,
        { text: container.state, tone: container.state === 'running' ? 'green' : 'dim' },
        container.pid === null ? '-' : String(container.pid),
        processesText(container.id),
        ...NAMESPACE_KINDS.map((kind): Cell => {
          const standing = standings?.[kind];
          if (standing === undefined || standing.standing === 'unknown') return { text: '?', tone: 'dim' };
          if (standing.standing === 'shared') {
            const sharedBy = (): string => t('shared by {count, number}', { count: standing.partners + 1 });
            return { text: sharedBy(), english: inEnglish(sharedBy), tone: 'yellow' };
          }
          return standing.standing === 'host'
            ? { text: 'host', tone: 'red' }
            : { text: t('private'), english: 'private' };
        }),
        container.id,
        container.image,
      ];
    });
  const columns = [
    ...columnsOf('container', 'state', 'pid', 'processes', ...NAMESPACE_KINDS),
    { id: 'id', extra: true },
    { id: 'image', extra: true },
  ];
  return { columns, rows, key: 'id' };
}

/**
 * Who shares what with whom, and why; then what was declared and is not so. What the engine leaves with the host by
 * default is in it only with `all`: every container has that.
 */
export function sharedView(
  snapshot: Snapshot,
  sharing: Sharing,
  options: ListingOptions & { readonly all?: boolean },
  look: Look,
): string {
  const all = options.all === true;
  const name = createMemberNames(snapshot);
  const every = [...sharing.byNamespace.values()];
  const shown = every.filter((shared) => all || !isDefault(shared));
  const withHost = ({ members }: SharedNamespace): number => (members.includes(HOST) ? 1 : 0);
  shown.sort(
    (a, b) =>
      withHost(a) - withHost(b) ||
      NAMESPACE_KINDS.indexOf(a.kind) - NAMESPACE_KINDS.indexOf(b.kind) ||
      (a.namespace < b.namespace ? -1 : 1),
  );
  const chosen = isChosen(options);
  const rows = shown.flatMap((entry) =>
    entry.members.map((member, index): (Cell | string)[] => [
      index === 0 || chosen ? entry.kind : '',
      index === 0 || chosen ? entry.namespace : '',
      { text: name(member), tone: member === HOST ? 'red' : 'plain' },
      entry.causes.get(member)?.text ?? '',
    ]),
  );
  const left = every.length - shown.length;
  const listing = { columns: columnsOf('kind', 'namespace', 'member', 'why'), rows, key: 'namespace' };
  if (chosen) return listingText(listing, options, look);
  const text = rows.length === 0 ? `${t('Nothing is shared.')}\n` : listingText(listing, options, look);
  const defaults =
    left === 0
      ? ''
      : `${t(
          'Not shown: {count, plural, one {# namespace} other {# namespaces}} that containers share with the host by default. --all shows them.',
          { count: left },
        )}\n`;
  if (sharing.broken.length === 0) return text + defaults;
  const broken = sharing.broken.map((share) => [name(share.container), share.kind, share.declared, share.text]);
  return `${text}${defaults}\n${table(['BROKEN SHARE OF', 'KIND', 'DECLARED', 'WHAT TO DO'], broken, look.colour, look.columns)}`;
}
