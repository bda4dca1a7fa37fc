import { type Content, type ExportView, exportFormat, type Picture } from '#core/export/formats.ts';
import { sentences, t } from '#core/words/words.ts';
import type { Page } from '../page/page.ts';
import { liveEndpoint, type State } from '../state/state.ts';
import { download } from '../ui/download.ts';
import { currentTheme } from '../ui/theme.ts';
import { type ExportChoice, fileOf, pictureOf } from './export-file.ts';

/** The formats that have a command of their own, beside the dialog. */
export const PAGE_EXPORTS = ['svg', 'png', 'pdf', 'json', 'drawio', 'dot', 'mermaid'] as const;
export type PageExport = (typeof PAGE_EXPORTS)[number];

/** What a file shows of what fills the stage; what is used is measured of what is live, and nothing else has it. */
export function exportViewOf(state: State): ExportView {
  const { shown } = state;
  if (shown === 'resources') return liveEndpoint(state) === null ? 'sharing' : 'resources';
  return shown === 'graph' || shown === 'both' ? 'sharing' : shown;
}

/** Writes a choice into a file, and says so, or why not. */
export async function writeFile(
  { store, actions }: Page,
  choice: Pick<ExportChoice, 'format' | 'scale'>,
  make: () => Promise<{ readonly picture: Picture; readonly content: Content }>,
): Promise<void> {
  store.dispatch({ type: 'exporting', format: choice.format });
  try {
    const { picture, content } = await make();
    const file = await fileOf(content, exportFormat(choice.format), picture, choice.scale, actions);
    download(file.filename, file.mimeType, file.content);
    const missing = [...file.missing].slice(0, 30).join(' ');
    const text = (): string =>
      sentences(
        t('Exported {name}.', { name: file.filename }),
        missing === '' ? null : t('No font there has a glyph for {characters}.', { characters: missing }),
      );
    store.dispatch({ type: 'toast', toast: { text } });
  } catch (thrown) {
    store.dispatch({ type: 'failure', failure: thrown instanceof Error ? thrown.message : String(thrown) });
  }
  store.dispatch({ type: 'exporting', format: null });
}

/** Writes what is shown into a file of a format, without asking anything. */
export function exportPicture(page: Page, format: PageExport): Promise<void> {
  const plain = { scale: null, mask: false, screen: false, selected: false } as const;
  const view = exportViewOf(page.store.get());
  const choice: ExportChoice = { ...plain, view, format, theme: currentTheme().name };
  return writeFile(page, choice, async () => {
    const picture = await pictureOf(page, choice, null);
    return { picture, content: exportFormat(format).render(picture) };
  });
}
