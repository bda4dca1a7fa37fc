import { CHANGE_STYLES, CHANGES } from '#core/layout/change-marks.ts';
import { visibleText } from '#core/text/visible.ts';
import { runCommand } from '../commands/run.ts';
import { selectDifferences } from '../page/derived.ts';
import { usePage, usePageState } from '../page/page.ts';
import { shownSnapshot } from '../state/state.ts';
import { dateTime } from '../ui/words.ts';
import './compare.css';

/** Across the page while two snapshots are compared: which, how much differs, and the way out. */
export function ComparisonBar() {
  const page = usePage();
  const comparison = usePageState((state) => state.comparison);
  const now = usePageState((state) => (state.moment !== null ? 'then' : (state.file?.name ?? null)));
  const takenAt = usePageState((state) => shownSnapshot(state)?.takenAt ?? null);
  const differences = usePageState(selectDifferences);
  const drawn = usePageState(({ shown }) => shown === 'graph' || shown === 'both');
  if (comparison === null || differences === null || takenAt === null) return null;
  return (
    <section className="comparison-bar" aria-label="Comparison">
      <span className="grow">
        <strong>Comparison:</strong> {visibleText(comparison.name)} ({dateTime(comparison.snapshot.takenAt)}) →{' '}
        {now === null ? 'now' : visibleText(now)} ({dateTime(takenAt)})
      </span>
      <span role="status">
        {CHANGES.map((change) => {
          const count = differences.list.filter((each) => each.change === change).length;
          return (
            <span key={change} className={`change ${change}`}>
              {CHANGE_STYLES[change].sign} {count} {CHANGE_STYLES[change].word}
            </span>
          );
        })}
      </span>
      {!drawn && <span className="muted">This view shows the later one alone.</span>}
      <button type="button" title="End the comparison (Escape)" onClick={() => runCommand('end-comparison', page)}>
        End comparison
      </button>
    </section>
  );
}
