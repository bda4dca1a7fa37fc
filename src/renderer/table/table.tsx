import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { groupColour } from '#core/layout/palette.ts';
import type { GraphNode, StripSlot } from '#core/layout/scene.ts';
import { KIND_NAME } from '#core/sharing/describe.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import { visibleText } from '#core/text/visible.ts';
import { selectGraph } from '../page/derived.ts';
import { usePage, usePageState } from '../page/page.ts';
import { selectionOf } from '../state/node-selection.ts';
import { useTheme } from '../ui/theme.ts';
import { letterOf, type Numbers, numberNamespaces } from './letters.ts';
import { type Sort, sortRows } from './sort.ts';
import './table.css';

/** Pixels, as in table.css: rows of one height can be left out while they are not in view. */
const ROW_HEIGHT = 34;
/** Rows beyond the view that are kept ready. */
const SPARE_ROWS = 12;
const PAGE_ROWS = 10;
const COLUMNS = ['name', ...NAMESPACE_KINDS] as const;

/** What a cell says in words. */
function sentence({ kind, standing, partners, namespace }: StripSlot, letter: string): string {
  const id = namespace === null ? '' : `, ${namespace}`;
  if (standing === 'shared') return `${kind}: shared, ${letter}, with ${partners} more${id}`;
  if (standing === 'host') return `${kind}: the host's${id}`;
  return standing === 'private' ? `${kind}: private${id}` : `${kind}: unknown`;
}

/** Numbers that stay with their namespaces from one graph to the next. */
function useNumbers(nodes: readonly GraphNode[]): Numbers {
  const previous = useRef<Numbers>(new Map());
  const numbers = useMemo(() => numberNamespaces(nodes, previous.current), [nodes]);
  useEffect(() => {
    previous.current = numbers;
  }, [numbers]);
  return numbers;
}

function Chip({ slot, numbers }: { readonly slot: StripSlot; readonly numbers: Numbers }) {
  const theme = useTheme();
  const number = numbers.get(slot.namespace ?? '') ?? 0;
  const letter = letterOf(number);
  const text = sentence(slot, letter);
  if (slot.standing === 'shared') {
    const { fill, on } = groupColour(number, theme.name);
    return (
      <span className="chip shared" title={text} style={{ background: fill, color: on }}>
        <b>{letter}</b> {slot.partners + 1}
        <span className="hidden">{text}</span>
      </span>
    );
  }
  const sign = slot.standing === 'host' ? 'host' : slot.standing === 'private' ? '–' : '?';
  return (
    <span className={`chip ${slot.standing}`} title={text}>
      <span aria-hidden="true">{sign}</span>
      <span className="hidden">{text}</span>
    </span>
  );
}

/**
 * The graph's twin: rows × kinds, equal letter and colour in a column means the same namespace. One stop of the Tab key,
 * in which the arrow keys go from cell to cell. Row 0 of the cursor is the head.
 */
export function Table() {
  const { select: onSelect } = usePage();
  const graph = usePageState(selectGraph);
  const selection = usePageState((state) => state.selection);
  const [sort, setSort] = useState<Sort>({ column: 'name', down: false });
  const [view, setView] = useState({ top: 0, height: 600 });
  const [cursor, setCursor] = useState({ row: 1, column: 0 });
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const nodes = useMemo(() => graph?.nodes.filter((node) => node.type !== 'host') ?? [], [graph]);
  const numbers = useNumbers(nodes);
  const rows = useMemo(() => sortRows(nodes, sort, numbers), [nodes, sort, numbers]);
  // Rows may have gone away under the cursor.
  const row = Math.min(cursor.row, rows.length);
  const { column } = cursor;

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);

  function sortBy(next: Sort['column']): void {
    setSort({ column: next, down: sort.column === next && !sort.down });
  }

  function go(toRow: number, toColumn: number): void {
    const next = Math.max(0, Math.min(rows.length, toRow));
    setCursor({ row: next, column: Math.max(0, Math.min(COLUMNS.length - 1, toColumn)) });
    const element = box.current;
    if (element === null || next === 0) return;
    // The head covers the first row's height of the view.
    const top = (next - 1) * ROW_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + 2 * ROW_HEIGHT > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + 2 * ROW_HEIGHT - element.clientHeight;
    }
  }

  function choose(node: GraphNode | undefined, at: number): void {
    const slot = node?.strip[at - 1];
    if (slot?.namespace) onSelect({ type: 'namespace', id: slot.namespace });
    else if (node !== undefined) onSelect(selectionOf(node));
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
    else if (event.key === 'End') go(far ? rows.length : row, COLUMNS.length - 1);
    else if ((event.key === 'Enter' || event.key === ' ') && !far) {
      if (row === 0) sortBy(COLUMNS[column] ?? 'name');
      else choose(rows[row - 1], column);
    } else if (event.key === 'Escape') onSelect(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function click({ target }: MouseEvent): void {
    const place = target instanceof Element ? target.closest('[data-row]') : null;
    const node = rows[Number(place?.getAttribute('data-row')) - 1];
    if (place === null || node === undefined) return;
    const index = target instanceof Element ? Number(target.closest('td')?.getAttribute('data-column') ?? 0) : 0;
    // A chip that others have too is a thing of its own; anything else in a row stands for the row.
    const at = node.strip[index - 1]?.standing === 'shared' ? index : 0;
    setCursor({ row: Number(place.getAttribute('data-row')), column: at });
    choose(node, at);
  }

  const first = Math.max(0, Math.floor(view.top / ROW_HEIGHT) - SPARE_ROWS);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / ROW_HEIGHT) + SPARE_ROWS);
  const cell = (atRow: number, atColumn: number) => ({
    id: `${id}-${atRow}-${atColumn}`,
    className: row === atRow && column === atColumn ? 'cursor' : undefined,
  });
  return (
    <div className="table-view" ref={box}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA grid pattern is made of a table
        role="grid"
        aria-label="Containers and their namespaces. Arrow keys go from cell to cell, Enter selects, or sorts in the head."
        aria-rowcount={rows.length + 1}
        aria-colcount={COLUMNS.length}
        data-enter
        aria-activedescendant={`${id}-${row}-${column}`}
        tabIndex={0}
        // Room for the rows that are left out.
        style={{ marginTop: first * ROW_HEIGHT, marginBottom: (rows.length - last) * ROW_HEIGHT }}
        onKeyDown={key}
        onClick={click}
      >
        <thead>
          <tr aria-rowindex={1}>
            {COLUMNS.map((name, index) => {
              const sorted = sort.column === name;
              return (
                <th
                  key={name}
                  {...cell(0, index)}
                  scope="col"
                  aria-sort={!sorted ? 'none' : sort.down ? 'descending' : 'ascending'}
                >
                  <button
                    type="button"
                    tabIndex={-1}
                    title={name === 'name' ? 'Sort by name' : `Sort by ${KIND_NAME[name]} namespace`}
                    onClick={() => sortBy(name)}
                  >
                    {name}
                    <span aria-hidden="true">{!sorted ? '' : sort.down ? ' ↓' : ' ↑'}</span>
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
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
                data-row={at}
                className={node.state === 'running' ? undefined : 'still'}
              >
                <th {...cell(at, 0)} scope="row" title={`${visibleText(node.label)}, ${visibleText(node.detail)}`}>
                  {visibleText(node.label)}
                  {node.type !== 'container' && <small> {visibleText(node.detail)}</small>}
                  {node.broken && <strong title="declares a share that is not in force"> ⚠</strong>}
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
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length === 0 && <p className="muted">No container fits the filter.</p>}
    </div>
  );
}
