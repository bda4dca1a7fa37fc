import { type KeyboardEvent, useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import {
  commandText,
  type ListOptions,
  PROCESS_COLUMNS,
  type ProcessColumn,
  type ProcessRow,
  processRows,
  stateText,
  userText,
} from '#core/processes/rows.ts';
import { visibleText } from '#core/text/visible.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import { useUidMaps } from '../detail/use-uid-maps.ts';
import { type Page, usePage, usePageState } from '../page/page.ts';
import { useUsage } from '../resources/use-usage.ts';
import { amountText, isUse, processUses, type Use } from '../resources/uses.ts';
import { liveEndpoint, type Selection, shownSnapshot } from '../state/state.ts';
import { SortHeads } from '../ui/sort-heads.tsx';
import { useRows } from '../ui/use-rows.ts';
import './processes.css';

/** Pixels, as in processes.css. */
const ROW_HEIGHT = 26;
const PAGE_ROWS = 20;
const DEEPEST = 12;
const UNMEASURED: Use = { cpu: null, memory: null };

const HEADS: Readonly<Record<ProcessColumn, readonly [label: PlainMessage, title: PlainMessage]>> = {
  pid: ['PID', 'Its pid on the machine'],
  inside: ['Inside', 'Its pid in its own pid namespace'],
  command: ['Command', 'Its arguments; in brackets its name, where it has none'],
  container: ['Container', 'The container that it belongs to'],
  user: ['User', 'Its effective user id: in its own user namespace → on the machine'],
  cpu: ['CPU %', 'Of one processor: two busy ones are 200'],
  memory: ['Memory', 'What of it is in memory now, with what it shares with others'],
  namespaces: ['Own namespaces', "Those that are not the machine's"],
  threads: ['Threads', 'How many threads it has'],
  state: ['State', 'Whether it runs, sleeps or waits'],
};

/** What stands for a process in the rest of the page. */
function selectionOf({ process }: ProcessRow): Selection {
  return process.container === null
    ? { type: 'host', pid: process.pid }
    : { type: 'container', id: process.container, pid: process.pid };
}

/** Shows the card of a process in the picture. */
function jump(page: Page, row: ProcessRow): void {
  page.store.dispatch({ type: 'show', shown: 'graph' });
  page.show(selectionOf(row));
}

/** Everything that runs on the machine: a tree or a list, whatever its length, one stop of the Tab key. */
export function ProcessesView() {
  const page = usePage();
  const snapshot = usePageState(shownSnapshot);
  const chosen = usePageState(({ selection }) =>
    selection?.type === 'container' || selection?.type === 'host' ? (selection.pid ?? null) : null,
  );
  const [options, setOptions] = useState<ListOptions>({
    tree: true,
    filter: '',
    kernelThreads: false,
    sort: { column: 'pid', down: false },
    folded: new Set(),
  });
  // A typed key is shown at once, the rows follow as soon as they are ready.
  const asked = useDeferredValue(options);
  // Use is only measured live: saved snapshots and past moments have none.
  const live = usePageState((state) => liveEndpoint(state) !== null);
  const { usage } = useUsage(live);
  const uses = useMemo(() => processUses(usage), [usage]);
  const columns = PROCESS_COLUMNS.filter((column) => live || !isUse(column));
  // Use changes every second: the rows are only sorted again if they are sorted by it.
  const order = isUse(asked.sort.column) ? uses : undefined;
  const rows = useMemo(
    () => (snapshot === null ? [] : processRows(snapshot, order === undefined ? asked : { ...asked, uses: order })),
    [snapshot, asked, order],
  );
  const [cursor, setCursor] = useState<number | null>(null);
  const maps = useUidMaps(snapshot);
  const home = snapshot?.host.namespaces.user ?? null;
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const { first, last, reveal } = useRows(box, rows.length, ROW_HEIGHT);
  const at = Math.max(
    0,
    rows.findIndex(({ process }) => process.pid === (cursor ?? chosen)),
  );
  const total = snapshot?.processes.filter((process) => asked.kernelThreads || !process.kernelThread).length ?? 0;
  const found = rows.filter((row) => row.found).length;

  function change(part: Partial<ListOptions>): void {
    setOptions({ ...options, ...part });
  }

  function go(to: number): void {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setCursor(rows[next]?.process.pid ?? null);
    reveal(next);
  }

  function fold(row: ProcessRow, folded: boolean): void {
    const after = new Set(options.folded);
    if (folded) after.add(row.process.pid);
    else after.delete(row.process.pid);
    change({ folded: after });
  }

  function key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const row = rows[at];
    if (event.key === 'ArrowDown') go(at + 1);
    else if (event.key === 'ArrowUp') go(at - 1);
    else if (event.key === 'PageDown') go(at + PAGE_ROWS);
    else if (event.key === 'PageUp') go(at - PAGE_ROWS);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(rows.length - 1);
    else if (event.key === 'ArrowLeft' && options.tree && row !== undefined) {
      if (row.parent && !options.folded.has(row.process.pid)) fold(row, true);
      else go(rows.findIndex(({ process }) => process.pid === row.process.ppid));
    } else if (event.key === 'ArrowRight' && options.tree && row !== undefined) fold(row, false);
    else if (event.key === 'Enter' && row !== undefined) {
      if (event.shiftKey) jump(page, row);
      else page.show(selectionOf(row));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function sortBy(column: ProcessColumn): void {
    const { sort } = options;
    change({ sort: { column, down: sort.column === column && !sort.down } });
  }

  return (
    <section className="processes" aria-label={t('Processes')}>
      <div className="list-bar">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere */}
        <span className="group" role="group" aria-label={t('Order')}>
          <button type="button" aria-pressed={options.tree} onClick={() => change({ tree: true })}>
            {t('Tree')}
          </button>
          <button type="button" aria-pressed={!options.tree} onClick={() => change({ tree: false })}>
            {t('List')}
          </button>
        </span>
        <input
          type="search"
          aria-label={t('Filter processes')}
          placeholder={t('Filter by name, pid, container, user')}
          autoComplete="off"
          spellCheck={false}
          value={options.filter}
          onChange={(event) => change({ filter: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            change({ filter: '' });
          }}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={options.kernelThreads}
            onChange={(event) => change({ kernelThreads: event.target.checked })}
          />
          {t('Kernel threads')}
        </label>
        <span className="muted" role="status">
          {found === total
            ? t('{n, plural, one {# process} other {# processes}}', { n: total })
            : t('{shown, number} of {n, plural, one {# process} other {# processes}}', { shown: found, n: total })}
        </span>
      </div>
      <div className="list" ref={box}>
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA grid pattern is made of a table
          role="treegrid"
          aria-label={t(
            'Processes. Arrow keys go from row to row and fold, Enter selects, Shift+Enter shows the card.',
          )}
          aria-rowcount={rows.length + 1}
          aria-activedescendant={rows.length === 0 ? undefined : `${id}-${at}`}
          data-enter
          tabIndex={0}
          style={{ marginTop: first * ROW_HEIGHT, marginBottom: (rows.length - last) * ROW_HEIGHT }}
          onKeyDown={key}
        >
          <SortHeads
            heads={columns.map((id) => {
              const [label, title] = HEADS[id];
              return { id, label: t(label), title: t(title), className: `c-${id}` };
            })}
            sort={options.sort}
            onSort={sortBy}
          />
          <tbody>
            {rows.slice(first, last).map((row, offset) => (
              <Row
                key={`${row.process.pid}:${row.process.startTime}`}
                id={`${id}-${first + offset}`}
                row={row}
                index={first + offset}
                cursor={first + offset === at}
                chosen={row.process.pid === chosen}
                tree={options.tree}
                folded={options.folded.has(row.process.pid)}
                user={userText(row.process, home, maps)}
                use={live ? (uses.get(row.process.pid) ?? UNMEASURED) : null}
                onFold={(folded) => fold(row, folded)}
                onChoose={() => {
                  setCursor(row.process.pid);
                  page.show(selectionOf(row));
                }}
                onJump={() => jump(page, row)}
                onNamespace={(namespace) => page.show({ type: 'namespace', id: namespace })}
              />
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <p className="muted">{t('No process matches the filter.')}</p>}
      </div>
    </section>
  );
}

interface RowProps {
  readonly id: string;
  readonly row: ProcessRow;
  readonly index: number;
  readonly cursor: boolean;
  readonly chosen: boolean;
  readonly tree: boolean;
  readonly folded: boolean;
  readonly user: string;
  /** Null where nothing is measured. */
  readonly use: Use | null;
  readonly onFold: (folded: boolean) => void;
  readonly onChoose: () => void;
  readonly onJump: () => void;
  readonly onNamespace: (id: string) => void;
}

function Row(props: RowProps) {
  const { id, row, index, cursor, chosen, tree, folded, user, use, onFold, onChoose, onJump, onNamespace } = props;
  const { process, depth, parent, container, differs, found } = row;
  const command = visibleText(commandText(process));
  const inner = process.nsPids.at(-1);
  return (
    <tr
      id={id}
      aria-rowindex={index + 2}
      aria-level={tree ? depth + 1 : undefined}
      aria-expanded={tree && parent ? !folded : undefined}
      aria-selected={chosen}
      className={`${cursor ? 'cursor' : ''}${found ? '' : ' context'}`}
      onClick={onChoose}
      onDoubleClick={onJump}
    >
      <td className="c-pid">{process.pid}</td>
      <td className="c-inside" title={process.nsPids.join(' → ')}>
        {inner === undefined ? '?' : process.nsPids.length > 1 ? inner : ''}
      </td>
      <th scope="row" className="c-command" title={command}>
        <span style={{ paddingLeft: tree ? Math.min(depth, DEEPEST) * 10 : 0 }}>
          {tree &&
            (parent || folded ? (
              <button
                type="button"
                tabIndex={-1}
                className="twist"
                aria-label={folded ? t('Unfold') : t('Fold')}
                onClick={(event) => {
                  event.stopPropagation();
                  onFold(!folded);
                }}
              >
                {folded ? '▸' : '▾'}
              </button>
            ) : (
              <span className="twist" />
            ))}
          {command}
        </span>
      </th>
      <td className="c-container">{visibleText(container)}</td>
      <td className="c-user" title={user}>
        {user}
      </td>
      {use !== null && (
        <>
          <td className="c-cpu">{amountText('cpu', use)}</td>
          <td className="c-memory">{amountText('memory', use)}</td>
        </>
      )}
      <td className="c-namespaces">
        {differs.map(({ kind, namespace }) => (
          <button
            key={kind}
            type="button"
            tabIndex={-1}
            className={`ns k-${kind}`}
            title={namespace}
            onClick={(event) => {
              event.stopPropagation();
              onNamespace(namespace);
            }}
          >
            {kind}
          </button>
        ))}
        {process.unreadable && <span className="muted">{t('not readable')}</span>}
      </td>
      <td className="c-threads">{process.threads}</td>
      <td className="c-state">{stateText(process)}</td>
    </tr>
  );
}
