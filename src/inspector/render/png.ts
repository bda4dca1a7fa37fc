import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PNG_MAX_AREA, PNG_MAX_SIDE } from '#core/export/formats.ts';
import { sentences, t } from '#core/words/words.ts';
import { fontsFor } from './fonts.ts';
import { failure, INSTEAD, inThread, LARGEST_FILE, oneAfterAnother } from './thread.ts';

/** A drawing of more than this is no picture of ours, or too much for this machine. */
const DRAW_WITHIN_MS = 60_000;

/** What the thread answers; no picture where it would be too large. */
interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly png: Uint8Array | null;
}

let wasm: Promise<Uint8Array> | null = null;

function* textsOf(svg: string): Iterable<string> {
  for (const [, text] of svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)) yield text ?? '';
}

/**
 * Draws an SVG of `renderSvg` with the fonts that Bulkhead carries and, for what they lack, those of this machine; the
 * same input gives the same bytes. `missing` are the characters that none has a shape for.
 * @param withinMs limit of time for the drawing itself, in milliseconds
 * @throws Error with code `export-too-large` over PNG_MAX_SIDE, PNG_MAX_AREA or the size of a message, `export-failed`
 * when it takes too long or is no picture; the message says what to do
 */
export async function renderPng(
  svg: string,
  scale: number,
  withinMs = DRAW_WITHIN_MS,
): Promise<{ png: Uint8Array; missing: string }> {
  wasm ??= readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')).catch((error) => {
    wasm = null;
    throw error;
  });
  const program = await wasm;
  const { regular, bold, more, missing } = await fontsFor(textsOf(svg));
  const data = {
    wasm: program,
    fonts: [regular, bold, ...more].map((font) => font.data),
    ...{ svg, scale, maxSide: PNG_MAX_SIDE, maxArea: PNG_MAX_AREA },
  };
  const { width, height, png } = await oneAfterAnother(() =>
    inThread<Drawn>(new URL('./png-worker.mjs', import.meta.url), data, withinMs),
  );
  if (png === null) {
    throw failure('export-too-large', () =>
      sentences(
        t(
          'The picture would have {width} × {height} pixels; the limits are {side} on a side and {area} million in all.',
          { width, height, side: PNG_MAX_SIDE, area: PNG_MAX_AREA / 1e6 },
        ),
        t(INSTEAD),
      ),
    );
  }
  if (png.length > LARGEST_FILE) {
    throw failure('export-too-large', () =>
      sentences(t('The PNG would have {size} MB.', { size: Math.round(png.length / 1024 / 1024) }), t(INSTEAD)),
    );
  }
  return { png, missing };
}
