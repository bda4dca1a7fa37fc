import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Point, Scene, SceneGraph } from '#core/layout/scene.ts';
import { t } from '#core/words/words.ts';
import { loadPins, savePins } from '../state/saved.ts';
import { LayoutDesk, type Pins } from './layout-desk.ts';

/**
 * The graph with a place for everything, made in a worker.
 *
 * `scene` is null until there is one of this place (an endpoint or a file): never another place's. `failure` is what to
 * tell when there will be none; `retry` starts afresh.
 */
export function useScene(graph: SceneGraph | null, place: string) {
  const [answer, setAnswer] = useState<{ place: string; scene: Scene } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [epoch, setEpoch] = useState(0);
  const desk = useRef<LayoutDesk | null>(null);
  const saved = useMemo<Pins>(() => loadPins(place), [place]);
  const [moved, setMoved] = useState<{ place: string; pins: Pins } | null>(null);
  const pins = moved?.place === place ? moved.pins : saved;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another worker
  useEffect(() => {
    const own = new LayoutDesk(
      (job, scene) => setAnswer({ place: job.place, scene }),
      (message) => setFailure(t('The picture could not be laid out: {message}.', { message })),
    );
    desk.current = own;
    return () => own.end();
  }, [attempt]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new worker places the same graph again
  useEffect(() => {
    if (graph !== null) desk.current?.ask({ place, epoch, graph, pins });
  }, [graph, place, epoch, pins, attempt]);

  const pin = useCallback(
    (key: string, at: Point | null) => {
      const { [key]: _removed, ...others } = pins;
      const after = at === null ? others : { ...others, [key]: at };
      savePins(place, after);
      setMoved({ place, pins: after });
    },
    [place, pins],
  );
  /** Lays everything out afresh, pins apart. */
  const tidy = useCallback(() => setEpoch((before) => before + 1), []);
  /** Takes the last tidying back. @returns false when there was none */
  const untidy = useCallback(() => desk.current?.untidy() ?? false, []);
  /** Fits the picture to the room that it has now, after that has changed. */
  const refit = useCallback(() => desk.current?.refit(), []);
  const retry = useCallback(() => {
    setFailure(null);
    setAttempt((before) => before + 1);
  }, []);
  const scene = graph !== null && answer?.place === place ? answer.scene : null;
  return { scene, failure, retry, pins, pin, tidy, untidy, refit };
}
