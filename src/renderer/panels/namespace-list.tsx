import { useMemo, useState } from 'react';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import type { Selection } from '../state/state.ts';

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
    <section className="namespace-list" aria-label={t('Namespaces of this machine')}>
      <header>
        <h2>{visibleText(snapshot.host.hostname)}</h2>
        <p className="muted">
          {t(
            '{processes, plural, one {# process} other {# processes}} in {namespaces, plural, one {# namespace} other {# namespaces}}.',
            { processes: snapshot.processes.length, namespaces: snapshot.namespaces.length },
          )}{' '}
          <button type="button" className="link" onClick={() => onSelect({ type: 'host' })}>
            {t('Show the process tree')}
          </button>
        </p>
        <label>
          {t('Kind')}{' '}
          <select value={kind} onChange={(event) => setKind(event.target.value as NamespaceKind | 'all')}>
            <option value="all">{t('all')}</option>
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
            <th scope="col">{t('Namespace')}</th>
            <th scope="col">{t('Processes')}</th>
            <th scope="col">{t('Leader')}</th>
            <th scope="col">{t('Held by')}</th>
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
                    ? t('initial')
                    : namespace.pins.length > 0
                      ? t('{n, plural, one {# pin} other {# pins}}', { n: namespace.pins.length })
                      : t('its processes')}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length < fitting.length && (
        <button type="button" onClick={() => setAll(true)}>
          {t('Show all {n, number}', { n: fitting.length })}
        </button>
      )}
    </section>
  );
}
