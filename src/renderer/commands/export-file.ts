import { type ExportFormat, exportFormat, type Picture } from '#core/export/formats.ts';

export interface ExportedFile {
  readonly filename: string;
  readonly mimeType: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
}

/**
 * The file of one format, of what is shown now. Rejects with a sentence for people where a format cannot hold it.
 * @param png draws an SVG of ours into PNG bytes
 */
export async function exportAs(
  id: ExportFormat['id'],
  picture: Picture,
  png: (svg: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<ExportedFile> {
  const { extension, mimeType, raster, render } = exportFormat(id);
  const text = render(picture);
  return { filename: `bulkhead.${extension}`, mimeType, content: raster ? await png(text) : text };
}
