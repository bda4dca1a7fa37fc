import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXPORT_VIEWS, type ExportView } from '../../src/core/export/formats.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { renderPdf } from '../../src/inspector/render/pdf.ts';
import { contentOf, output, SNAPSHOTS } from '../support/exported.ts';
import { describeWith } from '../support/require.ts';

async function pdfOf(snapshot: Snapshot, view: ExportView): Promise<{ pdf: Uint8Array; missing: string }> {
  const content = contentOf(snapshot, 'pdf', view);
  if (content.type !== 'pdf') throw new Error('no PDF');
  return renderPdf(content.pages, snapshot.takenAt);
}

describeWith('PDF, read by poppler', { programs: ['pdftotext', 'pdftoppm', 'pdffonts'] }, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-pdf-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const cases = SNAPSHOTS.flatMap(([name, snapshot]) =>
    EXPORT_VIEWS.filter((view) => name !== 'large' || view === 'sharing' || view === 'table').map(
      (view) => [name, view, snapshot] as const,
    ),
  );

  it.each(cases)(
    '%s, %s: names are text, fonts are embedded, and it can be drawn',
    async (name, view, snapshot) => {
      const { pdf, missing } = await pdfOf(snapshot, view);
      expect(missing).toBe('');
      const file = join(folder, `${name}-${view}.pdf`);
      writeFileSync(file, pdf);
      const text = output('pdftotext', [file, '-']);
      const whole = ['日本語', 'مرحبا', '</text></svg><script>'];
      const names = name === 'hostile' ? whole : snapshot.containers.map((each) => each.name);
      if (view === 'table') for (const each of names) expect(text).toContain(each);
      else expect(text).toContain('2026-01-01 00:00:00 UTC');
      const fonts = output('pdffonts', [file]).trim().split('\n').slice(2);
      expect(fonts.length).toBeGreaterThan(0);
      // Columns from the right: object and generation, Unicode map, subset, embedded.
      for (const font of fonts) expect(font).toMatch(/yes yes yes +\d+ +\d+$/);
      output('pdftoppm', ['-r', '8', '-png', '-singlefile', file, join(folder, 'page')]);
      expect(readFileSync(join(folder, 'page.png')).length).toBeGreaterThan(300);
      // Two thousand cards on a busy machine.
    },
    90_000,
  );

  it('the same input gives the same PDF', async () => {
    const [, small] = SNAPSHOTS[0] ?? [];
    if (small === undefined) throw new Error('no snapshot');
    const [first, second] = [await pdfOf(small, 'sharing'), await pdfOf(small, 'sharing')];
    expect(Buffer.from(first.pdf).equals(Buffer.from(second.pdf))).toBe(true);
  });
});
