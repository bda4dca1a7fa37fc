import { useId } from 'react';
import { parseFilter } from '#core/layout/filter.ts';
import type { ViewOptions } from '#core/layout/scene.ts';
import { KIND_NAME } from '#core/sharing/describe.ts';
import type { Sharing } from '#core/sharing/sharing.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import { NO_FILTER } from '../commands/view.ts';
import { selectSharing } from '../page/derived.ts';
import { usePage, usePageState } from '../page/page.ts';
import { filterValue, filterWords, withFilterValue } from '../state/filter-words.ts';
import { shownSnapshot } from '../state/state.ts';
import { Icon } from '../ui/icon.tsx';
import { Popover } from '../ui/menu.tsx';

/** Optional parts of the picture, each with a switch of its own. */
const SWITCHES = [
  ['stopped', 'Stopped containers'],
  ['hostLinks', 'Links to the machine, defaults too'],
  ['services', "Services and other engines' containers"],
  ['networks', 'Docker networks'],
  ['helpers', "Bulkhead's own helper"],
] as const satisfies readonly (readonly [keyof ViewOptions, PlainMessage])[];

/** How many restrictions are in force. */
export function activeFilters(view: ViewOptions): number {
  return (
    filterWords(view.filter).length + (view.kinds.length < NAMESPACE_KINDS.length ? 1 : 0) + (view.stopped ? 0 : 1)
  );
}

function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  /** How a value is shown; without this, as it is. */
  readonly nameOf?: (value: string) => string;
  readonly onChoose: (value: string) => void;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <select id={id} value={props.value} onChange={(event) => props.onChoose(event.target.value)}>
        <option value="">{t('Any')}</option>
        {props.value !== '' && !props.values.includes(props.value) && (
          <option value={props.value}>{visibleText(props.value)}</option>
        )}
        {props.values.map((value) => (
          <option key={value} value={value}>
            {props.nameOf?.(value) ?? visibleText(value)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** What is shown: kinds, states, compose projects, or any expression. All of it is one filter, and one click clears it. */
export function FilterMenu() {
  const view = usePageState((state) => state.view);
  const snapshot = usePageState(shownSnapshot);
  const sharing = usePageState(selectSharing);
  return snapshot === null || sharing === null ? null : <Filter view={view} snapshot={snapshot} sharing={sharing} />;
}

interface Props {
  readonly view: ViewOptions;
  readonly snapshot: Snapshot;
  readonly sharing: Sharing;
}

function Filter({ view, snapshot, sharing }: Props) {
  const { changeView: onView } = usePage();
  const expression = useId();
  const message = useId();
  const active = activeFilters(view);
  const parsed = parseFilter(view.filter, snapshot, sharing);
  const own = snapshot.containers.filter((container) => !container.helper);
  const distinct = <T extends string>(values: readonly (T | undefined)[]): T[] =>
    [...new Set(values.filter((value) => value !== undefined))].sort();
  const states = distinct(own.map(({ state }) => state));
  const projects = distinct(own.map(({ labels }) => labels['com.docker.compose.project']));
  const set = (field: string, value: string): void => onView({ filter: withFilterValue(view.filter, field, value) });
  const clear = (): void => onView(NO_FILTER);

  return (
    <span className="group">
      <Popover
        name={active === 0 ? t('Filter') : t('Filter, {n, number} active', { n: active })}
        className={active === 0 ? '' : 'active'}
        label={
          <>
            <Icon name="filter" />
            <span className="wide">{t('Filter')}</span>
            {active > 0 && <span className="badge">{active}</span>}
          </>
        }
      >
        {() => (
          <div className="filter">
            <div className="field">
              <label htmlFor={expression}>{t('Containers')}</label>
              <input
                id={expression}
                value={view.filter}
                placeholder="name:web* -image:nginx shared>=2"
                autoComplete="off"
                spellCheck={false}
                aria-invalid={!parsed.ok}
                aria-describedby={message}
                onChange={(event) => onView({ filter: event.target.value })}
              />
            </div>
            <p id={message} className={parsed.ok ? 'muted' : 'reason'}>
              {parsed.ok ? t('All words must match; a minus negates one.') : parsed.message}
            </p>
            <div className="columns">
              <Choice
                label={t('State')}
                value={filterValue(view.filter, 'state')}
                values={states}
                nameOf={(value) => t(states.find((state) => state === value) ?? 'unknown')}
                onChoose={(value) => set('state', value)}
              />
              <Choice
                label={t('Compose project')}
                value={filterValue(view.filter, 'project')}
                values={projects}
                onChoose={(value) => set('project', value)}
              />
            </div>
            <fieldset>
              <legend>{t('Namespaces')}</legend>
              <div className="columns">
                {NAMESPACE_KINDS.map((kind) => (
                  <label key={kind} className={`check k-${kind}`}>
                    <input
                      type="checkbox"
                      checked={view.kinds.includes(kind)}
                      onChange={(event) =>
                        onView({
                          kinds: NAMESPACE_KINDS.filter((each) =>
                            each === kind ? event.target.checked : view.kinds.includes(each),
                          ),
                        })
                      }
                    />
                    <span className="swatch" aria-hidden="true" />
                    {t(KIND_NAME[kind])}
                  </label>
                ))}
              </div>
            </fieldset>
            {SWITCHES.map(([part, label]) => (
              <label key={part} className="check">
                <input
                  type="checkbox"
                  checked={view[part]}
                  onChange={(event) => onView({ [part]: event.target.checked })}
                />
                {t(label)}
              </label>
            ))}
          </div>
        )}
      </Popover>
      {active > 0 && (
        <button type="button" onClick={clear} aria-label={t('Clear the filter')} title={t('Clear the filter')}>
          <Icon name="close" />
        </button>
      )}
    </span>
  );
}
