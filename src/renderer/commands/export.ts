import { encodeSnapshot } from '#core/snapshot/decode.ts';
import type { Page } from '../page/page.ts';
import { liveEndpoint, shownSnapshot } from '../state/state.ts';
import { download } from '../ui/download.ts';
import { currentTheme } from '../ui/theme.ts';
import { exportAs } from './export-file.ts';

/** The formats that a command of the page writes. */
export const PAGE_EXPORTS = ['svg', 'png', 'pdf', 'json', 'drawio', 'dot', 'mermaid'] as const;
export type PageExport = (typeof PAGE_EXPORTS)[number];

/** Writes what is shown into a file of a format, and says so, or why not. */
export async function exportPicture({ store, actions }: Page, format: PageExport): Promise<void> {
  const snapshot = shownSnapshot(store.get());
  store.dispatch({ type: 'exporting', format });
  try {
    if (snapshot === null) throw new Error('There is no picture to export yet.');
    const view = store.get().view;
    const file = await exportAs(
      format,
      { snapshot, scene: null, view: 'sharing', options: view, nets: [], theme: currentTheme().name },
      actions,
    );
    download(file.filename, file.mimeType, file.content);
    const lack = file.missing === '' ? '' : ` No font there has a shape for ${file.missing}.`;
    store.dispatch({ type: 'toast', toast: { text: `Exported ${file.filename}.${lack}` } });
  } catch (thrown) {
    store.dispatch({ type: 'failure', failure: thrown instanceof Error ? thrown.message : String(thrown) });
  }
  store.dispatch({ type: 'exporting', format: null });
}

/** Reads what can be read on request as well, and writes the snapshot with it into a file. */
export async function saveWithDetails({ store, actions }: Page): Promise<void> {
  const endpoint = liveEndpoint(store.get());
  if (endpoint === null) return;
  store.dispatch({ type: 'exporting', format: 'details' });
  try {
    const snapshot = await actions.backend.request('snapshot.take', { endpoint, details: true });
    download('bulkhead-details.json', 'application/json', encodeSnapshot(snapshot));
    const [problem] = snapshot.details?.problems ?? [];
    const text = `Exported bulkhead-details.json.${problem === undefined ? '' : ` ${problem.message}`}`;
    store.dispatch({ type: 'toast', toast: { text } });
  } catch (thrown) {
    store.dispatch({ type: 'failure', failure: thrown instanceof Error ? thrown.message : String(thrown) });
  }
  store.dispatch({ type: 'exporting', format: null });
}
