import type { ExportFormat } from '#core/export/formats.ts';
import type { Page } from '../page/page.ts';
import { shownSnapshot } from '../state/state.ts';
import { download } from '../ui/download.ts';
import { currentTheme } from '../ui/theme.ts';
import { count } from '../ui/words.ts';
import { exportAs } from './export-file.ts';

/** Writes what is shown into a file of a format, and says so, or why not. */
export async function exportPicture({ store, actions, picture }: Page, format: ExportFormat['id']): Promise<void> {
  const snapshot = shownSnapshot(store.get());
  const scene = picture.current?.scene() ?? null;
  store.dispatch({ type: 'exporting', format });
  try {
    if (snapshot === null || scene === null) throw new Error('There is no picture to export yet.');
    let missing = 0;
    const file = await exportAs(format, { snapshot, scene, theme: currentTheme().name }, async (svg) => {
      const drawn = await actions.png(svg);
      missing = drawn.missing;
      return drawn.bytes;
    });
    download(file.filename, file.mimeType, file.content);
    const lack = missing === 0 ? '' : ` Its font has no shape for ${count(missing, 'character')} of names.`;
    store.dispatch({ type: 'toast', toast: { text: `Exported ${file.filename}.${lack}` } });
  } catch (thrown) {
    store.dispatch({ type: 'failure', failure: thrown instanceof Error ? thrown.message : String(thrown) });
  }
  store.dispatch({ type: 'exporting', format: null });
}
