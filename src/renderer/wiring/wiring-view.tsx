import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReachAnswer } from '#core/answer/reach.ts';
import { collectedWiring } from '#core/snapshot/details.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { beginReading, NOTHING_READ, progressOf, type Reading, readOn } from '#core/wiring/reading.ts';
import { type DrawnWay, wayMarks, wayOnWiring } from '#core/wiring/way.ts';
import { layOutWiring, type WiringBox } from '#core/wiring/wiring.ts';
import { wiringMarks } from '#core/wiring/wiring-marks.ts';
import { commas, semicolons, t } from '#core/words/words.ts';
import { type Source, useSource } from '../detail/use-source.ts';
import { usePageState } from '../page/page.ts';
import { ReachPanel } from '../reach/reach-panel.tsx';
import { useReach } from '../reach/use-reach.ts';
import { type Selection, type State, shownSnapshot } from '../state/state.ts';
import { MarksSvg } from '../ui/marks-svg.tsx';
import { useTheme } from '../ui/theme.ts';
import { useRoving } from '../ui/use-roving.ts';
import './wiring.css';

const EVERY_MS = 4_000;
/** The title of a network that is not folded. */
const FOLD_HEIGHT = 30;

interface Props {
  readonly onSelect: (selection: Selection) => void;
}

/** All network namespaces, read repeatedly while the view is shown; for a saved snapshot, those saved in it. */
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

/** What a card says about the drawn way; nothing if it is not on it. */
function wayTexts(way: DrawnWay | null, key: string): string[] {
  const hops = way?.boxes.get(key);
  if (hops === undefined) return [];
  const on = hops.length === 0 ? t('on the way') : t('on the way: hop {hops}', { hops: commas(hops.map(String)) });
  if (way?.ends?.key !== key) return [on];
  const { ok, hop } = way.ends;
  return [on, ok === false ? t('it fails at hop {hop}', { hop }) : t('not known from hop {hop} on', { hop })];
}

/** A card in words: its ports, and where it stands on the way. */
function boxText({ key, title, ports }: WiringBox, way: DrawnWay | null): string {
  const said = t('{name}, {n, plural, one {# link} other {# links}}: {ports}', {
    name: visibleText(title),
    n: ports.length,
    ports: semicolons(ports.map(({ name, detail }) => visibleText(`${name} ${detail}`))),
  });
  return semicolons([said, ...wayTexts(way, key)]);
}

/** The progress of reading the links. */
function progressText({ known, total }: { known: number; total: number }, { problem, running }: Reading): string {
  if (problem !== null) {
    return t('{known, number} of {total, number} network namespaces read: {problem}', {
      known,
      total,
      problem: visibleText(problem),
    });
  }
  return running
    ? t('{known, number} of {total, number} network namespaces read…', { known, total })
    : t('{known, number} of {total, number} network namespaces read', { known, total });
}

/** The network namespace of what is selected; null where that has none, or nothing is. */
function selectedNet({ selection }: State, snapshot: Snapshot | null): string | null {
  if (selection?.type === 'namespace') return selection.id;
  if (selection?.type === 'host') return snapshot?.host.namespaces.net ?? null;
  if (selection?.type !== 'container') return null;
  return snapshot?.processes.find(({ container }) => container === selection.id)?.namespaces.net ?? null;
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
  const selected = usePageState((state) => selectedNet(state, shownSnapshot(state)));
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
  const [byHand, setByHand] = useState<ReadonlyMap<string, boolean>>(new Map());
  // The way of an answer is drawn on cards.
  const [fold, folds] = answer === null ? [true, byHand] : [false, undefined];
  const wiring = useMemo(() => {
    const known = [...reading.nets.values()].flatMap(({ id, links }) => (links === null ? [] : [{ id, links }]));
    return snapshot === null || known.length === 0
      ? null
      : layOutWiring(snapshot, known, {
          networks: reading.networks ?? [],
          ...{ width, fold },
          ...(folds === undefined ? {} : { folds }),
        });
  }, [snapshot, reading.nets, reading.networks, width, fold, folds]);
  const progress = progressOf(reading);
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
  const picture = useRef<HTMLDivElement>(null);
  const roving = useRoving(picture, '.wiring-fold, .wiring-box');
  const onWay = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another answer may be outside the visible part
  useEffect(() => {
    onWay.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [answer, seen?.key]);
  // Only once, as soon as it is there, because the links are read repeatedly.
  const wanted = usePageState((state) => state.network);
  const sought = useRef<HTMLButtonElement>(null);
  const found = wanted !== null && wiring?.groups.some(({ title }) => title === wanted) === true;
  useEffect(() => {
    if (!found) return;
    sought.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    sought.current?.focus({ preventScroll: true });
  }, [found]);
  if (source === null && past) {
    return (
      <div className="empty">
        <h2>{t('No wiring of the past')}</h2>
        <p>{t('Links and ports are not recorded: they are only read live.')}</p>
      </div>
    );
  }
  if (source === null) {
    return (
      <div className="empty">
        <h2>{t('No wiring')}</h2>
        <p>
          {t(
            'Links and ports are read live: choose an engine, or wait until it answers. A saved snapshot has them where it was saved with details.',
          )}
        </p>
      </div>
    );
  }
  if (wiring === null) {
    return (
      <div className="empty" role={reading.problem === null ? 'status' : 'alert'}>
        <h2>{reading.problem === null ? t('Reading the links…') : t('The links cannot be read')}</h2>
        {reading.problem !== null && (
          <>
            <p>{visibleText(reading.problem)}</p>
            <button type="button" onClick={retry}>
              {t('Try again')}
            </button>
          </>
        )}
      </div>
    );
  }
  const networks = wiring.groups.filter(({ type }) => type === 'network');
  const unfolded = networks.some(({ folded }) => !folded);
  const foldAll = (folded: boolean): void => setByHand(new Map(networks.map(({ key }) => [key, folded])));
  return (
    <section className="wiring" aria-label={t('Wiring')}>
      <div className="wiring-bar">
        <span className="muted">
          {semicolons([
            t(
              '{namespaces, plural, one {# network namespace} other {# network namespaces}}, {networks, plural, one {# network} other {# networks}}',
              {
                namespaces: wiring.shown,
                networks: networks.length,
              },
            ),
            ...(wiring.leftOut > 0 ? [t('{n, number} without links not drawn', { n: wiring.leftOut })] : []),
          ])}
        </span>
        {progress !== null && <span role="status">{progressText(progress, reading)}</span>}
        {progress !== null && !reading.running && source.live !== null && (
          <button type="button" onClick={retry}>
            {t('Try again')}
          </button>
        )}
        {answer === null && networks.length > 1 && (
          <button type="button" onClick={() => foldAll(unfolded)}>
            {unfolded ? t('Fold all networks') : t('Unfold all networks')}
          </button>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section ref={measure} className="wiring-scroll" tabIndex={0} aria-label={t('Picture of the wiring')}>
        <div className="wiring-picture" ref={picture} {...roving}>
          <MarksSvg width={wiring.width} height={wiring.height} marks={marks} />
          {answer === null &&
            networks.map(({ key, title, folded, x, y, width, height }) => (
              <button
                key={key}
                ref={title === wanted ? sought : null}
                type="button"
                className="wiring-fold"
                aria-expanded={!folded}
                aria-label={t('Members of {name}', { name: title })}
                style={{ left: x, top: y, width, height: folded ? height : FOLD_HEIGHT }}
                onClick={() => setByHand(new Map(byHand).set(key, !folded))}
              >
                {folded ? '▸' : '▾'}
              </button>
            ))}
          {wiring.boxes.map((box) => (
            <button
              key={box.key}
              ref={box.key === seen?.key ? onWay : null}
              type="button"
              className={box.namespace === selected ? 'wiring-box selected' : 'wiring-box'}
              aria-current={box.namespace === selected || undefined}
              aria-label={boxText(box, way)}
              style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
              onClick={() => onSelect({ type: 'namespace', id: box.namespace })}
            />
          ))}
        </div>
      </section>
    </section>
  );
}
