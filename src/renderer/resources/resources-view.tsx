import { type KeyboardEvent, useContext, useRef, useState } from 'react';
import type { GroupUsage, Usage } from '#core/answer/usage.ts';
import { orderedGroups, USAGE_COLUMNS } from '#core/answer/usage-columns.ts';
import { cpuBar, drawnParts, memoryBar, sumsOf, USAGE_PART_NAMES, type UsageBar } from '#core/answer/usage-parts.ts';
import { heldText, memoryOf, wantText } from '#core/answer/usage-report.ts';
import { visibleText } from '#core/text/visible.ts';
import type { UsageSample } from '#core/usage/schema.ts';
import { sentences, t } from '#core/words/words.ts';
import { USE_IS_LIVE } from '../page/measure-use.ts';
import { usePage, usePageState } from '../page/page.ts';
import type { Selection } from '../state/state.ts';
import { SortHeads } from '../ui/sort-heads.tsx';
import { useRows } from '../ui/use-rows.ts';
import { WorkbenchContext } from '../workbench/workbench.ts';
import { type Moment, sparkPath } from './history.ts';
import { useUsage } from './use-usage.ts';
import './resources.css';

/** Pixels, as in resources.css. */
const ROW_HEIGHT = 30;
const SPARK = { width: 72, height: 20 };

/** A bar that sums to the whole, and what each colour is of. */
function Stack({ bar }: { readonly bar: UsageBar }) {
  const { title, total, text } = bar;
  return (
    <div className="stack">
      <h3>{title}</h3>
      <div className="stack-bar" aria-hidden="true">
        {drawnParts(bar).map(({ name, kind, amount }) => (
          <span
            key={`${kind} ${name}`}
            className={`u-${kind}`}
            style={{ flexGrow: amount / total }}
            title={`${visibleText(name)}: ${text(amount)}`}
          />
        ))}
      </div>
      <ul className="stack-legend">
        {sumsOf(bar).map(([kind, amount]) => (
          <li key={kind}>
            <span className={`patch u-${kind}`} aria-hidden="true" />
            {t(USAGE_PART_NAMES[kind])} <strong>{text(amount)}</strong>{' '}
            <span className="muted">{((amount / total) * 100).toFixed(1)} %</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Machine({ usage, sample }: { readonly usage: Usage; readonly sample: UsageSample }) {
  const { machine } = sample;
  const { pressure } = machine;
  const waited = (percent: number | null) => (percent === null ? t('unknown') : `${percent} %`);
  return (
    <div className="machine-use">
      <Stack bar={memoryBar(usage)} />
      <Stack bar={cpuBar(usage)} />
      <p className="muted">
        {sentences(
          t('Waited in the last 10 s: for processors {cpu}, for memory {memory}, for storage {io}.', {
            cpu: waited(pressure.cpu),
            memory: waited(pressure.memory),
            io: waited(pressure.io),
          }),
          wantText(machine),
        )}
      </p>
      <p className="muted">{heldText(machine)}</p>
    </div>
  );
}

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
function selectionOf({ group }: GroupUsage): Selection | null {
  if (group.kind === 'container') return { type: 'container', id: group.key };
  const [first] = group.processes;
  return first === undefined ? null : { type: 'host', pid: first.pid };
}

/** Who uses processors, memory, storage and network: the machine's sum first, then everyone. */
export function ResourcesView() {
  const bench = useContext(WorkbenchContext);
  const { usage, sample, moments, error } = useUsage();
  if (bench === null) {
    return (
      <section className="resources empty" aria-label={t('Resources')}>
        <h2>{t('Resources are of the moment')}</h2>
        <p>{t(USE_IS_LIVE)}</p>
      </section>
    );
  }
  return (
    <section className="resources" aria-label={t('Resources')}>
      {error !== null && (
        <p className="reason" role="alert">
          {visibleText(error)}
        </p>
      )}
      {usage === null || sample === null ? (
        error === null && <p className="muted waiting">{t('Measuring: a rate needs two looks, a second apart…')}</p>
      ) : (
        <>
          <Machine usage={usage} sample={sample} />
          <Groups usage={usage} moments={moments} />
        </>
      )}
    </section>
  );
}

function Groups({ usage, moments }: { readonly usage: Usage; readonly moments: readonly Moment[] }) {
  const page = usePage();
  const chosen = usePageState(({ selection }) => (selection?.type === 'container' ? selection.id : null));
  const [sort, setSort] = useState({ column: 'memory', down: true });
  const [cursor, setCursor] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const column = USAGE_COLUMNS.find(({ id }) => id === sort.column) ?? USAGE_COLUMNS[0];
  const rows = column === undefined ? [] : orderedGroups(usage, column, sort.down);
  const { first, last, reveal } = useRows(box, rows.length, ROW_HEIGHT);
  const at = Math.max(
    0,
    rows.findIndex(({ group }) => group.key === (cursor ?? chosen)),
  );
  const most = {
    cpu: Math.max(1, ...rows.map(({ cpuPercent }) => cpuPercent ?? 0)),
    memory: Math.max(1, ...rows.map(memoryOf)),
  };

  function choose(row: GroupUsage | undefined): void {
    const selection = row === undefined ? null : selectionOf(row);
    if (row === undefined || selection === null) return;
    setCursor(row.group.key);
    page.show(selection);
  }
  function key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -rows.length, End: rows.length }[
      event.key
    ];
    if (step !== undefined) {
      const next = Math.max(0, Math.min(rows.length - 1, at + step));
      setCursor(rows[next]?.group.key ?? null);
      reveal(next);
    } else if (event.key === 'Enter' && event.target === event.currentTarget) choose(rows[at]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className="list" ref={box}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA grid pattern is made of a table
        role="grid"
        aria-label={t('Who uses what. Arrow keys go from row to row, Enter shows the card.')}
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
          {rows.slice(first, last).map((row, offset) => (
            <tr
              key={row.group.key}
              id={`use-${first + offset}`}
              aria-rowindex={first + offset + 2}
              aria-selected={row.group.key === chosen}
              className={first + offset === at ? 'cursor' : ''}
              onClick={() => choose(row)}
            >
              {USAGE_COLUMNS.map(({ id, text }) => {
                if (id === 'name') {
                  return (
                    <th key={id} scope="row" title={visibleText(row.group.name)}>
                      {visibleText(row.group.name)}
                      {row.group.kind === 'service' && <span className="muted"> {t('service')}</span>}
                    </th>
                  );
                }
                if (id !== 'cpu' && id !== 'memory') {
                  const by = id === 'limit' ? row.cgroup?.limitSetBy : null;
                  return (
                    <td
                      key={id}
                      className={`r-${id}`}
                      title={by == null ? undefined : t('Set by {cgroup}', { cgroup: visibleText(by) })}
                    >
                      {text(row)}
                    </td>
                  );
                }
                const value = id === 'cpu' ? (row.cpuPercent ?? 0) : memoryOf(row);
                return (
                  <td key={id} className={`r-${id}`}>
                    <span className="with-spark">
                      <Spark moments={moments} of={id} id={row.group.key} most={most[id]} />
                      <span className="use-bar">
                        <span style={{ width: `${(value / most[id]) * 100}%` }} />
                      </span>
                      <span className="value">{text(row)}</span>
                    </span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
