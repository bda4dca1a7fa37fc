import type { Point } from '#core/layout/scene.ts';

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** The nearest item within 45° of a direction; null when there is none. Sideways distance counts double. */
export function nearest<T extends Point>(from: Point, direction: Direction, items: readonly T[]): T | null {
  let best: T | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const dx = item.x - from.x;
    const dy = item.y - from.y;
    const along =
      direction === 'ArrowLeft' ? -dx : direction === 'ArrowRight' ? dx : direction === 'ArrowUp' ? -dy : dy;
    const across = Math.abs(direction === 'ArrowLeft' || direction === 'ArrowRight' ? dy : dx);
    if (along <= 0 || across > along) continue;
    const distance = along + 2 * across;
    if (distance < least) {
      least = distance;
      best = item;
    }
  }
  return best;
}
