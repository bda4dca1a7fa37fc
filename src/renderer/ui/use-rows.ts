import { type RefObject, useCallback, useEffect, useState } from 'react';

/** Rows beyond the view that are kept ready. */
const SPARE_ROWS = 12;

/** The rows of a long list that are drawn. */
export interface Rows {
  /** From `first` up to, and without, `last`. */
  readonly first: number;
  readonly last: number;
  /** Scrolls just so far that a row is in sight, below the head that covers the first row's height. */
  readonly reveal: (row: number) => void;
}

/**
 * Which of many rows of one height are in sight of a box that scrolls.
 * @param height of a row, in pixels
 */
export function useRows(box: RefObject<HTMLElement | null>, count: number, height: number): Rows {
  const [view, setView] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [box]);
  const reveal = useCallback(
    (row: number): void => {
      const element = box.current;
      if (element === null) return;
      const top = row * height;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + 2 * height > element.scrollTop + element.clientHeight) {
        element.scrollTop = top + 2 * height - element.clientHeight;
      }
    },
    [box, height],
  );
  return {
    first: Math.max(0, Math.min(count, Math.floor(view.top / height)) - SPARE_ROWS),
    last: Math.min(count, Math.ceil((view.top + view.height) / height) + SPARE_ROWS),
    reveal,
  };
}
