import { visibleText } from '#core/layout/marks.ts';
import { HOST, type MemberId, type Sharing } from '#core/sharing/sharing.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import type { Process, Snapshot } from '#core/snapshot/snapshot.ts';
import type { Selection } from '../state/state.ts';
import { Copy } from '../ui/copy.tsx';
import './panel.css';

interface Props {
  readonly snapshot: Snapshot;
  readonly sharing: Sharing;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection | null) => void;
}

/** Rows that are drawn of a process tree; a longer one says how many are left out. */
const MOST_ROWS = 200;

/** A process tree as rows, parents before children, with their depth. A loop in the data ends it, not us. */
export function treeRows(processes: readonly Process[]): { readonly process: Process; readonly depth: number }[] {
  const pids = new Set(processes.map((process) => process.pid));
  const children = new Map<number, Process[]>();
  const roots: Process[] = [];
  for (const process of processes) {
    if (!pids.has(process.ppid) || process.ppid === process.pid) roots.push(process);
    else children.set(process.ppid, [...(children.get(process.ppid) ?? []), process]);
  }
  const rows: { process: Process; depth: number }[] = [];
  const stack = roots.reverse().map((process) => ({ process, depth: 0 }));
  for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
    rows.push(row);
    for (const child of [...(children.get(row.process.pid) ?? [])].reverse())
      stack.push({ process: child, depth: row.depth + 1 });
  }
  return rows;
}

function Tree({ processes }: { readonly processes: readonly Process[] }) {
  const rows = treeRows(processes);
  return (
    <>
      <table className="tree">
        <thead>
          <tr>
            <th scope="col">Outside</th>
            <th scope="col">Inside</th>
            <th scope="col">Process</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map(({ process, depth }) => (
            <tr key={`${process.pid}:${process.startTime}`}>
              <td>{process.pid}</td>
              <td>{process.nsPids.at(-1) ?? '–'}</td>
              <td title={visibleText(process.argv.join(' '))}>
                {'\u00a0\u00a0'.repeat(Math.min(depth, 12))}
                {visibleText(process.comm)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && (
        <p className="muted">{rows.length - MOST_ROWS} more processes are not listed here.</p>
      )}
    </>
  );
}

/** The side panel: what is known of the selection. */
export function Panel({ snapshot, sharing, selection, onSelect }: Props) {
  const nameOf = (member: MemberId): string =>
    member === HOST
      ? 'host'
      : visibleText(snapshot.containers.find((container) => container.id === member)?.name ?? member.slice(0, 12));
  const member = (id: MemberId) => (
    <button
      key={id}
      type="button"
      className="link-button"
      onClick={() => onSelect(id === HOST ? { type: 'host' } : { type: 'container', id })}
    >
      {nameOf(id)}
    </button>
  );
  const namespace = (id: string) => (
    <button type="button" className="link-button mono" onClick={() => onSelect({ type: 'namespace', id })}>
      {id}
    </button>
  );

  function content() {
    if (selection.type === 'container') {
      const container = snapshot.containers.find((each) => each.id === selection.id);
      if (container === undefined) return <p>This container is gone.</p>;
      const standing = sharing.containers.get(container.id);
      const findings = sharing.findings.filter((finding) => finding.container === container.id);
      const broken = sharing.broken.filter((share) => share.container === container.id);
      const id = container.id.slice(0, 12);
      return (
        <>
          <h2>{visibleText(container.name)}</h2>
          <dl>
            <dt>Image</dt>
            <dd>{visibleText(container.image)}</dd>
            <dt>State</dt>
            <dd>{container.state}</dd>
            <dt>Command</dt>
            <dd>{visibleText(container.command.join(' '))}</dd>
            <dt>Id</dt>
            <dd>
              <Copy text={id} label="container id" />
            </dd>
            <dt>Ports</dt>
            <dd>
              {container.ports
                .filter((port) => port.hostPort !== null)
                .map((port) => `${port.hostIp ?? ''}:${port.hostPort} → ${port.containerPort}/${port.protocol}`)
                .join(', ') || 'none published'}
            </dd>
          </dl>
          {broken.map((share) => (
            <p key={share.kind} className="broken-share">
              <strong>Broken share ({share.kind}).</strong> {visibleText(share.text)}
            </p>
          ))}
          <h3>Namespaces</h3>
          <ul className="namespaces">
            {NAMESPACE_KINDS.map((kind) => {
              const own = standing?.[kind];
              const partners = own?.namespace ? (sharing.byNamespace.get(own.namespace)?.members ?? []) : [];
              return (
                <li key={kind} className={`k-${kind}`}>
                  <span className="swatch" /> <strong>{kind}</strong> <em>{own?.standing ?? 'unknown'}</em>{' '}
                  {own?.namespace && namespace(own.namespace)}
                  {own?.cause && <div className="muted">{visibleText(own.cause.text)}</div>}
                  {own?.standing === 'shared' && (
                    <div>with {partners.filter((each) => each !== container.id).map(member)}</div>
                  )}
                </li>
              );
            })}
          </ul>
          {findings.length > 0 && <h3>Isolation</h3>}
          {findings.map((finding) => (
            <p key={finding.code} className={`finding ${finding.severity}`}>
              <strong>{visibleText(finding.title)}</strong> {visibleText(finding.text)}
            </p>
          ))}
          <h3>Processes</h3>
          <Tree processes={snapshot.processes.filter((process) => process.container === container.id)} />
          <h3>Commands</h3>
          {container.pid !== null && (
            <>
              <Copy text={`ls -l /proc/${container.pid}/ns`} label="command" />
              <Copy text={`nsenter -t ${container.pid} -a`} label="command" />
            </>
          )}
          <Copy text={`docker exec -it ${id} sh`} label="command" />
          <Copy text={`docker run --network=container:${id} IMAGE`} label="command" />
        </>
      );
    }
    if (selection.type === 'namespace') {
      const found = snapshot.namespaces.find((each) => each.id === selection.id);
      if (found === undefined) return <p>This namespace is gone.</p>;
      const members = sharing.byNamespace.get(found.id)?.members;
      const alone = [...sharing.containers].filter(([, kinds]) => kinds[found.kind].namespace === found.id);
      const pids = new Set(found.pids);
      const outside = snapshot.processes.filter((process) => pids.has(process.pid) && process.container === null);
      return (
        <>
          <h2>{found.kind} namespace</h2>
          <Copy text={found.id} label="namespace id" />
          <dl>
            <dt>Members</dt>
            <dd>{(members ?? alone.map(([id]) => id)).map(member)}</dd>
            <dt>Owner</dt>
            <dd>{found.owner === null ? 'unknown' : namespace(found.owner)}</dd>
            <dt>Parent</dt>
            <dd>{found.parent === null ? '–' : namespace(found.parent)}</dd>
            <dt>Initial</dt>
            <dd>{found.initial ? 'yes' : 'no'}</dd>
            <dt>Pins</dt>
            <dd>
              {found.pins
                .map((pin) => (pin.type === 'mount' ? visibleText(pin.path) : `${pin.type} of ${pin.pid}`))
                .join(', ') || 'none'}
            </dd>
          </dl>
          <h3>Processes outside containers</h3>
          <Tree processes={outside} />
        </>
      );
    }
    if (selection.type === 'set') {
      const set = sharing.sets.find((each) => each.key === selection.key);
      if (set === undefined) return <p>This share is gone.</p>;
      return (
        <>
          <h2>Shared by {set.members.length}</h2>
          <p>{set.members.map(member)}</p>
          {set.shared.map((shared) => (
            <section key={shared.namespace} className={`k-${shared.kind}`}>
              <h3>
                <span className="swatch" /> {shared.kind} {namespace(shared.namespace)}
              </h3>
              <p>{MEANING[shared.kind]}</p>
              <ul>
                {shared.members.map((id) => {
                  const cause = shared.causes.get(id);
                  return (
                    <li key={id}>
                      {member(id)} {cause && <span className="muted">{visibleText(cause.text)}</span>}
                      {cause?.flag && <Copy text={visibleText(cause.flag)} label="docker run flag" />}
                    </li>
                  );
                })}
              </ul>
            </section>
          ))}
        </>
      );
    }
    const outside = snapshot.processes.filter((process) => process.container === null && !process.kernelThread);
    return (
      <>
        <h2>{visibleText(snapshot.host.hostname)}</h2>
        <dl>
          <dt>Kernel</dt>
          <dd>{visibleText(snapshot.host.kernel)}</dd>
          <dt>Role</dt>
          <dd>{snapshot.host.role}</dd>
          <dt>Processes</dt>
          <dd>{snapshot.processes.length}</dd>
          <dt>Namespaces</dt>
          <dd>{snapshot.namespaces.length}</dd>
        </dl>
        <h3>Processes outside containers</h3>
        <Tree processes={outside} />
      </>
    );
  }

  return (
    <aside className="side" aria-label="Details">
      <button type="button" className="close" aria-label="Close details" onClick={() => onSelect(null)}>
        ✕
      </button>
      {content()}
    </aside>
  );
}

/** What it means to share a namespace of a kind. Source: namespaces(7). */
const MEANING = {
  mnt: 'They see the same mounts: the same files at the same paths.',
  pid: 'They see, and may signal, each other’s processes under the same process ids.',
  net: 'They have the same network interfaces, addresses, routes and ports, and reach each other on localhost.',
  ipc: 'They reach each other’s System V shared memory, semaphores and message queues, and POSIX message queues.',
  uts: 'They have one hostname and domain name: a change by one is seen by all.',
  user: 'They have the same user and group ids: root in one is root in the others.',
  cgroup: 'They see the same root of the cgroup tree.',
  time: 'They have the same offsets of the monotonic and boot clocks.',
} as const;
