import { useEffect, useMemo, useRef, useState } from 'react';
import { treeRows } from '#core/processes/tree.ts';
import type { Process } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { commas, t } from '#core/words/words.ts';
import { ProcessHolds } from '../detail/holds.tsx';
import { Copy } from '../ui/copy.tsx';
import { ProcessTools } from '../workbench/tools.tsx';
import { enterCommand, listCommand } from './commands.ts';
import { NamespaceLink, type Nav } from './nav.tsx';

/** Pixels; the style sheet has the same. */
const ROW_HEIGHT = 24;
const MOST_VISIBLE = 14;
/** Rows drawn above and below what can be seen. */
const SPARE = 8;
const DEEPEST = 10;

interface Props {
  readonly nav: Nav;
  readonly processes: readonly Process[];
  readonly name: string;
  /** What is special about a process, for example `docker exec`; null for nothing. */
  readonly mark?: (process: Process, depth: number) => string | null;
}

/** Processes as a tree with their pids outside and inside. Only the rows in sight are drawn, however many there are. */
export function ProcessTree({ nav, processes, name, mark }: Props) {
  const { pid } = nav;
  const rows = useMemo(() => treeRows(processes), [processes]);
  const [top, setTop] = useState(0);
  const [chosen, setChosen] = useState<number | null>(pid);
  const box = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that come and go later do not scroll the list
  useEffect(() => {
    if (pid === null) return;
    setChosen(pid);
    const at = rows.findIndex((row) => row.process.pid === pid);
    if (at < 0 || box.current === null) return;
    box.current.scrollTop = Math.max(0, at - MOST_VISIBLE / 2) * ROW_HEIGHT;
    box.current.scrollIntoView({ block: 'nearest' });
  }, [pid]);
  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - SPARE);
  const drawn = rows.slice(first, first + MOST_VISIBLE + 2 * SPARE);
  const after = rows.length - first - drawn.length;
  const process = rows.find((row) => row.process.pid === chosen)?.process;
  if (rows.length === 0) return <p className="muted">{t('No process.')}</p>;
  return (
    <>
      <section
        className="tree"
        ref={box}
        aria-label={name}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <div style={{ height: first * ROW_HEIGHT }} />
        <table aria-rowcount={rows.length + 1}>
          <thead>
            <tr>
              <th scope="col" title={t('The pid as the host sees it')}>
                {t('Outside')}
              </th>
              <th scope="col" title={t('The pid as the container sees it')}>
                {t('Inside')}
              </th>
              <th scope="col">{t('Process')}</th>
            </tr>
          </thead>
          <tbody>
            {drawn.map(({ process: each, depth }, index) => {
              const note = mark?.(each, depth) ?? null;
              const line = visibleText(each.argv.join(' ')) || `[${visibleText(each.comm)}]`;
              return (
                <tr
                  key={`${each.pid}:${each.startTime}`}
                  className={each.pid === chosen ? 'chosen' : ''}
                  aria-rowindex={first + index + 2}
                >
                  <td>
                    <button
                      type="button"
                      className="link mono"
                      aria-label={t('Process {pid}', { pid: each.pid })}
                      aria-expanded={each.pid === chosen}
                      onClick={() => setChosen(each.pid === chosen ? null : each.pid)}
                    >
                      {each.pid}
                    </button>
                  </td>
                  <td>{each.nsPids.at(-1) ?? '–'}</td>
                  <td className="line" title={line} style={{ paddingLeft: 8 + Math.min(depth, DEEPEST) * 10 }}>
                    {note !== null && <em className="tag">{note}</em>}
                    {line}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
        <div style={{ height: after * ROW_HEIGHT }} />
      </section>
      {process !== undefined && <ProcessDetails nav={nav} process={process} />}
    </>
  );
}

function ProcessDetails({ nav, process }: { readonly nav: Nav; readonly process: Process }) {
  const differing = process.threadNamespaces.length;
  return (
    <section className="process" aria-label={t('Process {pid}', { pid: process.pid })}>
      <dl>
        <dt>{t('Pid outside')}</dt>
        <dd>
          <Copy text={String(process.pid)} label={`pid ${process.pid}`} />
        </dd>
        <dt>{t('Pid chain')}</dt>
        <dd>{process.nsPids.length === 0 ? t('unknown') : process.nsPids.join(' → ')}</dd>
        <dt>{t('Runs as')}</dt>
        <dd>{commas([`uid ${process.uid}`, `gid ${process.gid}`])}</dd>
        <dt>{t('Command')}</dt>
        <dd>
          {process.argv.length === 0 ? (
            t('none (a kernel thread, or it cleared its arguments)')
          ) : (
            <Copy text={visibleText(process.argv.join(' '))} label={t('command line')} />
          )}
          {process.argvTruncated && <span className="muted"> {t('(cut off: it is longer)')}</span>}
        </dd>
        {process.unreadable && (
          <>
            <dt>{t('Namespaces')}</dt>
            <dd>{t('The kernel did not let Bulkhead read them.')}</dd>
          </>
        )}
        {process.namespaces.net !== null && (
          <>
            <dt>{t('Network')}</dt>
            <dd>
              <NamespaceLink nav={nav} id={process.namespaces.net} />
            </dd>
          </>
        )}
        {differing > 0 && (
          <>
            <dt>{t('Threads')}</dt>
            <dd>{t('{n, number} in other namespaces than the process itself', { n: differing })}</dd>
          </>
        )}
      </dl>
      <ProcessTools process={process} />
      <ProcessHolds process={process} />
      <Copy text={listCommand(process.pid)} label={t('ls command')} />
      <Copy text={enterCommand(process.pid, 'all')} label={t('nsenter command')} />
    </section>
  );
}
