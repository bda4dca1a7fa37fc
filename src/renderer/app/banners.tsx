import type { ReactNode } from 'react';
import { visibleText } from '#core/text/visible.ts';
import { sentences, t } from '#core/words/words.ts';
import { runCommand } from '../commands/run.ts';
import { usePage, usePageFields, usePageState } from '../page/page.ts';
import { isStale, type State } from '../state/state.ts';
import { Icon } from '../ui/icon.tsx';
import { rich } from '../ui/rich.tsx';
import { useNow } from '../ui/use-now.ts';
import { age, clock, dateTime } from '../ui/words.ts';

type Kind = 'notice' | 'warning' | 'danger' | 'notice of-file';

function Banner({ kind, children }: { readonly kind: Kind; readonly children: ReactNode }) {
  return <div className={`banner ${kind}`}>{children}</div>;
}

/** When the next try starts, in milliseconds since 1970; null when none is planned. */
export function nextTry(state: State): number | null {
  if (state.connection !== 'open') return state.reconnectAt;
  return state.status?.retryAt == null ? null : Date.parse(state.status.retryAt);
}

/** Why the picture is not updated at the moment. */
export function troubleText(state: State): string {
  if (state.connection === 'refused') {
    return t('This page belongs to an earlier start of Bulkhead. Open the address that Bulkhead printed last.');
  }
  if (state.connection === 'lost') return t('Bulkhead itself does not answer. If you ended it, start it again.');
  return visibleText(state.status?.message ?? t('Connecting.'));
}

/** Why the engine that docker would use cannot be used, or the first that cannot, and what to do. */
function whyNot({ endpoints }: State): string {
  const engines = endpoints?.filter(({ type, reason }) => type === 'engine' && reason !== null) ?? [];
  const first = engines.find(({ current }) => current) ?? engines[0];
  return first === undefined ? t('Start Docker or Podman.') : visibleText(first.reason ?? '');
}

/** The countdown to the next try and a button that does not wait for it. */
export function Retry({ state, onRetry }: { readonly state: State; readonly onRetry: () => void }) {
  const now = useNow();
  const at = nextTry(state);
  if (state.connection === 'refused') return null;
  const seconds = at === null ? 0 : Math.ceil((at - now) / 1_000);
  return (
    <>
      {seconds > 0 && <span className="countdown">{t('Next try in {seconds} s.', { seconds })}</span>}
      <button type="button" onClick={onRetry}>
        {t('Try now')}
      </button>
    </>
  );
}

/** The age of a picture that may no longer be true. */
function Age() {
  const now = useNow();
  const since = usePageState(({ checkedAt }) => checkedAt);
  if (since === null) return null;
  return (
    <strong>
      {t('This picture is {age} old (of {time}).', {
        age: age(now - Date.parse(since)),
        time: clock(Date.parse(since)),
      })}
    </strong>
  );
}

/** A scan that found nothing new does not redraw this; the age of a stale picture has a timer of its own. */
const FIELDS = [
  'file',
  'live',
  'status',
  'failure',
  'opening',
  'comparison',
  'connection',
  'reconnectAt',
  'endpoint',
  'endpoints',
  'automatic',
  'looking',
  'shown',
  'settingsProblem',
] as const;

/** A progress bar with its value in words. Where the end is not known, the bar moves without a value. */
function Progress({ done }: { readonly done: number | null }) {
  const percent = done === null ? undefined : Math.floor(done * 100);
  return (
    <>
      <progress aria-label={t('Progress')} max={100} value={percent} />
      {percent !== undefined && <span className="percent">{percent} %</span>}
    </>
  );
}

/** Everything that must be known before the picture is believed. */
export function Banners() {
  const page = usePage();
  const { store } = page;
  const state = usePageFields(FIELDS);
  const { file, live, status, failure, opening, comparison } = state;
  const over = state.shown === 'graph' || state.shown === 'both';
  const onChooseEndpoint = (): void => runCommand('choose-endpoint', page);
  const chosen = state.endpoints?.find(({ id }) => id === state.endpoint);
  const fallback = state.automatic && file === null && (chosen?.type === 'local' || chosen?.type === 'demo');
  return (
    <div className={`banners${over ? ' over' : ''}${state.shown === 'both' ? ' half' : ''}`}>
      {file !== null && comparison === null && (
        <Banner kind="notice of-file">
          <span className="grow">
            {rich(
              file.timeline === undefined
                ? '<strong>{name}</strong>: snapshot of {time}, not live.'
                : '<strong>{name}</strong>: recording until {time}, not live.',
              {
                name: visibleText(file.name),
                time: dateTime(file.snapshot.takenAt),
                strong: (name) => (
                  <strong className="ellipsis" title={visibleText(file.name)}>
                    {name}
                  </strong>
                ),
              },
            )}
          </span>
          <button type="button" onClick={() => store.dispatch({ type: 'close-file' })}>
            {t('Back to live')}
          </button>
        </Banner>
      )}
      {file === null && live?.demo === true && (
        <Banner kind="notice">
          <span className="grow">
            <strong>{t('A recording, not this computer.')}</strong>{' '}
            {sentences(
              t('It was made on {time}.', { time: dateTime(live.takenAt) }),
              fallback ? t('No engine could be used here.') : null,
              fallback ? whyNot(state) : null,
            )}
          </span>
          {fallback && (
            <button type="button" disabled={state.looking} onClick={page.actions.refreshEndpoints}>
              {state.looking ? t('Looking…') : t('Look again')}
            </button>
          )}
          <button type="button" onClick={onChooseEndpoint}>
            {t('Choose an engine')}
          </button>
        </Banner>
      )}
      {fallback && chosen?.type === 'local' && (
        <Banner kind="notice">
          <span className="grow">
            <strong>{t("No engine could be used, so this machine's own processes are shown.")}</strong> {whyNot(state)}
          </span>
          <button type="button" disabled={state.looking} onClick={page.actions.refreshEndpoints}>
            {state.looking ? t('Looking…') : t('Look again')}
          </button>
          <button type="button" onClick={onChooseEndpoint}>
            {t('Choose an engine')}
          </button>
        </Banner>
      )}
      {isStale(state) && (
        <Banner kind="warning">
          <span className="grow" role="status">
            <Age /> {troubleText(state)}
          </span>
          <Retry state={state} onRetry={page.actions.retry} />
        </Banner>
      )}
      {file === null &&
        status?.notices.map((notice) => (
          <Banner key={`${notice.code}:${notice.message}`} kind={notice.severity}>
            <span className="grow">
              <strong>{visibleText(notice.message)}</strong>{' '}
              {sentences(
                visibleText(notice.advice),
                notice.action === 'privileged-helper'
                  ? t('With full privileges it may run; it still only reads.')
                  : null,
              )}
            </span>
            {notice.action === 'helper' && (
              <button type="button" onClick={() => store.dispatch({ type: 'dialog', dialog: 'welcome' })}>
                {t('Start the helper…')}
              </button>
            )}
            {notice.action === 'privileged-helper' && (
              <button type="button" onClick={page.actions.allowPrivileged}>
                {t('Run the probe privileged')}
              </button>
            )}
          </Banner>
        ))}
      {state.settingsProblem !== null && (
        <Banner kind="warning">
          <span className="grow" role="alert">
            <strong>{t('The settings were not understood.')}</strong> {visibleText(state.settingsProblem)}
          </span>
          <button type="button" onClick={() => store.dispatch({ type: 'settings-problem', problem: null })}>
            {t('Understood')}
          </button>
        </Banner>
      )}
      {opening !== null && (
        <Banner kind="notice">
          <span className="grow" role="status">
            {opening.done === null
              ? t('Making the picture of {name}…', { name: visibleText(opening.name) })
              : t('Reading {name}…', { name: visibleText(opening.name) })}
          </span>
          <Progress done={opening.done} />
          <button
            type="button"
            onClick={() => {
              opening.cancel();
              store.dispatch({ type: 'opening', opening: null });
            }}
          >
            {t('Cancel')}
          </button>
        </Banner>
      )}
      {failure !== null && (
        <Banner kind="danger">
          <span className="grow" role="alert">
            {visibleText(failure)}
          </span>
          <button
            type="button"
            className="quiet"
            aria-label={t('Close this message')}
            onClick={() => store.dispatch({ type: 'failure', failure: null })}
          >
            <Icon name="close" />
          </button>
        </Banner>
      )}
    </div>
  );
}
