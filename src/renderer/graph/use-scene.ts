import { useCallback, useEffect, useRef, useState } from 'react';
import type { Placement, Point, Scene, SceneGraph } from '#core/layout/scene.ts';
import { loadPins, savePins } from '../state/saved.ts';
import type { LayoutAnswer, LayoutQuestion } from './layout-worker.ts';

/** Places the graph in a worker: one question on its way at a time, and of those waiting only the newest. */
export function useScene(graph: SceneGraph | null, place: string) {
  const [scene, setScene] = useState<Scene | null>(null);
  const [pins, setPins] = useState<Record<string, Point>>(() => loadPins(place));
  const [epoch, setEpoch] = useState(0);
  const memory = useRef<{
    worker: Worker | null;
    busy: boolean;
    next: Omit<LayoutQuestion, 'id' | 'previous'> | null;
    placement: Placement | null;
    tick: number;
    ask: () => void;
  }>({ worker: null, busy: false, next: null, placement: null, tick: 0, ask: () => {} });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another place or a new epoch starts from an empty picture
  useEffect(() => {
    const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
    const own = memory.current;
    own.worker = worker;
    own.busy = false;
    own.placement = null;
    own.ask = () => {
      if (own.busy || own.next === null) return;
      own.busy = true;
      worker.postMessage({ ...own.next, id: own.tick, previous: own.placement } satisfies LayoutQuestion);
      own.next = null;
    };
    worker.addEventListener('message', (event: MessageEvent<LayoutAnswer>) => {
      own.busy = false;
      own.placement = event.data.placement;
      setScene(event.data.scene);
      own.ask();
    });
    own.ask();
    return () => worker.terminate();
  }, [place, epoch]);

  useEffect(() => {
    setPins(loadPins(place));
  }, [place]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new epoch places the same graph again
  useEffect(() => {
    const own = memory.current;
    if (graph === null) {
      own.next = null;
      setScene(null);
      return;
    }
    own.tick += 1;
    own.next = { graph, pins, tick: own.tick };
    own.ask();
  }, [graph, pins, epoch]);

  const pin = useCallback(
    (key: string, at: Point | null) => {
      setPins((before) => {
        const { [key]: _removed, ...others } = before;
        const after = at === null ? others : { ...others, [key]: at };
        savePins(place, after);
        return after;
      });
    },
    [place],
  );
  /** Lays everything out afresh, pins apart. */
  const tidy = useCallback(() => setEpoch((before) => before + 1), []);
  return { scene, pins, pin, tidy };
}
