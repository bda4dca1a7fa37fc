import { block, recordingHead } from '#core/recording/blocks.ts';
import { type Between, type Entry, encodeEntry } from '#core/recording/recording.ts';
import { beginOf, entriesOf } from '#core/recording/timeline.ts';
import { timeStamp } from '#core/text/time-stamp.ts';
import { sentences, t } from '#core/words/words.ts';
import type { Page } from '../page/page.ts';
import { liveEndpoint, shownSnapshot } from '../state/state.ts';
import { download } from '../ui/download.ts';

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** What goes into a file of Bulkhead's own. */
interface Saved {
  /** What it is, as a part of the file's name. */
  readonly what: '' | 'snapshot-' | 'details-';
  /** When it was taken (ISO 8601). */
  readonly at: string;
  readonly entries: Iterable<Entry | Between>;
  /** What is missing from it, in a sentence; null if nothing is. */
  readonly problem: string | null;
}

/** Writes moments into a `.bulkhead` file, as `bulkhead record` does (docs/recordings.md). */
async function save({ store }: Page, make: () => Promise<Saved>): Promise<void> {
  store.dispatch({ type: 'exporting', format: 'bulkhead' });
  try {
    const { what, at, entries, problem } = await make();
    const parts: BlobPart[] = [recordingHead() as Uint8Array<ArrayBuffer>];
    for (const entry of entries) parts.push(block(await gzip(encodeEntry(entry))) as Uint8Array<ArrayBuffer>);
    const name = `bulkhead-${what}${timeStamp(at)}.bulkhead`;
    download(name, 'application/octet-stream', new Uint8Array(await new Blob(parts).arrayBuffer()));
    store.dispatch({ type: 'toast', toast: { text: () => sentences(t('Saved {name}.', { name }), problem) } });
  } catch (thrown) {
    store.dispatch({ type: 'failure', failure: thrown instanceof Error ? thrown.message : String(thrown) });
  }
  store.dispatch({ type: 'exporting', format: null });
}

/** Saves what is shown: a recording of one moment. */
export async function saveSnapshot(page: Page): Promise<void> {
  const snapshot = shownSnapshot(page.store.get());
  if (snapshot === null) return;
  const entries: Entry[] = [{ type: 'snapshot', snapshot }];
  await save(page, async () => ({ what: 'snapshot-', at: snapshot.takenAt, entries, problem: null }));
}

/** Also reads the details that are otherwise read on request, and saves the snapshot with them. */
export async function saveWithDetails(page: Page): Promise<void> {
  const endpoint = liveEndpoint(page.store.get());
  if (endpoint === null) return;
  await save(page, async () => {
    const snapshot = await page.actions.backend.request('snapshot.take', { endpoint, details: true });
    const problem = snapshot.details?.problems[0]?.message ?? null;
    return { what: 'details-', at: snapshot.takenAt, entries: [{ type: 'snapshot', snapshot }], problem };
  });
}

/** Saves the moments of the past that are still kept. */
export async function saveRecording(page: Page): Promise<void> {
  const { timeline } = page.store.get();
  if (timeline === null) return;
  const at = new Date(beginOf(timeline)).toISOString();
  await save(page, async () => ({ what: '', at, entries: entriesOf(timeline), problem: null }));
}
