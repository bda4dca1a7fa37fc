import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import { runCommand } from '../commands/run.ts';
import { selectGraph } from '../page/derived.ts';
import { usePage, usePageFields, usePageState } from '../page/page.ts';
import { cpuShare } from '../state/cost.ts';
import { isFiltered, isStale, type State, shownSnapshot } from '../state/state.ts';
import { useNow } from '../ui/use-now.ts';
import { ago } from '../ui/words.ts';

function phaseOf(state: State): PlainMessage {
  if (state.comparison !== null) return 'Comparison';
  if (state.moment !== null) return 'Past';
  if (state.file !== null) return 'File';
  if (state.live?.demo === true) return 'Recording';
  if (isStale(state)) return 'Not live';
  if (state.connection === 'lost' || state.connection === 'refused') return 'Not connected';
  if (state.live === null) return state.status?.retryAt == null ? 'Connecting' : 'No engine';
  return 'Live';
}

/** What the page is connected to, shown beside the phase; null if that is not known. */
function placeOf(snapshot: Snapshot | null): string | null {
  if (snapshot === null) return null;
  const { engine, host } = snapshot;
  return visibleText(engine === null ? host.hostname : `${engine.name} ${engine.version}`);
}

const FIELDS = ['comparison', 'connection', 'status', 'live', 'file', 'moment', 'checkedAt', 'costs'] as const;

/** What is connected, what is shown, how old it is, and what looking costs. */
export function StatusLine() {
  const page = usePage();
  const state = usePageFields(FIELDS);
  const snapshot = shownSnapshot(state);
  const graph = usePageState(selectGraph);
  const shown = graph?.nodes.filter(({ type, change }) => type === 'container' && change !== 'removed').length ?? 0;
  const total = graph?.total ?? 0;
  const filtered = usePageState((each) => isFiltered(each.shown));
  const now = useNow();
  const phase = phaseOf(state);
  const place = placeOf(snapshot);
  const cost = state.file === null && state.moment === null ? state.costs.at(-1) : undefined;
  const share = cpuShare(state.costs);
  const live = state.file === null && state.moment === null && state.checkedAt !== null && state.live?.demo !== true;
  return (
    <footer className="status">
      <button
        type="button"
        className={`phase ${phase.toLowerCase().replaceAll(' ', '-')}`}
        onClick={() => runCommand('choose-endpoint', page)}
        title={t('Choose the engine')}
      >
        {place === null ? t(phase) : t('{phase}: {place}', { phase: t(phase), place })}
      </button>
      {snapshot !== null && (
        <>
          <span className="wide" title={t('The kernel that the containers run on')}>
            Linux {visibleText(snapshot.host.kernel)}
          </span>
          <span>
            {shown === total || !filtered
              ? t('{n, plural, one {# container} other {# containers}}', { n: total })
              : t('{shown, number} of {n, plural, one {# container} other {# containers}} shown', { shown, n: total })}
          </span>
          <span>{t('{n, plural, one {# process} other {# processes}}', { n: snapshot.processes.length })}</span>
          <span className="wide">
            {t('{n, plural, one {# namespace} other {# namespaces}}', { n: snapshot.namespaces.length })}
          </span>
        </>
      )}
      <span className="grow" />
      {live && state.checkedAt !== null && (
        <span title={t('When the picture was last known to be true')}>
          {t('checked {ago}', { ago: ago(now - Date.parse(state.checkedAt)) })}
        </span>
      )}
      {cost !== undefined && (
        <span title={t('How long a scan of all processes takes, and the share of one core that scanning costs')}>
          {share === null
            ? t('scan {ms} ms', { ms: cost.durationMs.toFixed(1) })
            : t('scan {ms} ms, {percent} % of a core', {
                ms: cost.durationMs.toFixed(1),
                percent: (share * 100).toFixed(1),
              })}
        </span>
      )}
    </footer>
  );
}
