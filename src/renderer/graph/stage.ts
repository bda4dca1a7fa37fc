import type { Stage } from '#core/layout/scene.ts';

/** A line of switches below the picture. */
const LEGEND = 36;
const SMALLEST: Stage = { width: 320, height: 240 };

/** The room that the picture has now: of its own element where there is one, else of what is around it. */
export function currentStage(): Stage {
  const own = document.querySelector('.graph')?.getBoundingClientRect();
  const around = document.querySelector('.picture')?.getBoundingClientRect();
  const { width, height } = own ??
    (around === undefined ? null : { width: around.width, height: around.height - LEGEND }) ?? {
      width: innerWidth,
      height: innerHeight,
    };
  return { width: Math.max(SMALLEST.width, width), height: Math.max(SMALLEST.height, height) };
}
