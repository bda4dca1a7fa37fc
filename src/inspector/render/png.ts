import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { PNG_MAX_SIDE } from '#core/export/formats.ts';

interface Tools {
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
  await initWasm(new Uint8Array(wasm));
  const font = new Uint8Array(regular);
  return { fonts: [font, new Uint8Array(bold)], glyphs: glyphRanges(font) };
}

/** Characters in the file's text elements for which the font has no shape. */
function countMissing(svg: string, glyphs: Tools['glyphs']): number {
  let missing = 0;
  for (const [, text] of svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)) {
    for (const char of text ?? '') {
      const code = char.codePointAt(0) ?? 0;
      if (!glyphs.some(([first, last]) => code >= first && code <= last)) missing += 1;
    }
  }
  return missing;
}

/**
 * Draws an SVG of `renderSvg` with the fonts that Bulkhead carries; the same input gives the same bytes.
 * Throws an Error with code `export-too-large` when a side would be over PNG_MAX_SIDE pixels.
 */
export async function renderPng(svg: string, scale: number): Promise<{ png: Uint8Array; missing: number }> {
  tools ??= load().catch((error: unknown) => {
    tools = null;
    throw error;
  });
  const { fonts, glyphs } = await tools;
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { fontBuffers: fonts, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
  });
  try {
    const side = Math.ceil(Math.max(resvg.width, resvg.height) * scale);
    if (side > PNG_MAX_SIDE) {
      throw Object.assign(
        new Error(
          `The picture would be ${side} pixels long and ${PNG_MAX_SIDE} are the limit: choose a smaller scale, filter it to fewer containers, or export SVG.`,
        ),
        { code: 'export-too-large' },
      );
    }
    const image = resvg.render();
    try {
      return { png: image.asPng(), missing: countMissing(svg, glyphs) };
    } finally {
      image.free();
    }
  } finally {
    resvg.free();
  }
}
