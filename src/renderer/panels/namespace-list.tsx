import { useMemo, useState } from 'react';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import type { Selection } from '../state/state.ts';
import { count } from '../ui/words.ts';

/** Rows that are drawn until all are asked for. */
const FIRST_ROWS = 200;

interface Props {
  readonly snapshot: Snapshot;
  readonly selection: Selection | null;
  readonly onSelect: (selection: Selection) => void;
}

/** Every namespace of a machine without containers: what there is to look at there. */
export function NamespaceList({ snapshot, selection, onSelect }: Props) {
  const [all, setAll] = useState(false);
  const [kind, setKind] = useState<NamespaceKind | 'all'>('all');
  const commands = useMemo(
    () => new Map(snapshot.processes.map((process) => [process.pid, process.comm])),
    [snapshot.processes],
  );
  const fitting = snapshot.namespaces.filter((namespace) => kind === 'all' || namespace.kind === kind);
  const rows = all ? fitting : fitting.slice(0, FIRST_ROWS);
  return (
    <section className="namespace-list" aria-label="Namespaces of this machine">
      <header>
        <h2>{visibleText(snapshot.host.hostname)}</h2>
        <p className="muted">
          {count(snapshot.processes.length, 'process', 'processes')} in {count(snapshot.namespaces.length, 'namespace')}
          .{' '}
          <button type="button" className="link" onClick={() => onSelect({ type: 'host' })}>
            Show the process tree
          </button>
        </p>
        <label>
          Kind{' '}
          <select value={kind} onChange={(event) => setKind(event.target.value as NamespaceKind | 'all')}>
            <option value="all">all</option>
            {NAMESPACE_KINDS.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">Namespace</th>
            <th scope="col">Processes</th>
            <th scope="col">Leader</th>
            <th scope="col">Held by</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((namespace) => {
            const leader = namespace.pids[0];
            return (
              <tr
                key={namespace.id}
                className={selection?.type === 'namespace' && selection.id === namespace.id ? 'selected' : ''}
              >
                <td>
                  <span className={`swatch k-${namespace.kind}`} aria-hidden="true" />{' '}
                  <button
                    type="button"
                    className="link mono"
                    onClick={() => onSelect({ type: 'namespace', id: namespace.id })}
                  >
                    {namespace.id}
                  </button>
                </td>
                <td>{namespace.pids.length}</td>
                <td className="ellipsis">
                  {leader === undefined ? '–' : `${leader} ${visibleText(commands.get(leader) ?? '')}`}
                </td>
                <td>
                  {namespace.initial
                    ? 'initial'
                    : namespace.pins.length > 0
                      ? count(namespace.pins.length, 'pin')
                      : 'its processes'}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length < fitting.length && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {fitting.length}
        </button>
      )}
    </section>
  );
}
