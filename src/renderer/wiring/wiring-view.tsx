import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReachAnswer } from '#core/answer/reach.ts';
import { collectedWiring } from '#core/snapshot/details.ts';
import { visibleText } from '#core/text/visible.ts';
import { beginReading, NOTHING_READ, progressText, type Reading, readOn } from '#core/wiring/reading.ts';
import { type DrawnWay, wayMarks, wayOnWiring } from '#core/wiring/way.ts';
import { layOutWiring } from '#core/wiring/wiring.ts';
import { wiringMarks } from '#core/wiring/wiring-marks.ts';
import { type Source, useSource } from '../detail/use-source.ts';
import { usePageState } from '../page/page.ts';
import { ReachPanel } from '../reach/reach-panel.tsx';
import { useReach } from '../reach/use-reach.ts';
import type { Selection } from '../state/state.ts';
import { MarksSvg } from '../ui/marks-svg.tsx';
import { useTheme } from '../ui/theme.ts';
import { count } from '../ui/words.ts';
import './wiring.css';

const EVERY_MS = 4_000;

interface Props {
  readonly onSelect: (selection: Selection) => void;
}

/** All network namespaces, looked at again and again while they are shown; of a saved snapshot, those in it. */
function useReading(source: Source | null): { readonly reading: Reading; readonly retry: () => void } {
  const [reading, setReading] = useState(NOTHING_READ);
  const [round, setRound] = useState(0);
  const endpoint = source?.live?.endpoint ?? null;
  const backend = source?.live?.backend;
  const saved = source !== null && source.live === null ? source.snapshot : null;
  const collected = useMemo(() => (saved === null ? null : collectedWiring(saved)), [saved]);

  useEffect(() => {
    if (endpoint !== null) setReading(NOTHING_READ);
  }, [endpoint]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each round is a look of its own
  useEffect(() => {
    if (endpoint === null || backend === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (): void => {
      timer = setTimeout(() => setRound((count) => count + 1), EVERY_MS);
    };
    setReading(beginReading);
    const stop = backend.subscribe(
      'wiring',
      { endpoint },
      (event) => {
        setReading((before) => readOn(before, event));
        if (event.type === 'end') again();
      },
      ({ message }) => {
        setReading((before) => readOn(before, { type: 'end', problem: message }));
        again();
      },
    );
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [endpoint, backend, round]);

  return { reading: collected ?? reading, retry: () => setRound((count) => count + 1) };
}

/** What a card says of the way that is drawn; empty where it is not on it. */
function wayText(way: DrawnWay | null, key: string): string {
  const hops = way?.boxes.get(key);
  if (hops === undefined) return '';
  const on = hops.length === 0 ? '; on the way' : `; on the way: hop ${hops.join(', ')}`;
  if (way?.ends?.key !== key) return on;
  return `${on}; ${way.ends.ok === false ? 'it fails' : 'not known further'} at hop ${way.ends.hop}`;
}

/** The wiring and, where it was asked, whether one place reaches another. */
export function WiringView(props: Props) {
  const answered = useReach();
  return (
    <div className="wiring-body">
      {answered !== null && <ReachPanel answered={answered} />}
      <WiringPicture {...props} answer={answered?.answer ?? null} />
    </div>
  );
}

/** Network namespaces as boxes, links as ports, veth pairs and published ports as lines; upon it the way of an answer. */
function WiringPicture({ onSelect, answer }: Props & { readonly answer: ReachAnswer | null }) {
  const source = useSource();
  const past = usePageState((state) => state.moment !== null);
  const theme = useTheme();
  const [width, setWidth] = useState(innerWidth);
  // As many columns as there is room for, also after the panel has gone.
  const measure = useCallback((element: HTMLElement | null) => {
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { reading, retry } = useReading(source);
  const snapshot = source?.snapshot ?? null;
  const wiring = useMemo(() => {
    const known = [...reading.nets.values()].flatMap(({ id, links }) => (links === null ? [] : [{ id, links }]));
    return snapshot === null || known.length === 0
      ? null
      : layOutWiring(snapshot, known, { networks: reading.networks ?? [], width });
  }, [snapshot, reading.nets, reading.networks, width]);
  const progress = progressText(reading);
  const machine = snapshot === null ? null : (snapshot.host.namespaces.net ?? snapshot.host.initial.net);
  const way = useMemo(
    () => (wiring === null || answer === null ? null : wayOnWiring(wiring, answer, machine)),
    [wiring, answer, machine],
  );
  const marks = useMemo(
    () =>
      wiring === null ? [] : [...wiringMarks(wiring, theme), ...(way === null ? [] : wayMarks(wiring, way, theme))],
    [wiring, way, theme],
  );
  const stop = way?.ends?.key ?? [...(way?.boxes.keys() ?? [])].at(-1);
  const seen =
    wiring?.boxes.find(({ key }) => key === stop) ?? wiring?.groups.find(({ key }) => key === stop)?.boxes[0];
  const onWay = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another answer may lie out of sight
  useEffect(() => {
    onWay.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [answer, seen?.key]);
  if (source === null && past) {
    return (
      <div className="empty">
        <h2>No wiring of the past</h2>
        <p>Links and ports are not recorded: they are read while one looks at them live.</p>
      </div>
    );
  }
  if (source === null) {
    return (
      <div className="empty">
        <h2>No wiring</h2>
        <p>
          Links and ports are read live: choose an engine, or wait until it answers. A saved snapshot has them where it
          was saved with details.
        </p>
      </div>
    );
  }
  if (wiring === null) {
    return (
      <div className="empty" role={reading.problem === null ? 'status' : 'alert'}>
        <h2>{reading.problem === null ? 'Looking at the links…' : 'The links cannot be read'}</h2>
        {reading.problem !== null && (
          <>
            <p>{visibleText(reading.problem)}</p>
            <button type="button" onClick={retry}>
              Try again
            </button>
          </>
        )}
      </div>
    );
  }
  return (
    <section className="wiring" aria-label="Wiring">
      <div className="wiring-bar">
        <span className="muted">
          {count(new Set(wiring.boxes.map(({ namespace }) => namespace)).size, 'network namespace')},{' '}
          {count(wiring.groups.filter(({ type }) => type === 'network').length, 'network')}
          {wiring.leftOut > 0 && `; ${wiring.leftOut} without links not drawn`}
        </span>
        {progress !== null && (
          <span role="status">
            {progress} network namespaces read{reading.running ? '…' : ''}
            {reading.problem !== null && `: ${visibleText(reading.problem)}`}
          </span>
        )}
        {progress !== null && !reading.running && source.live !== null && (
          <button type="button" onClick={retry}>
            Try again
          </button>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section ref={measure} className="wiring-scroll" tabIndex={0} aria-label="Picture of the wiring">
        <div className="wiring-picture">
          <MarksSvg width={wiring.width} height={wiring.height} marks={marks} />
          {wiring.boxes.map((box) => (
            <button
              key={box.key}
              ref={box.key === seen?.key ? onWay : null}
              type="button"
              className="wiring-box"
              aria-label={`${visibleText(box.title)}, ${count(box.ports.length, 'link')}: ${box.ports.map(({ name, detail }) => visibleText(`${name} ${detail}`)).join('; ')}${wayText(way, box.key)}`}
              style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
              onClick={() => onSelect({ type: 'namespace', id: box.namespace })}
            />
          ))}
        </div>
      </section>
    </section>
  );
}
