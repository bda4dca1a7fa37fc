import type { Drawing } from '#core/export/drawing.ts';
import { sentences, t } from '#core/words/words.ts';
import { fontsFor } from './fonts.ts';
import { failure, INSTEAD, inThread, LARGEST_FILE, oneAfterAnother } from './thread.ts';

const DRAW_WITHIN_MS = 120_000;

function* textsOf(pages: readonly Drawing[]): Iterable<string> {
  for (const { head, layers } of pages) {
    for (const { text } of head) if (text !== undefined) yield text;
    for (const { parts } of layers) {
      for (const { marks } of parts) for (const { text } of marks) if (text !== undefined) yield text;
    }
  }
}

/**
 * Draws each drawing as a page of a PDF: shapes as shapes, text as text, with the part of each font that is used. The
 * same input gives the same bytes. `missing` are the characters that no font has a shape for.
 * @param takenAt ISO 8601; the date of the file
 * @throws Error with code `export-too-large` over the size of a message, `export-failed` when it takes too long
 */
export async function renderPdf(
  pages: readonly Drawing[],
  takenAt: string,
): Promise<{ pdf: Uint8Array; missing: string }> {
  const fonts = await fontsFor(textsOf(pages));
  const pdf = await oneAfterAnother(() =>
    inThread<Uint8Array>(new URL('./pdf-worker.mjs', import.meta.url), { pages, fonts, takenAt }, DRAW_WITHIN_MS),
  );
  if (pdf.length > LARGEST_FILE) {
    throw failure('export-too-large', () =>
      sentences(t('The PDF would have {size} MB.', { size: Math.round(pdf.length / 1024 / 1024) }), t(INSTEAD)),
    );
  }
  return { pdf, missing: fonts.missing };
}
