import { t } from '#core/words/words.ts';
import type { Page } from '../page/page.ts';

/** Copies what helps to find a fault, without names, addresses or other people's texts. */
export async function copyDiagnostics({ store, actions }: Page): Promise<void> {
  try {
    const { endpoint } = store.get();
    const { text } = await actions.backend.request('app.diagnostics', { endpoint });
    await navigator.clipboard.writeText(text);
    store.dispatch({
      type: 'toast',
      toast: { text: () => t('Diagnostics copied. No names, addresses or secrets are in them.') },
    });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    store.dispatch({ type: 'failure', failure: t('The diagnostics were not copied: {reason}', { reason }) });
  }
}
