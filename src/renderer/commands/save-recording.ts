import { block, recordingHead } from '#core/recording/blocks.ts';
import { encodeEntry } from '#core/recording/recording.ts';
import { beginOf, entriesOf } from '#core/recording/timeline.ts';
import { timeStamp } from '#core/text/time-stamp.ts';
import { t } from '#core/words/words.ts';
import type { Page } from '../page/page.ts';
import { download } from '../ui/download.ts';

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** Writes what is kept of the past into a file, as `bulkhead record` does. */
export async function saveRecording({ store }: Page): Promise<void> {
  const { timeline } = store.get();
  if (timeline === null) return;
  store.dispatch({ type: 'exporting', format: 'bulkhead' });
  try {
    const parts = [recordingHead()];
    for (const entry of entriesOf(timeline)) parts.push(block(await gzip(encodeEntry(entry))));
    const bytes = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
    const name = `bulkhead-${timeStamp(new Date(beginOf(timeline)).toISOString())}.bulkhead`;
    download(name, 'application/octet-stream', bytes);
    store.dispatch({ type: 'toast', toast: { text: () => t('Saved {name}.', { name }) } });
  } catch (thrown) {
    store.dispatch({ type: 'failure', failure: thrown instanceof Error ? thrown.message : String(thrown) });
  }
  store.dispatch({ type: 'exporting', format: null });
}
