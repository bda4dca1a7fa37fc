import * as z from 'zod';

/** Device-independent pixels, as Electron's screen module gives them. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const coordinate = z.int().min(-100_000).max(100_000);
const length = z.int().min(1).max(100_000);

/** What is kept of the window from one start to the next. */
const windowStateSchema = z.object({
  bounds: z.object({ x: coordinate, y: coordinate, width: length, height: length }),
  maximised: z.boolean(),
});

export type WindowState = z.infer<typeof windowStateSchema>;

export const MINIMUM_SIZE = { width: 720, height: 480 } as const;
const USUAL_SIZE = { width: 1280, height: 800 } as const;

/** So much of a window must be on a display for a person to find it and to take hold of it. */
const GRIP = { width: 120, height: 60 } as const;

/** By arrangement of displays: docked and on its own, the window has a place for each. */
export type WindowStates = Readonly<Record<string, WindowState>>;

/** Arrangements that are kept. */
export const MOST_ARRANGEMENTS = 8;

/** Names an arrangement of displays, whatever order they are listed in. */
export function displaysKey(workAreas: readonly Rectangle[]): string {
  return workAreas
    .map(({ x, y, width, height }) => `${width}x${height}@${x},${y}`)
    .sort()
    .join(' ');
}

/** What a file says; nothing when it is not one of ours, or damaged. */
export function parseWindowStates(text: string): WindowStates {
  try {
    const parsed = z.record(z.string(), windowStateSchema).safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart);
}

/** The usual size in the middle of a work area, smaller where the area is. */
function centred(area: Rectangle): Rectangle {
  const width = Math.min(USUAL_SIZE.width, area.width);
  const height = Math.min(USUAL_SIZE.height, area.height);
  return {
    x: area.x + Math.floor((area.width - width) / 2),
    y: area.y + Math.floor((area.height - height) / 2),
    width,
    height,
  };
}

/**
 * Where to open the window: where it was, as far as that is still on a display, which may have been unplugged since.
 * @param saved null at the first start
 * @param workAreas of the displays, the primary one first; at least one
 */
export function placeWindow(saved: WindowState | null, workAreas: readonly Rectangle[]): Rectangle {
  const primary = workAreas[0] ?? { x: 0, y: 0, ...USUAL_SIZE };
  if (saved === null) return centred(primary);
  const { bounds } = saved;
  const area = workAreas.find(
    (candidate) =>
      overlap(bounds.x, bounds.width, candidate.x, candidate.width) >= GRIP.width &&
      // The title bar is at the top: it must be on the display itself.
      bounds.y >= candidate.y &&
      bounds.y + GRIP.height <= candidate.y + candidate.height,
  );
  if (area === undefined) return centred(primary);
  return {
    x: bounds.x,
    y: bounds.y,
    width: Math.min(Math.max(bounds.width, MINIMUM_SIZE.width), area.width),
    height: Math.min(Math.max(bounds.height, MINIMUM_SIZE.height), area.height),
  };
}
