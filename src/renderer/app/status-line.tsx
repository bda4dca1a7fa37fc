import { visibleText } from '#core/text/visible.ts';
import { runCommand } from '../commands/run.ts';
import { selectGraph } from '../page/derived.ts';
import { usePage, usePageFields, usePageState } from '../page/page.ts';
import { cpuShare } from '../state/cost.ts';
import { isStale, type State, shownSnapshot } from '../state/state.ts';
import { useNow } from '../ui/use-now.ts';
import { ago, count } from '../ui/words.ts';

function phaseText(state: State): string {
  if (state.comparison !== null) return 'Comparison';
  if (state.moment !== null) return 'Past';
  if (state.file !== null) return 'File';
  if (state.live?.demo === true) return 'Recording';
  if (isStale(state)) return 'Not live';
  if (state.connection === 'lost' || state.connection === 'refused') return 'Not connected';
  if (state.live === null) return state.status?.retryAt == null ? 'Connecting' : 'No engine';
  return 'Live';
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
  const now = useNow();
  const engine = snapshot?.engine ?? null;
  const cost = state.file === null && state.moment === null ? state.costs.at(-1) : undefined;
  const share = cpuShare(state.costs);
  const live = state.file === null && state.moment === null && state.checkedAt !== null && state.live?.demo !== true;
  return (
    <footer className="status">
      <button
        type="button"
        className={`phase ${phaseText(state).toLowerCase().replaceAll(' ', '-')}`}
        onClick={() => runCommand('choose-endpoint', page)}
        title="Choose the engine"
      >
        {phaseText(state)}
        {engine !== null && `: ${visibleText(engine.name)} ${visibleText(engine.version)}`}
        {engine === null && snapshot !== null && `: ${visibleText(snapshot.host.hostname)}`}
      </button>
      {snapshot !== null && (
        <>
          <span className="wide" title="The kernel that the containers run on">
            Linux {visibleText(snapshot.host.kernel)}
          </span>
          <span>{shown === total ? count(total, 'container') : `${shown} of ${count(total, 'container')} shown`}</span>
          <span>{count(snapshot.processes.length, 'process', 'processes')}</span>
          <span className="wide">{count(snapshot.namespaces.length, 'namespace')}</span>
        </>
      )}
      <span className="grow" />
      {live && state.checkedAt !== null && (
        <span title="When the picture was last known to be true">checked {ago(now - Date.parse(state.checkedAt))}</span>
      )}
      {cost !== undefined && (
        <span title="What one scan of all processes takes, and the share of one core that looking costs">
          scan {cost.durationMs.toFixed(1)} ms{share !== null && `, ${(share * 100).toFixed(1)} % of a core`}
        </span>
      )}
    </footer>
  );
}
