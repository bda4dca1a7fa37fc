import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { CHANGE_STYLES } from '#core/layout/change-marks.ts';
import type { GraphNode } from '#core/layout/scene.ts';
import { KIND_NAME } from '#core/sharing/describe.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import { FACT_NAMES, FACTS, type Fact, factText, isKind, rowHas } from '#core/table/columns.ts';
import { type Numbers, numberNamespaces } from '#core/table/letters.ts';
import { containersOf } from '#core/table/table.ts';
import { visibleText } from '#core/text/visible.ts';
import { commas, type PlainMessage, t } from '#core/words/words.ts';
import { selectGraph } from '../page/derived.ts';
import { usePage, usePageState } from '../page/page.ts';
import { useUsage } from '../resources/use-usage.ts';
import {
  amountText,
  containerUses,
  isUse,
  USE_COLUMNS,
  USE_NAMES,
  type Use,
  type UseColumn,
} from '../resources/uses.ts';
import { selectionOf } from '../state/node-selection.ts';
import { loadColumns, saveColumns } from '../state/saved.ts';
import { liveEndpoint, shownSnapshot } from '../state/state.ts';
import { Popover } from '../ui/menu.tsx';
import { SortHeads } from '../ui/sort-heads.tsx';
import { useRows } from '../ui/use-rows.ts';
import { Chip } from './chip.tsx';
import { type Sort, sortRows, type TableColumn } from './sort.ts';
import './table.css';

/** Pixels, as in table.css: rows of one height can be left out while they are not in view. */
const ROW_HEIGHT = 34;
const PAGE_ROWS = 10;
const NO_USES: ReadonlyMap<string, Use> = new Map();

/** Numbers that stay with their namespaces from one graph to the next. */
function useNumbers(nodes: readonly GraphNode[]): Numbers {
  const previous = useRef<Numbers>(new Map());
  const numbers = useMemo(() => numberNamespaces(nodes, previous.current), [nodes]);
  useEffect(() => {
    previous.current = numbers;
  }, [numbers]);
  return numbers;
}

type Extra = Fact | UseColumn;

const EXTRAS: readonly Extra[] = [...FACTS, ...USE_COLUMNS];

const EXTRA_NAMES: Readonly<Record<Extra, PlainMessage>> = { ...FACT_NAMES, ...USE_NAMES };

/** What the head of a column says. */
function headOf(column: TableColumn): string {
  if (column === 'name') return t('Name');
  return isUse(column) || !isKind(column) ? t(EXTRA_NAMES[column]) : column;
}

/** Which columns beside those of the kinds are shown, remembered; those of use only where it can be measured. */
function useExtras(live: boolean) {
  const [chosen, setChosen] = useState<readonly Extra[]>(() => EXTRAS.filter((extra) => loadColumns().includes(extra)));
  const toggle = (extra: Extra): void => {
    const next = EXTRAS.filter((each) => chosen.includes(each) !== (each === extra));
    setChosen(next);
    saveColumns(next);
  };
  const offered = live ? EXTRAS : FACTS;
  const extras = useMemo(() => chosen.filter((extra) => live || !isUse(extra)), [chosen, live]);
  return { offered, extras, toggle };
}

/**
 * The graph's twin: rows × kinds, equal letter in a column means the same namespace; other columns on request. One stop
 * of the Tab key, in which the arrow keys go from cell to cell. Row 0 of the cursor is the head.
 */
export function Table() {
  const page = usePage();
  const onSelect = page.select;
  const graph = usePageState(selectGraph);
  const snapshot = usePageState(shownSnapshot);
  const selection = usePageState((state) => state.selection);
  const live = usePageState((state) => liveEndpoint(state) !== null);
  const { offered, extras, toggle } = useExtras(live);
  const columns = useMemo<readonly TableColumn[]>(() => ['name', ...NAMESPACE_KINDS, ...extras], [extras]);
  const { usage } = useUsage(extras.some(isUse));
  const uses = useMemo(() => containerUses(usage), [usage]);
  const [sort, setSort] = useState<Sort>({ column: 'name', down: false });
  const [cursor, setCursor] = useState({ row: 1, column: 0 });
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const nodes = useMemo(() => graph?.nodes.filter((node) => node.type !== 'host') ?? [], [graph]);
  const before = usePageState((state) => state.comparison?.snapshot ?? null);
  const containers = useMemo(
    () => (snapshot === null ? new Map() : containersOf(snapshot, before)),
    [snapshot, before],
  );
  const numbers = useNumbers(nodes);
  const [filter, setFilter] = useState('');
  // Use changes every second: the rows are only sorted again if they are sorted by it.
  const order = isUse(sort.column) ? uses : NO_USES;
  const rows = useMemo(
    () =>
      sortRows(
        nodes.filter((node) => rowHas(filter, node, containers.get(node.key))),
        sort,
        numbers,
        containers,
        order,
      ),
    [nodes, filter, sort, numbers, containers, order],
  );
  const { first, last, reveal } = useRows(box, rows.length, ROW_HEIGHT);
  // Rows may have gone away under the cursor.
  const row = Math.min(cursor.row, rows.length);
  const column = Math.min(cursor.column, columns.length - 1);

  function sortBy(next: TableColumn): void {
    setSort({ column: next, down: sort.column === next && !sort.down });
  }

  function go(toRow: number, toColumn: number): void {
    const next = Math.max(0, Math.min(rows.length, toRow));
    setCursor({ row: next, column: Math.max(0, Math.min(columns.length - 1, toColumn)) });
    if (next > 0) reveal(next - 1);
  }

  function choose(node: GraphNode | undefined, at: TableColumn): void {
    const slot = node?.strip.find(({ kind }) => kind === at);
    if (slot?.namespace) onSelect({ type: 'namespace', id: slot.namespace });
    else if (node !== undefined) onSelect(selectionOf(node));
  }

  function jump(node: GraphNode | undefined): void {
    if (node === undefined) return;
    page.store.dispatch({ type: 'show', shown: 'graph' });
    page.show(selectionOf(node));
  }

  function key(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey) return;
    const far = event.ctrlKey;
    if (event.key === 'ArrowDown') go(far ? rows.length : row + 1, column);
    else if (event.key === 'ArrowUp') go(far ? 1 : row - 1, column);
    else if (event.key === 'ArrowRight') go(row, column + 1);
    else if (event.key === 'ArrowLeft') go(row, column - 1);
    else if (event.key === 'PageDown') go(row + PAGE_ROWS, column);
    else if (event.key === 'PageUp') go(Math.max(1, row - PAGE_ROWS), column);
    else if (event.key === 'Home') go(far ? 1 : row, 0);
    else if (event.key === 'End') go(far ? rows.length : row, columns.length - 1);
    else if ((event.key === 'Enter' || event.key === ' ') && !far) {
      if (row === 0) sortBy(columns[column] ?? 'name');
      else if (event.shiftKey) jump(rows[row - 1]);
      else choose(rows[row - 1], columns[column] ?? 'name');
    } else if (event.key === 'Escape') onSelect(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function placeOf({ target }: MouseEvent): { node: GraphNode; row: number; column: number } | null {
    if (!(target instanceof Element)) return null;
    const at = Number(target.closest('[data-row]')?.getAttribute('data-row'));
    const node = rows[at - 1];
    if (node === undefined) return null;
    return { node, row: at, column: Number(target.closest('td')?.getAttribute('data-column') ?? 0) };
  }

  function click(event: MouseEvent): void {
    const place = placeOf(event);
    if (place === null) return;
    const wanted = columns[place.column] ?? 'name';
    // A chip of a shared namespace selects that namespace; anything else in a row selects the row.
    const shared = place.node.strip.some(({ kind, standing }) => kind === wanted && standing === 'shared');
    setCursor({ row: place.row, column: shared ? place.column : 0 });
    choose(place.node, shared ? wanted : 'name');
  }

  const cell = (atRow: number, atColumn: number) => ({
    id: `${id}-${atRow}-${atColumn}`,
    className: row === atRow && column === atColumn ? 'cursor' : undefined,
  });
  return (
    <section className="table-panel" aria-label={t('Table')}>
      <div className="list-bar">
        <Popover name={t('Columns')} label={t('Columns')}>
          {() => (
            <div className="filter short">
              {offered.map((extra) => (
                <label key={extra} className="check">
                  <input type="checkbox" checked={extras.includes(extra)} onChange={() => toggle(extra)} />
                  {t(EXTRA_NAMES[extra])}
                </label>
              ))}
            </div>
          )}
        </Popover>
        <input
          type="search"
          aria-label={t('Filter rows')}
          placeholder={t('Filter by name, image, address, port, mount')}
          autoComplete="off"
          spellCheck={false}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            setFilter('');
          }}
        />
        <span className="muted" role="status">
          {rows.length < nodes.length
            ? t('{shown, number} of {n, plural, one {# row} other {# rows}}', { shown: rows.length, n: nodes.length })
            : t('{n, plural, one {# row} other {# rows}}', { n: rows.length })}
        </span>
      </div>
      <div className="table-view" ref={box}>
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA grid pattern is made of a table
          role="grid"
          aria-label={t(
            'Containers and their namespaces. Arrow keys go from cell to cell, Enter selects, or sorts in the head.',
          )}
          aria-rowcount={rows.length + 1}
          aria-colcount={columns.length}
          data-enter
          aria-activedescendant={`${id}-${row}-${column}`}
          tabIndex={0}
          // Space for the rows that are not drawn.
          style={{
            marginTop: first * ROW_HEIGHT,
            marginBottom: (rows.length - last) * ROW_HEIGHT,
            minWidth: 560 + extras.length * 150,
          }}
          onKeyDown={key}
          onClick={click}
          onDoubleClick={(event) => jump(placeOf(event)?.node)}
        >
          <SortHeads
            heads={columns.map((name) => {
              const kind = NAMESPACE_KINDS.find((each) => each === name);
              const label = headOf(name);
              const title =
                kind === undefined
                  ? t('Sort by {column}', { column: label })
                  : t('Sort by {kind} namespace', { kind: t(KIND_NAME[kind]) });
              return { id: name, label, title, kind };
            })}
            sort={sort}
            onSort={sortBy}
            cell={(index) => cell(0, index)}
          />
          <tbody>
            {rows.slice(first, last).map((node, offset) => {
              const at = first + offset + 1;
              const selected = selection?.type === 'container' && selection.id === node.key;
              return (
                <tr
                  key={node.key}
                  aria-rowindex={at + 1}
                  aria-selected={selected}
                  data-name={node.label}
                  data-change={node.change}
                  data-row={at}
                  className={node.state === 'running' ? undefined : 'still'}
                >
                  <th {...cell(at, 0)} scope="row" title={commas([visibleText(node.label), visibleText(node.detail)])}>
                    {node.change !== undefined && (
                      <span className={`change ${node.change}`}>
                        {CHANGE_STYLES[node.change].sign} {t(CHANGE_STYLES[node.change].word)}{' '}
                      </span>
                    )}
                    {visibleText(node.label)}
                    {node.type !== 'container' && <small> {visibleText(node.detail)}</small>}
                    {node.broken && <strong title={t('declares a share that is not in force')}> ⚠</strong>}
                  </th>
                  {node.strip.map((slot, index) => {
                    const told = selection?.type === 'namespace' && slot.namespace === selection.id;
                    const { className, id: cellId } = cell(at, index + 1);
                    return (
                      <td
                        key={slot.kind}
                        id={cellId}
                        data-column={index + 1}
                        className={[className, told ? 'told' : undefined].filter(Boolean).join(' ')}
                      >
                        <Chip slot={slot} numbers={numbers} />
                      </td>
                    );
                  })}
                  {extras.map((extra, index) => {
                    const place = index + 1 + NAMESPACE_KINDS.length;
                    const { className, id: cellId } = cell(at, place);
                    const text = isUse(extra)
                      ? amountText(extra, uses.get(node.key))
                      : visibleText(factText(extra, node, containers.get(node.key)));
                    return (
                      <td
                        key={extra}
                        id={cellId}
                        data-column={place}
                        className={`words ${className ?? ''}`}
                        title={text}
                      >
                        {text}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
        {rows.length === 0 && <p className="muted">{t('No container matches the filter.')}</p>}
      </div>
    </section>
  );
}
