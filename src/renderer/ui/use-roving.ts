import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from 'react';
import { type Direction, nearest } from './nearest.ts';

const DIRECTIONS: readonly string[] = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] satisfies Direction[];

/**
 * Makes the buttons of a picture one stop of the Tab key, in which the arrow keys go to the nearest, Home and End to the
 * first and the last.
 * @param items the selector of the buttons
 * @returns what the box around them listens with
 */
export function useRoving(box: RefObject<HTMLElement | null>, items: string) {
  const last = useRef<HTMLElement | null>(null);
  const all = (): HTMLElement[] => [...(box.current?.querySelectorAll<HTMLElement>(items) ?? [])];

  function stopAt(stop: HTMLElement | undefined): void {
    last.current = stop ?? null;
    for (const each of all()) {
      const index = each === stop ? 0 : -1;
      if (each.tabIndex !== index) each.tabIndex = index;
    }
  }

  // Buttons may have been added since, and the one with the tab stop may be gone.
  useLayoutEffect(() => {
    const now = all();
    stopAt(now.find((each) => each === last.current) ?? now[0]);
  });

  return {
    onFocus({ target }: FocusEvent<HTMLElement>): void {
      if (target.matches(items)) stopAt(target);
    },
    onKeyDown(event: KeyboardEvent): void {
      const from = event.target as HTMLElement;
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !from.matches(items)) return;
      // What is folded away is no place to go to.
      const seen = all().filter((each) => each.getClientRects().length > 0);
      let next: HTMLElement | undefined;
      if (event.key === 'Home') next = seen[0];
      else if (event.key === 'End') next = seen.at(-1);
      else if (DIRECTIONS.includes(event.key)) {
        const places = seen.map((element) => {
          const { x, y, height } = element.getBoundingClientRect();
          // Distances are measured from where a button begins, so that a wide one counts as near to what stands below
          // its beginning.
          return { element, x, y: y + height / 2 };
        });
        const here = places.find(({ element }) => element === from);
        const there = here === undefined ? null : nearest(here, event.key as Direction, places);
        const step = event.key === 'ArrowDown' || event.key === 'ArrowRight' ? 1 : -1;
        next = there?.element ?? seen[seen.indexOf(from) + step];
      } else return;
      next?.focus();
      event.preventDefault();
    },
  };
}
