import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { visibleText } from '#core/layout/marks.ts';
import type { SceneGraph } from '#core/layout/scene.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Selection } from '../state/state.ts';
import './table.css';

interface Props {
  readonly graph: SceneGraph;
  readonly selection: Selection | null;
  readonly onSelect: (selection: Selection) => void;
}

const ROW_HEIGHT = 34;
const SPARE_ROWS = 30;
const COLOURS = 12;

/** Containers × kinds: equal colour means the same namespace. */
export function Table({ graph, selection, onSelect }: Props) {
  const [sort, setSort] = useState<{ column: 'name' | NamespaceKind; down: boolean }>({ column: 'name', down: false });
  const [top, setTop] = useState(0);
  const [cell, setCell] = useState({ row: 0, column: 0 });
  const body = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => {
    const value = (node: SceneGraph['nodes'][number]): string =>
      sort.column === 'name'
        ? node.label
        : (node.strip.find((slot) => slot.kind === sort.column)?.namespace ?? '\uffff');
    return graph.nodes
      .filter((node) => node.type === 'container')
      .map((node) => ({ node, value: value(node) }))
      .sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0) * (sort.down ? -1 : 1))
      .map(({ node }) => node);
  }, [graph, sort]);

  function key(event: KeyboardEvent): void {
    const last = rows.length - 1;
    const step: Record<string, [number, number]> = {
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      PageDown: [10, 0],
      PageUp: [-10, 0],
    };
    const move = step[event.key];
    if (move !== undefined) {
      event.preventDefault();
      const row = Math.max(0, Math.min(last, cell.row + move[0]));
      setCell({ row, column: Math.max(0, Math.min(8, cell.column + move[1])) });
      const box = body.current;
      if (box === null) return;
      if (row * ROW_HEIGHT < box.scrollTop) box.scrollTop = row * ROW_HEIGHT;
      else if ((row + 2) * ROW_HEIGHT > box.scrollTop + box.clientHeight)
        box.scrollTop = (row + 2) * ROW_HEIGHT - box.clientHeight;
    } else if (event.key === 'Enter' && event.target === body.current) {
      const node = rows[cell.row];
      const slot = node?.strip[cell.column - 1];
      if (slot?.namespace) onSelect({ type: 'namespace', id: slot.namespace });
      else if (node !== undefined) onSelect({ type: 'container', id: node.key });
    }
  }

  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - 5);
  return (
    <div
      className="grid"
      ref={body}
      role="grid"
      aria-label="Containers and their namespaces"
      aria-rowcount={rows.length + 1}
      aria-colcount={9}
      aria-activedescendant={`cell-${cell.row}-${cell.column}`}
      tabIndex={0}
      onKeyDown={key}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <div role="row" className="head" aria-rowindex={1} tabIndex={-1}>
        {(['name', ...NAMESPACE_KINDS] as const).map((column) => (
          <div
            key={column}
            role="columnheader"
            tabIndex={-1}
            aria-sort={sort.column !== column ? 'none' : sort.down ? 'descending' : 'ascending'}
          >
            <button type="button" onClick={() => setSort({ column, down: sort.column === column && !sort.down })}>
              {column}
              {sort.column === column ? (sort.down ? ' ↓' : ' ↑') : ''}
            </button>
          </div>
        ))}
      </div>
      <svg width="1" height={first * ROW_HEIGHT} aria-hidden="true" />
      {rows.slice(first, first + SPARE_ROWS + 10).map((node, offset) => {
        const row = first + offset;
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys for its active cell
          <div
            key={node.key}
            role="row"
            tabIndex={-1}
            aria-rowindex={row + 2}
            aria-selected={selection?.type === 'container' && selection.id === node.key}
            onClick={() => onSelect({ type: 'container', id: node.key })}
          >
            <div
              role="rowheader"
              id={`cell-${row}-0`}
              tabIndex={-1}
              className={cell.row === row && cell.column === 0 ? 'active' : ''}
            >
              {visibleText(node.label)}
            </div>
            {node.strip.map((slot, index) => {
              const inode = slot.namespace?.match(/\d+/)?.[0];
              return (
                <div
                  key={slot.kind}
                  role="gridcell"
                  id={`cell-${row}-${index + 1}`}
                  tabIndex={-1}
                  className={cell.row === row && cell.column === index + 1 ? 'active' : ''}
                  title={`${slot.kind} ${slot.standing}${slot.namespace === null ? '' : `, ${slot.namespace}`}`}
                >
                  <span className={`chip ${slot.standing} c${Number(inode ?? 0) % COLOURS}`}>
                    {inode === undefined ? '?' : inode.slice(-4)}
                  </span>
                </div>
              );
            })}
          </div>
        );
      })}
      <svg width="1" height={Math.max(0, rows.length - first - SPARE_ROWS - 10) * ROW_HEIGHT} aria-hidden="true" />
    </div>
  );
}
