import { type KeyboardEvent, type PointerEvent, useMemo, useRef } from 'react';
import type { Happening } from '#core/recording/happening.ts';
import { beginOf, gapAt, type Timeline } from '#core/recording/timeline.ts';
import { bytesText } from '#core/text/bytes.ts';
import { visibleText } from '#core/text/visible.ts';
import { commas, say, semicolons, t } from '#core/words/words.ts';
import { runCommand } from '../commands/run.ts';
import { usePage, usePageState } from '../page/page.ts';
import { type Moment, shownTimeline, stepFrom } from '../state/moment.ts';
import { Icon } from '../ui/icon.tsx';
import { rich } from '../ui/rich.tsx';
import { useNow } from '../ui/use-now.ts';
import { ago, clock } from '../ui/words.ts';
import { Events } from './events.tsx';
import { eventFrom, marksOf, placeOf, type Span, spanOf } from './track.ts';
import './time.css';

/** Pixels within which the pointer takes the time of a mark. */
const CATCH = 4;

/** The moments of what is shown, from which any can be chosen: one line below the views. */
export function TimeLine() {
  const timeline = usePageState(shownTimeline);
  const wanted = usePageState((state) => state.timeLine || state.moment !== null || state.file !== null);
  return timeline === null || !wanted ? null : <Line timeline={timeline} />;
}

function Line({ timeline }: { readonly timeline: Timeline }) {
  const page = usePage();
  const moment = usePageState((state) => state.moment);
  const live = usePageState((state) => state.file === null);
  const saving = usePageState((state) => state.exporting !== null);
  const now = useNow();
  const span = spanOf(timeline, live ? now : null);
  const end = live ? t('Live') : t('End');
  return (
    <section className="time-line" aria-label={t('Timeline')} data-region="time">
      {moment === null ? (
        <span className="time-now">{end}</span>
      ) : (
        <>
          <strong className="time-past">
            {live
              ? rich('Past: {time}<muted>, {ago}</muted>', {
                  time: clock(moment.at),
                  ago: ago(now - moment.at),
                  muted: (inner) => <span className="time-ago">{inner}</span>,
                })
              : t('Past: {time}', { time: clock(moment.at) })}
          </strong>
          <button type="button" className="primary" onClick={() => runCommand('newest', page)}>
            {end}
          </button>
        </>
      )}
      <Track timeline={timeline} moment={moment} span={span} end={end} />
      <What timeline={timeline} moment={moment} />
      <Events happenings={timeline.happenings} moment={moment} />
      <span className="time-size" title={sizeTitle(timeline, live)}>
        {bytesText(timeline.bytes)}
      </span>
      {live && (
        <button
          type="button"
          className="quiet text"
          disabled={saving}
          title={t('Save what is kept as a recording (.bulkhead)')}
          onClick={() => runCommand('save-recording', page)}
        >
          {t('Save')}
        </button>
      )}
      {live && moment === null && (
        <button
          type="button"
          className="quiet"
          aria-label={t('Hide the timeline')}
          title={t('Hide the timeline; the command Timeline brings it back')}
          onClick={() => runCommand('toggle-timeline', page)}
        >
          <Icon name="close" />
        </button>
      )}
    </section>
  );
}

function sizeTitle({ bounds, dropped, ...rest }: Timeline, live: boolean): string {
  const from = clock(beginOf({ bounds, dropped, ...rest }));
  const most = bytesText(bounds.bytes);
  if (dropped === 'bytes')
    return t('Memory that the moments since {from} take. No more than {most}: older ones are gone.', { from, most });
  return live
    ? t(
        'Memory that the moments since {from} take. The last {minutes, plural, one {minute is} other {# minutes are}} kept, up to {most}.',
        { from, most, minutes: bounds.time / 60_000 },
      )
    : t('Memory that the moments since {from} take. All of the recording is there, up to {most}.', { from, most });
}

/** How many events of one moment are named. */
const MOST_NAMED = 3;

/** What happened at a moment, in words; '' for nothing. */
function happenedAt({ happenings }: Timeline, at: number): string {
  const here = happenings.filter((one) => one.at === at);
  const named = here
    .slice(0, MOST_NAMED)
    .map(({ text, seen }) =>
      visibleText(seen ? say(text) : t('{event}, too short for a picture', { event: say(text) })),
    );
  return semicolons([
    ...named,
    ...(here.length > MOST_NAMED ? [t('{n, number} more', { n: here.length - MOST_NAMED })] : []),
  ]);
}

/** What happened at the moment that is shown, and why the picture may not show it. */
function What({ timeline, moment }: { readonly timeline: Timeline; readonly moment: Moment | null }) {
  if (moment === null) return null;
  const gap = gapAt(timeline, moment.at);
  const text =
    gap === null
      ? happenedAt(timeline, moment.at)
      : t('Nothing was seen from {from} to {to}: this is what was there before.', {
          from: clock(gap.from),
          to: gap.to === null ? t('now') : clock(gap.to),
        });
  return (
    <span className="time-what" title={text}>
      {text}
    </span>
  );
}

/** What a screen reader reads for the moment. */
function spoken(timeline: Timeline, moment: Moment | null, end: string): string {
  if (moment === null) return end;
  const happened = happenedAt(timeline, moment.at);
  const { containers } = moment.snapshot;
  const there = t('{n, plural, one {# container} other {# containers}}', {
    n: containers.filter(({ helper }) => !helper).length,
  });
  return commas([t('The past, {time}', { time: clock(moment.at) }), there, happened].filter((part) => part !== ''));
}

function Track(props: {
  readonly timeline: Timeline;
  readonly moment: Moment | null;
  readonly span: Span;
  readonly end: string;
}) {
  const { timeline, moment, span, end } = props;
  const { store } = usePage();
  const track = useRef<HTMLDivElement>(null);
  const marks = useMemo(() => marksOf(timeline.happenings, span), [timeline.happenings, span]);
  const goTo = (at: number | null): void => store.dispatch({ type: 'moment', at });

  /** The time below the pointer; the end of the track is the newest. */
  function timeAt(x: number): number | null {
    const box = track.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return null;
    const place = (x - box.left) / box.width;
    const near = CATCH / box.width;
    if (place >= 1 - near) return null;
    const mark = marks.find(({ at }) => Math.abs(placeOf(span, at) - place) <= near);
    return mark?.at ?? span.from + Math.max(0, place) * (span.to - span.from);
  }

  function point(event: PointerEvent): void {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    if (event.currentTarget.hasPointerCapture(event.pointerId)) goTo(timeAt(event.clientX));
  }

  function key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = moment?.at ?? null;
    const step = {
      ArrowLeft: () => stepFrom(timeline, at, -1),
      ArrowDown: () => stepFrom(timeline, at, -1),
      ArrowRight: () => stepFrom(timeline, at, 1),
      ArrowUp: () => stepFrom(timeline, at, 1),
      PageDown: () => eventFrom(timeline.happenings, at, -1) ?? at,
      PageUp: () => eventFrom(timeline.happenings, at, 1),
      Home: () => span.from,
      End: () => null,
    }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    goTo(step());
  }

  const place = moment === null ? 1 : placeOf(span, moment.at);
  return (
    <div
      ref={track}
      className="time-track"
      role="slider"
      tabIndex={0}
      aria-label={t('Moment that is shown')}
      aria-valuemin={0}
      aria-valuemax={Math.round((span.to - span.from) / 1_000)}
      aria-valuenow={Math.round((place * (span.to - span.from)) / 1_000)}
      aria-valuetext={spoken(timeline, moment, end)}
      title={t('From {from} on. Arrow keys: change by change; Page Up and Down: event by event', {
        from: clock(span.from),
      })}
      onPointerDown={point}
      onPointerMove={point}
      onKeyDown={key}
    >
      {timeline.gaps.map(({ from, to }) => (
        <span
          key={from}
          className="time-gap"
          title={t('Nothing was seen here')}
          style={{ left: percent(placeOf(span, from)), right: percent(1 - placeOf(span, to ?? span.to)) }}
        />
      ))}
      {marks.map(({ at, happenings }) => (
        <span
          key={at}
          className={`time-mark m-${happenings[0]?.what}`}
          title={markTitle(happenings)}
          style={{ left: percent(placeOf(span, at)) }}
        />
      ))}
      <span className="time-thumb" style={{ left: percent(place) }} />
    </div>
  );
}

/** Lines of the words of one mark. */
const MOST_LINES = 8;

function markTitle(happenings: readonly Happening[]): string {
  const lines = happenings.slice(0, MOST_LINES).map((one) => `${clock(one.at)}: ${visibleText(say(one.text))}`);
  const more = happenings.length - lines.length;
  return [...lines, ...(more > 0 ? [t('{n, number} more', { n: more })] : [])].join('\n');
}

const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;
