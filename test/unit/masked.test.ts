import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { COMPARED_VIEWS, EXPORT_FORMATS, EXPORT_VIEWS, type ExportView } from '../../src/core/export/formats.ts';
import { createMask, maskUsage } from '../../src/core/export/mask.ts';
import { DEFAULT_VIEW } from '../../src/core/layout/graph.ts';
import { collectedWiring } from '../../src/core/snapshot/details.ts';
import { LANGUAGES, setLanguage } from '../../src/core/words/language.ts';
import { renderPdf } from '../../src/inspector/render/pdf.ts';
import { output } from '../support/exported.ts';
import { describeWith } from '../support/require.ts';
import { SECRET, secretSnapshot } from '../support/secret.ts';
import { madeUsage } from '../support/usage.ts';

afterEach(() => setLanguage('en'));

/** Every picture that a masked file can have, by format and view: of one snapshot, and of two that are compared. */
const CASES = LANGUAGES.flatMap((language) =>
  EXPORT_FORMATS.flatMap((format) =>
    (format.views.length === 0 ? EXPORT_VIEWS.slice(0, 1) : format.views).flatMap((view) =>
      (COMPARED_VIEWS.includes(view) && format.views.length > 0 ? [false, true] : [false]).map(
        (compared) => [language, format.id, view, compared ? 'compared' : 'alone', format] as const,
      ),
    ),
  ),
);

function contentOf(format: (typeof EXPORT_FORMATS)[number], view: ExportView, compared: boolean, mask: boolean) {
  const both = compared ? [secretSnapshot('-later'), secretSnapshot()] : [secretSnapshot()];
  const [snapshot, before = null] = mask ? both.map(createMask(both)) : both;
  if (snapshot === undefined) throw new Error('no snapshot');
  const nets = [...collectedWiring(snapshot).nets.values()].flatMap(({ id, links }) =>
    links === null ? [] : [{ id, links }],
  );
  const use = madeUsage(secretSnapshot());
  const usage = mask ? maskUsage(use, snapshot) : use;
  return format.render({ snapshot, before, view, nets, usage, options: DEFAULT_VIEW, theme: 'light', scene: null });
}

/** All that stands in a PDF's streams, unpacked, and outside of them. */
function unpacked(pdf: Uint8Array): string {
  const bytes = Buffer.from(pdf);
  const text = bytes.toString('latin1');
  const streams = [...text.matchAll(/stream\r?\n/g)].flatMap(({ index, 0: { length } }) => {
    const from = (index ?? 0) + length;
    try {
      return [inflateSync(bytes.subarray(from, text.indexOf('endstream', from))).toString('latin1')];
    } catch {
      return [];
    }
  });
  expect(streams.length).toBeGreaterThan(0);
  return [text, ...streams].join('\n');
}

describe('masked', () => {
  it.each(CASES.filter(([, id]) => id !== 'pdf'))(
    '%s, %s of %s, %s: no byte of an original is in it',
    (language, _id, view, compared, format) => {
      setLanguage(language);
      const [plain, masked] = [false, true].map((mask) => contentOf(format, view, compared === 'compared', mask));
      if (masked?.type === 'text') expect(masked.text).not.toMatch(SECRET);
      // A PNG is made of its SVG alone.
      if (masked?.type === 'png') expect(masked.svg).not.toMatch(SECRET);
      // Else there would be nothing to find.
      if (format.id !== 'csv-namespaces') expect(JSON.stringify(plain)).toMatch(SECRET);
    },
  );
});

describeWith('masked PDF, read by poppler', { programs: ['pdftotext'] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-masked-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(CASES.filter(([, id]) => id === 'pdf'))(
    '%s, %s of %s, %s: no original is in its streams or its text',
    async (language, _id, view, compared, format) => {
      setLanguage(language);
      const read = async (mask: boolean) => {
        const content = contentOf(format, view, compared === 'compared', mask);
        if (content.type !== 'pdf') throw new Error('no PDF');
        const { pdf } = await renderPdf(content.pages, '2026-01-01T00:00:00Z');
        const file = join(folder, 'masked.pdf');
        writeFileSync(file, pdf);
        return `${unpacked(pdf)}\n${output('pdftotext', [file, '-'])}`;
      };
      expect(await read(true)).not.toMatch(SECRET);
      // Else there would be nothing to find; once, since it takes its time.
      if (view === 'sharing') expect(await read(false)).toMatch(SECRET);
    },
  );
});
