import { type KeyboardEvent, useMemo } from 'react';
import type { Difference } from '#core/answer/difference.ts';
import { differencesText, differenceWords } from '#core/answer/difference-text.ts';
import { CHANGE_STYLES } from '#core/layout/change-marks.ts';
import { visibleJson, visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { selectDifferences } from '../page/derived.ts';
import { usePage, usePageState } from '../page/page.ts';
import { CopyButton } from '../ui/copy.tsx';
import { download } from '../ui/download.ts';

/** More rows than anybody reads; the copied text and the file have all of them. */
const MOST_ROWS = 2_000;

/** The differences grouped by container or machine, in their order. */
function grouped(
  list: readonly Difference[],
): { readonly title: string | null; readonly rows: readonly Difference[] }[] {
  const groups: { title: string | null; id: string | null; rows: Difference[] }[] = [];
  for (const each of list.slice(0, MOST_ROWS)) {
    const last = groups.at(-1);
    if (last !== undefined && last.id === each.id) last.rows.push(each);
    else groups.push({ title: each.container, id: each.id, rows: [each] });
  }
  return groups;
}

/** From row to row with the arrow keys, to the first and the last with Home and End. */
function step(event: KeyboardEvent<HTMLElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  event.stopPropagation();
  rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
}

/** All differences, container by container; each row leads to its card. */
export function DifferenceList() {
  const page = usePage();
  const differences = usePageState(selectDifferences);
  const groups = useMemo(() => grouped(differences?.list ?? []), [differences]);
  if (differences === null) return null;
  const { list, notes } = differences;
  let row = 0;
  return (
    <aside className="differences" data-region="differences" aria-label={t('Differences')} onKeyDown={step}>
      <div className="differences-head">
        <h2>{t('Differences')}</h2>
        <CopyButton text={differencesText(differences)} label={t('all differences as text')} />
        <button
          type="button"
          onClick={() => download('bulkhead-differences.txt', 'text/plain', differencesText(differences))}
        >
          {t('Text')}
        </button>
        <button
          type="button"
          onClick={() => download('bulkhead-differences.json', 'application/json', `${visibleJson(differences, 2)}\n`)}
        >
          JSON
        </button>
      </div>
      {notes.map((note) => (
        <p key={note} className="muted">
          {note}
        </p>
      ))}
      {list.length === 0 && <p>{t('There are no differences in what was compared.')}</p>}
      {groups.map(({ title, rows }) => (
        <section key={`${rows[0]?.id ?? ''} ${rows[0]?.what ?? ''}`}>
          <h3>{title === null ? t('The machine') : visibleText(title)}</h3>
          <ul>
            {rows.map((each) => {
              const { text } = differenceWords(each);
              const { sign, word } = CHANGE_STYLES[each.change];
              const first = row === 0;
              row += 1;
              return (
                <li key={`${each.what} ${each.text}`}>
                  <button
                    type="button"
                    data-row
                    tabIndex={first ? 0 : -1}
                    onClick={() => page.show(each.id === null ? { type: 'host' } : { type: 'container', id: each.id })}
                  >
                    <span className={`change ${each.change}`} aria-hidden="true">
                      {sign}
                    </span>
                    <span className="hidden">{t('{what}: {told}', { what: t(word), told: '' })}</span>
                    <span>{text}</span>
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
      {list.length > MOST_ROWS && (
        <p className="muted">
          {t('And {n, number} more: copy them, or save them as text or JSON.', { n: list.length - MOST_ROWS })}
        </p>
      )}
    </aside>
  );
}
