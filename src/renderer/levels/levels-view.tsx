import { useMemo, useRef } from 'react';
import { FIRST_PROCESSES, levelName, levelSentence } from '#core/levels/level-words.ts';
import { type IdRange, type Level, type LevelProcess, levelsOf } from '#core/levels/levels.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { commas, t } from '#core/words/words.ts';
import { useUidMaps } from '../detail/use-uid-maps.ts';
import { usePage, usePageState } from '../page/page.ts';
import { type Selection, shownSnapshot } from '../state/state.ts';
import { Fold } from '../ui/fold.tsx';
import { useRoving } from '../ui/use-roving.ts';
import './levels.css';

/** How many levels with nothing inside are shown one by one. */
const FIRST_LEVELS = 60;

interface Shared {
  readonly names: ReadonlyMap<string, string>;
  readonly maps: ReadonlyMap<string, readonly IdRange[]>;
  readonly selection: Selection | null;
  readonly show: (selection: Selection) => void;
}

/** User and pid namespaces as enclosures: what is inside what, the number of every process at each level, who is root. */
export function LevelsView() {
  const page = usePage();
  const snapshot = usePageState(shownSnapshot);
  return snapshot === null ? null : <Levels snapshot={snapshot} show={page.show} />;
}

function Levels({ snapshot, show }: { readonly snapshot: Snapshot; readonly show: (selection: Selection) => void }) {
  const selection = usePageState((state) => state.selection);
  const levels = useMemo(() => levelsOf(snapshot), [snapshot]);
  const names = useMemo(() => new Map(snapshot.containers.map(({ id, name }) => [id, visibleText(name)])), [snapshot]);
  const maps = useUidMaps(snapshot);
  const box = useRef<HTMLElement>(null);

  const roving = useRoving(box, '.level-name, .level-process, .fold > summary');

  return (
    <section className="levels" aria-label={t('Levels')} ref={box} {...roving}>
      <p className="levels-lead muted">
        {t(
          'What is inside what: user namespaces say who is root, pid namespaces who sees whom. The pids of a process go from the outermost level to its own.',
        )}
      </p>
      <Within levels={levels} shared={{ names, maps, selection, show }} outer={null} />
    </section>
  );
}

interface WithinProps {
  readonly levels: readonly Level[];
  readonly shared: Shared;
  /** The level that encloses them; null for the outermost. */
  readonly outer: Level | null;
}

/** True if nothing in a level stands side by side, so that it needs no more width than its innermost level. */
function isNarrow({ within }: Level): boolean {
  return within.length < 2 && within.every(isNarrow);
}

/** First, in full width, the levels whose content stands side by side; then the rest beside each other. */
function Within({ levels, shared, outer }: WithinProps) {
  const wide = levels.filter((level) => !isNarrow(level));
  const single = levels.filter(isNarrow);
  const draw = (level: Level) => <LevelBox key={level.namespace.id} level={level} shared={shared} outer={outer} />;
  return (
    <>
      {wide.map(draw)}
      {single.length > 0 && (
        <div className="level-row">
          {single.slice(0, FIRST_LEVELS).map(draw)}
          {single.length > FIRST_LEVELS && (
            <Fold title={t('{n, number} more', { n: single.length - FIRST_LEVELS })}>
              <div className="level-row">{single.slice(FIRST_LEVELS).map(draw)}</div>
            </Fold>
          )}
        </div>
      )}
    </>
  );
}

function LevelBox({
  level,
  shared,
  outer,
}: {
  readonly level: Level;
  readonly shared: Shared;
  readonly outer: Level | null;
}) {
  const { namespace, kind, containers, processes, within } = level;
  const { names, maps, selection, show } = shared;
  const told = containers.map((id) => names.get(id) ?? id.slice(0, 12));
  const chosen = selection?.type === 'namespace' && selection.id === namespace.id;
  const owner = levelSentence(level, maps.get(namespace.id) ?? null);
  const empty = kind === 'pid' && processes.length === 0 && within.length === 0;
  return (
    <section
      className={`level k-${kind}${within.length === 0 ? ' single' : ''}${chosen ? ' chosen' : ''}`}
      aria-label={t('{kind} namespace {id}', { kind, id: namespace.id })}
    >
      <header>
        <button
          type="button"
          className="level-name"
          data-enter={namespace.initial && kind === 'user' ? true : undefined}
          onClick={() => show({ type: 'namespace', id: namespace.id })}
        >
          <strong>{levelName(level, told, outer)}</strong>
          <span className="mono">{namespace.id}</span>
        </button>
        {owner !== '' && <span className="level-owner">{owner}</span>}
        {told.length > 3 && (
          <span className="muted">
            {t('and {n, plural, one {# more container} other {# more containers}}', { n: told.length - 3 })}
          </span>
        )}
        {empty && <span className="muted">{t('no process is in it')}</span>}
      </header>
      {processes.length > 0 && <Processes level={level} shared={shared} />}
      {within.length > 0 && <Within levels={within} shared={shared} outer={level} />}
    </section>
  );
}

function Processes({ level, shared }: { readonly level: Level; readonly shared: Shared }) {
  const { processes } = level;
  // For the machine itself only the number is shown: its processes have a view of their own.
  if (level.namespace.initial) {
    const n = processes.length;
    return (
      <p className="level-count muted">
        {level.within.length > 0
          ? t('{n, plural, one {# process} other {# processes}} besides those further in', { n })
          : t('{n, plural, one {# process} other {# processes}}', { n })}
      </p>
    );
  }
  const rest = processes.slice(FIRST_PROCESSES);
  return (
    <>
      <ProcessLines processes={processes.slice(0, FIRST_PROCESSES)} shared={shared} />
      {rest.length > 0 && (
        <Fold title={t('{n, number} more', { n: rest.length })}>
          <ProcessLines processes={rest} shared={shared} />
        </Fold>
      )}
    </>
  );
}

function ProcessLines({ processes, shared }: { readonly processes: readonly LevelProcess[]; readonly shared: Shared }) {
  return (
    <ul className="level-processes">
      {processes.map(({ pid, pids, comm, uid, container }) => (
        <li key={pid}>
          <button
            type="button"
            className="level-process"
            title={t("Pid at each level, the machine's first: {pids}", { pids: commas(pids.map(String)) })}
            onClick={() =>
              shared.show(container === null ? { type: 'host', pid } : { type: 'container', id: container, pid })
            }
          >
            <span className="mono">{pids.join(' → ')}</span>
            <span className="ellipsis">{visibleText(comm)}</span>
            <span className="muted">uid {uid}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
