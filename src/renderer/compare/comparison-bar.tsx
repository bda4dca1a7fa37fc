import { CHANGE_STYLES, CHANGES } from '#core/layout/change-marks.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { runCommand } from '../commands/run.ts';
import { selectDifferences } from '../page/derived.ts';
import { usePage, usePageState } from '../page/page.ts';
import { type State, shownSnapshot } from '../state/state.ts';
import { rich } from '../ui/rich.tsx';
import { dateTime } from '../ui/words.ts';
import { comparedName } from './compared-name.ts';
import './compare.css';

/** What the later one is called. */
const shownName = ({ moment, file }: State): string =>
  moment !== null ? t('that moment') : file === null ? t('now') : visibleText(file.name);

/** Across the page while two snapshots are compared: which, how much differs, and the way out. */
export function ComparisonBar() {
  const page = usePage();
  const comparison = usePageState((state) => state.comparison);
  const now = usePageState(shownName);
  const takenAt = usePageState((state) => shownSnapshot(state)?.takenAt ?? null);
  const differences = usePageState(selectDifferences);
  const both = usePageState(({ shown }) => shown === 'graph' || shown === 'both' || shown === 'table');
  if (comparison === null || differences === null || takenAt === null) return null;
  return (
    <section className="comparison-bar" aria-label={t('Comparison')}>
      <span className="grow">
        {rich('<strong>Comparison:</strong> {before} ({beforeTime}) → {now} ({nowTime})', {
          before: comparedName(comparison),
          beforeTime: dateTime(comparison.snapshot.takenAt),
          now,
          nowTime: dateTime(takenAt),
          strong: (inner) => <strong>{inner}</strong>,
        })}
      </span>
      <span role="status">
        {CHANGES.map((change) => {
          const count = differences.list.filter((each) => each.change === change).length;
          return (
            <span key={change} className={`change ${change}`}>
              {CHANGE_STYLES[change].sign} {count} {t(CHANGE_STYLES[change].word)}
            </span>
          );
        })}
      </span>
      {!both && <span className="muted">{t('This view shows only the later one.')}</span>}
      <button type="button" title={t('End the comparison (Escape)')} onClick={() => runCommand('end-comparison', page)}>
        {t('End comparison')}
      </button>
    </section>
  );
}
