import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { PNG_MAX_AREA, PNG_MAX_SIDE } from '#core/export/formats.ts';

interface Tools {
  /** resvg. */
  readonly wasm: Uint8Array;
  readonly fonts: Uint8Array[];
  /** Inclusive ranges of the characters that the font can draw. */
  readonly glyphs: readonly (readonly [number, number])[];
}

let tools: Promise<Tools> | null = null;

/** The ranges of a TrueType font's format 12 character map. Source: OpenType, cmap. */
function glyphRanges(font: Uint8Array): (readonly [number, number])[] {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const out: (readonly [number, number])[] = [];
  for (let table = 0; table < view.getUint16(4); table += 1) {
    const entry = 12 + table * 16;
    if (view.getUint32(entry) !== 0x636d6170) continue;
    const cmap = view.getUint32(entry + 8);
    for (let index = 0; index < view.getUint16(cmap + 2); index += 1) {
      const sub = cmap + view.getUint32(cmap + 4 + index * 8 + 4);
      if (view.getUint16(sub) !== 12) continue;
      for (let group = 0; group < view.getUint32(sub + 12); group += 1) {
        const at = sub + 16 + group * 12;
        out.push([view.getUint32(at), view.getUint32(at + 4)]);
      }
    }
  }
  return out;
}

async function load(): Promise<Tools> {
  const require = createRequire(import.meta.url);
  const [wasm, regular, bold] = await Promise.all([
    readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')),
    readFile(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
    readFile(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf')),
  ]);
  const font = new Uint8Array(regular);
  return {
    wasm: new Uint8Array(wasm),
    fonts: [font, new Uint8Array(bold)],
    glyphs: glyphRanges(font),
  };
}

/** Characters in the file's text elements for which the font has no shape. */
function countMissing(svg: string, glyphs: Tools['glyphs']): number {
  const counts = new Map<string, number>();
  for (const [, text] of svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)) {
    for (const char of text ?? '') counts.set(char, (counts.get(char) ?? 0) + 1);
  }
  let missing = 0;
  for (const [char, count] of counts) {
    const code = char.codePointAt(0) ?? 0;
    if (!glyphs.some(([first, last]) => code >= first && code <= last)) missing += count;
  }
  return missing;
}

/** A drawing of more than this is no picture of ours, or too much for this machine. */
const DRAW_WITHIN_MS = 60_000;
/** Bytes of a PNG: in base64 it must fit into one message of a port. */
const PNG_MAX_BYTES = 40 * 1024 * 1024;

const INSTEAD = 'Choose a smaller scale, filter it to fewer containers, or export SVG.';

function failure(code: 'export-too-large' | 'export-failed', message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** What the thread answers; no picture where it would be too large. */
interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly png: Uint8Array | null;
}

/** Draws in a thread of its own, which lives for one picture: the host goes on answering meanwhile. */
function draw({ wasm, fonts }: Tools, svg: string, scale: number, withinMs: number): Promise<Drawn> {
  const worker = new Worker(new URL('./png-worker.mjs', import.meta.url), {
    workerData: { wasm, fonts, svg, scale, maxSide: PNG_MAX_SIDE, maxArea: PNG_MAX_AREA },
  });
  return new Promise<Drawn>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(failure('export-failed', `The picture was not drawn within ${withinMs / 1000} s. ${INSTEAD}`)),
      withinMs,
    );
    worker.once('message', resolve);
    worker.once('error', (error) => reject(failure('export-failed', `The picture was not drawn: ${error.message}`)));
    worker.once('exit', () => reject(failure('export-failed', 'The picture was not drawn: its thread has ended.')));
    worker.once('exit', () => clearTimeout(timer));
  }).finally(() => void worker.terminate());
}

/** Pictures are drawn one after another: each may need some hundred megabytes. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Draws an SVG of `renderSvg` with the fonts that Bulkhead carries; the same input gives the same bytes.
 * @param withinMs limit of time for the drawing itself, in milliseconds
 * @throws Error with code `export-too-large` over PNG_MAX_SIDE, PNG_MAX_AREA or the size of a message, `export-failed`
 * when it takes too long or is no picture; the message says what to do
 */
export async function renderPng(
  svg: string,
  scale: number,
  withinMs = DRAW_WITHIN_MS,
): Promise<{ png: Uint8Array; missing: number }> {
  tools ??= load().catch((error: unknown) => {
    tools = null;
    throw error;
  });
  const loaded = await tools;
  const drawing = last.then(() => draw(loaded, svg, scale, withinMs));
  last = drawing.catch(() => {});
  const { width, height, png } = await drawing;
  if (png === null) {
    throw failure(
      'export-too-large',
      `The picture would have ${width} × ${height} pixels; the limits are ${PNG_MAX_SIDE} on a side and ${PNG_MAX_AREA / 1e6} million in all. ${INSTEAD}`,
    );
  }
  if (png.length > PNG_MAX_BYTES) {
    throw failure('export-too-large', `The PNG would have ${Math.round(png.length / 1024 / 1024)} MB. ${INSTEAD}`);
  }
  return { png, missing: countMissing(svg, loaded.glyphs) };
}
