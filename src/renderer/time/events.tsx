import { type Happening, WHAT_HAPPENS } from '#core/recording/happening.ts';
import { visibleText } from '#core/text/visible.ts';
import { say, t } from '#core/words/words.ts';
import { usePage } from '../page/page.ts';
import type { Moment } from '../state/moment.ts';
import { Popover } from '../ui/menu.tsx';
import { timeOfDay } from '../ui/words.ts';

/** Rows of the list: what is older is in the copy. */
const MOST_ROWS = 300;

const unseen = ({ seen }: Happening): string => (seen ? '' : ` ${t('(no picture: too short)')}`);

/** All events as text, the oldest first. */
function copyText(happenings: readonly Happening[]): string {
  return happenings
    .map((one) => `${new Date(one.at).toISOString()}  ${visibleText(say(one.text))}${unseen(one)}\n`)
    .join('');
}

/** The events, the newest first: each leads to its moment. */
export function Events(props: { readonly happenings: readonly Happening[]; readonly moment: Moment | null }) {
  const { happenings, moment } = props;
  const { store } = usePage();
  const events = t('{n, plural, one {# event} other {# events}}', { n: happenings.length });
  const copy = (): void => {
    // Absent where the page is not served securely.
    const written = navigator.clipboard?.writeText(copyText(happenings)) ?? Promise.reject(new Error('no clipboard'));
    written.then(
      () =>
        store.dispatch({
          type: 'toast',
          toast: { text: () => t('Copied {n, plural, one {# event} other {# events}}.', { n: happenings.length }) },
        }),
      () => store.dispatch({ type: 'failure', failure: t('The events could not be copied.') }),
    );
  };
  return (
    <Popover menu className="events" name={events} disabled={happenings.length === 0} label={events}>
      {() => (
        <>
          <button type="button" role="menuitem" tabIndex={-1} onClick={copy}>
            {t('Copy all')}
          </button>
          {happenings
            .slice(-MOST_ROWS)
            .toReversed()
            .map((one, index) => (
              <button
                // biome-ignore lint/suspicious/noArrayIndexKey: two events may be the same in all that is told
                key={index}
                type="button"
                role="menuitem"
                tabIndex={-1}
                className={one.at === moment?.at ? 'chosen' : ''}
                onClick={() => store.dispatch({ type: 'moment', at: one.at })}
              >
                <span className={`time-sign m-${one.what}`} aria-hidden="true" />
                <span className="time-of">{timeOfDay(one.at)}</span>
                <span className="hidden">{t(WHAT_HAPPENS[one.what])}: </span>
                <span className="time-text">
                  {visibleText(say(one.text))}
                  {!one.seen && <em>{unseen(one)}</em>}
                </span>
              </button>
            ))}
          {happenings.length > MOST_ROWS && (
            <p className="muted">
              {t('The {shown, number} newest. Copy all takes {n, number}.', { shown: MOST_ROWS, n: happenings.length })}
            </p>
          )}
        </>
      )}
    </Popover>
  );
}
