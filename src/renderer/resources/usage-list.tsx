import { type KeyboardEvent, useRef, useState } from 'react';
import type { Usage } from '#core/answer/usage.ts';
import { byColumn, KIND_NAMES, USAGE_COLUMNS, type UsageColumn, whyUnknown } from '#core/answer/usage-columns.ts';
import type { ListedUsage } from '#core/answer/usage-group.ts';
import { memoryOf } from '#core/answer/usage-report.ts';
import { isSum, usageRows } from '#core/answer/usage-sets.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { usePage, usePageState } from '../page/page.ts';
import type { Selection } from '../state/state.ts';
import { SortHeads } from '../ui/sort-heads.tsx';
import { useRows } from '../ui/use-rows.ts';
import { type Moment, sparkPath } from './history.ts';

/** Pixels, as in resources.css. */
const ROW_HEIGHT = 30;
const SPARK = { width: 72, height: 20 };

function Spark(props: {
  readonly moments: readonly Moment[];
  readonly of: 'cpu' | 'memory';
  readonly id: string;
  readonly most: number;
}) {
  const { moments, of, id, most } = props;
  return (
    <svg className="spark" width={SPARK.width} height={SPARK.height} aria-hidden="true">
      <path d={sparkPath(moments, id, of, most, SPARK)} />
    </svg>
  );
}

/** What stands for a group in the rest of the page. */
function selectionOf({ group }: ListedUsage): Selection | null {
  if (group.kind === 'container') return { type: 'container', id: group.key };
  const [first] = group.processes;
  return first === undefined ? null : { type: 'host', pid: first.pid };
}

/** Who uses what: projects and pods with what they use together, and everyone below theirs. */
export function UsageList({ usage, moments }: { readonly usage: Usage; readonly moments: readonly Moment[] }) {
  const page = usePage();
  const chosen = usePageState(({ selection }) => (selection?.type === 'container' ? selection.id : null));
  const [sort, setSort] = useState({ column: 'memory', down: true });
  const [cursor, setCursor] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const column = USAGE_COLUMNS.find(({ id }) => id === sort.column) ?? USAGE_COLUMNS[0];
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const rows = column === undefined ? [] : usageRows(usage, byColumn(column, sort.down), folded);
  const { first, last, reveal } = useRows(box, rows.length, ROW_HEIGHT);
  const at = Math.max(
    0,
    rows.findIndex(({ use }) => use.group.key === (cursor ?? chosen)),
  );
  const most = {
    cpu: Math.max(1, ...rows.map(({ use }) => use.cpuPercent ?? 0)),
    memory: Math.max(1, ...rows.map(({ use }) => memoryOf(use))),
  };

  function fold({ group }: ListedUsage, away: boolean): void {
    const after = new Set(folded);
    if (away) after.add(group.key);
    else after.delete(group.key);
    setFolded(after);
  }
  /** Shows the card. A project or pod has no card: there its members are folded in or out. */
  function choose(row: ListedUsage | undefined): void {
    if (row === undefined) return;
    setCursor(row.group.key);
    const selection = selectionOf(row);
    if (isSum(row)) fold(row, !folded.has(row.group.key));
    else if (selection !== null) page.show(selection);
  }
  function go(to: number): void {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setCursor(rows[next]?.use.group.key ?? null);
    reveal(next);
  }
  function key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const row = rows[at];
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -rows.length, End: rows.length }[
      event.key
    ];
    if (step !== undefined) {
      go(at + step);
    } else if (event.key === 'ArrowLeft' && row !== undefined) {
      if (isSum(row.use)) fold(row.use, true);
      else if (row.depth === 1) go(rows.findLastIndex(({ depth }, index) => index < at && depth === 0));
    } else if (event.key === 'ArrowRight' && row !== undefined) {
      if (isSum(row.use)) fold(row.use, false);
    } else if (event.key === 'Enter' && event.target === event.currentTarget) choose(row?.use);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className="list" ref={box}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA grid pattern is made of a table
        role="treegrid"
        aria-label={t('Who uses what. Arrow keys go from row to row and fold projects, Enter shows the card.')}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={rows[at] === undefined ? undefined : `use-${at}`}
        data-enter
        tabIndex={0}
        style={{ marginTop: first * ROW_HEIGHT, marginBottom: (rows.length - last) * ROW_HEIGHT }}
        onKeyDown={key}
      >
        <SortHeads
          heads={USAGE_COLUMNS.map(({ id, label, title }) => ({
            ...{ id, label: t(label), title: t(title) },
            className: `r-${id}`,
          }))}
          sort={sort}
          onSort={(id) => setSort({ column: id, down: sort.column === id ? !sort.down : id !== 'name' })}
        />
        <tbody>
          {rows.slice(first, last).map(({ use, depth }, offset) => (
            <Row
              key={use.group.key}
              use={use}
              depth={depth}
              index={first + offset}
              cursor={first + offset === at}
              chosen={use.group.key === chosen}
              folded={folded.has(use.group.key)}
              moments={moments}
              most={most}
              onChoose={() => choose(use)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly use: ListedUsage;
  readonly depth: number;
  readonly index: number;
  readonly cursor: boolean;
  readonly chosen: boolean;
  readonly folded: boolean;
  readonly moments: readonly Moment[];
  readonly most: Readonly<Record<'cpu' | 'memory', number>>;
  readonly onChoose: () => void;
}

function Row({ use, depth, index, cursor, chosen, folded, moments, most, onChoose }: RowProps) {
  const { group, cgroup, cpuPercent } = use;
  const sum = isSum(use);
  const name = visibleText(group.name);
  const unknown = whyUnknown(use);

  function cell({ id, text }: UsageColumn) {
    const shown = text(use);
    if (id !== 'cpu' && id !== 'memory') {
      const by = id === 'limit' ? cgroup?.limitSetBy : null;
      const title = shown === '?' ? unknown : by == null ? null : t('Set by {cgroup}', { cgroup: visibleText(by) });
      return (
        <td key={id} className={`r-${id}`} title={title ?? undefined}>
          {shown}
        </td>
      );
    }
    const value = id === 'cpu' ? (cpuPercent ?? 0) : memoryOf(use);
    return (
      <td key={id} className={`r-${id}`}>
        <span className="with-spark">
          <Spark moments={moments} of={id} id={group.key} most={most[id]} />
          <span className="use-bar">
            <span style={{ width: `${(value / most[id]) * 100}%` }} />
          </span>
          <span className="value">{shown}</span>
        </span>
      </td>
    );
  }

  return (
    <tr
      id={`use-${index}`}
      aria-rowindex={index + 2}
      aria-level={depth + 1}
      aria-expanded={sum ? !folded : undefined}
      aria-selected={chosen}
      className={`${cursor ? 'cursor' : ''}${sum ? ' sum' : ''}`}
      onClick={onChoose}
    >
      {USAGE_COLUMNS.map((column) =>
        column.id === 'name' ? (
          <th key={column.id} scope="row" title={name}>
            <span style={{ paddingLeft: depth * 18 }}>
              {sum && (
                <span className="twist" aria-hidden="true">
                  {folded ? '▸' : '▾'}
                </span>
              )}
              {name}
              {group.kind !== 'container' && <span className="muted"> {t(KIND_NAMES[group.kind])}</span>}
            </span>
          </th>
        ) : (
          cell(column)
        ),
      )}
    </tr>
  );
}
