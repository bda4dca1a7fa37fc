import { type ExportFormatId, exportFormat, type Picture } from '#core/export/formats.ts';
import type { Page } from '../page/page.ts';

export interface ExportedFile {
  readonly filename: string;
  readonly mimeType: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
  /** The characters that no font has a shape for. */
  readonly missing: string;
}

/**
 * The file of one format, of what is shown now. Rejects with a sentence for people where a format cannot hold it.
 * @param draw draws what is no text
 */
export async function exportAs(
  id: ExportFormatId,
  picture: Picture,
  draw: Pick<Page['actions'], 'png' | 'pdf'>,
): Promise<ExportedFile> {
  const { extension, mimeType, render } = exportFormat(id);
  const filename = `bulkhead.${extension}`;
  const content = render(picture);
  if (content.type === 'text') return { filename, mimeType, content: content.text, missing: '' };
  const drawn = content.type === 'png' ? draw.png(content.svg) : draw.pdf(content.pages, picture.snapshot.takenAt);
  const { bytes, missing } = await drawn;
  return { filename, mimeType, content: bytes, missing };
}
